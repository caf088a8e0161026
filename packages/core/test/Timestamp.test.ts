import { Timestamp } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"

const two = (n: number) => String(n).padStart(2, "0")

describe("an ISO time", () => {
  it.each([
    ["2024-06-23T11:58:10.169778Z", "2024-06-23T11:58:10.169778Z"],
    ["2024-06-23T11:58:10.1Z", "2024-06-23T11:58:10.1Z"],
    ["2024-06-23T11:58:10.123456789Z", "2024-06-23T11:58:10.123456789Z"],
    ["2024-06-23T11:58:10.000Z", "2024-06-23T11:58:10.000Z"],
    ["2024-06-17T16:09:52+00:00", "2024-06-17T16:09:52Z"],
    ["2024-06-17T16:09:52+02:00", "2024-06-17T14:09:52Z"],
    ["2024-06-17T16:09:52.5-0930", "2024-06-18T01:39:52.5Z"],
    ["2024-12-31T23:30:00-01:00", "2025-01-01T00:30:00Z"],
    ["2024-03-01T00:30:00+01:00", "2024-02-29T23:30:00Z"],
    ["2024-06-17 16:09:52Z", "2024-06-17T16:09:52Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"],
    ["1969-12-31T23:59:59.9Z", "1969-12-31T23:59:59.9Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"]
  ])("%s is %s", (text, utc) => {
    assert.strictEqual(Timestamp.fromIso(text), utc)
  })

  it.each([
    "2024-06-17T16:09:52",
    "2024-06-17",
    "12:13:35:00+00:00",
    "2024-02-30T00:00:00Z",
    "2023-02-29T00:00:00+00:00",
    "2024-02-30T12:00:00+02:00",
    "2024-06-31T12:00:00-03:00",
    "2024-13-01T00:00:00Z",
    "2024-06-17T25:00:00Z",
    "2024-06-17T16:09:61Z",
    "2024-06-17T16:09:52+99:99",
    "9999-12-31T23:59:59-01:00",
    "0000-01-01T00:00:00+01:00",
    "2024-06-17T16:09:52.Z",
    " 2024-06-17T16:09:52Z",
    "2024-06-17T16:09:52Z ",
    "yesterday",
    ""
  ])("'%s' is none", (text) => {
    assert.isNull(Timestamp.fromIso(text))
  })

  const Millis = Schema.Int.check(
    Schema.isBetween({ minimum: -62_135_596_800_000, maximum: 253_402_300_799_999 })
  )
  it.prop(
    "of any instant and offset is that instant",
    [Millis, Schema.Int.check(Schema.isBetween({ minimum: -839, maximum: 839 }))],
    ([millis, minutes]) => {
      const utc = Timestamp.fromMillis(millis)
      assert.isNotNull(utc)
      if (utc === null) return
      assert.strictEqual(Timestamp.toMillis(utc), millis)
      // The time written last is remembered, so it has to be right by another's reading, too.
      assert.strictEqual(Date.parse(utc), millis)
      assert.strictEqual(Timestamp.fromIso(utc), utc)
      const local = Timestamp.fromMillis(millis + minutes * 60_000)
      if (local === null) return
      const zone = `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`
      assert.strictEqual(Timestamp.fromIso(`${local.slice(0, -1)}${zone}`), utc)
    }
  )

  it.prop("is never made of nonsense", [Arbitrary.schema(Schema.String)], ([text]) => {
    const time = Timestamp.fromIso(text)
    if (time !== null) assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
  })
})

describe("epoch milliseconds", () => {
  it.each([
    [1_683_871_849_906, "2023-05-12T06:10:49.906Z"],
    [0, "1970-01-01T00:00:00.000Z"],
    [-1, "1969-12-31T23:59:59.999Z"],
    [-1000, "1969-12-31T23:59:59.000Z"],
    [5, "1970-01-01T00:00:00.005Z"],
    [253_402_300_799_999, "9999-12-31T23:59:59.999Z"]
  ])("%s are %s", (millis, utc) => {
    assert.strictEqual(Timestamp.fromMillis(millis), utc)
    assert.strictEqual(Timestamp.toMillis(utc), millis)
  })

  it.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1.5,
    8.64e15 + 1,
    253_402_300_800_000,
    -62_167_219_200_001,
    Number.MAX_SAFE_INTEGER
  ])("%s are none", (millis) => {
    assert.isNull(Timestamp.fromMillis(millis))
  })
})

describe("an HTTP date", () => {
  it("is read, and written back the same", () => {
    assert.strictEqual(Timestamp.fromHttpDate("Sun, 17 Mar 2024 21:45:35 GMT"), "2024-03-17T21:45:35Z")
    assert.strictEqual(Timestamp.toHttpDate("2024-03-17T21:45:35Z"), "Sun, 17 Mar 2024 21:45:35 GMT")
    assert.strictEqual(Timestamp.toHttpDate("2024-03-17T21:45:35.999999Z"), "Sun, 17 Mar 2024 21:45:35 GMT")
  })

  it.each([
    "2024-03-17T21:45:35Z",
    "Sun, 17 Mar 2024 21:45:35",
    "Sun, 17 Mar 2024 21:45:35 CET",
    "Sun, 99 Mar 2024 21:45:35 GMT",
    ""
  ])("'%s' is none", (text) => {
    assert.isNull(Timestamp.fromHttpDate(text))
  })
})
