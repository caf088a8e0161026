/**
 * What a terminal is given of a vendor's text.
 */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Failure from "colloquy/Failure"
import * as Redaction from "colloquy/terminal/Redaction"
import * as Table from "colloquy/terminal/Table"

/** What moves a cursor, begins an escape sequence, ends a line or turns the order of what follows. */
const unsafe = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, at) => 0x7f + at),
  0x061c,
  0x200e,
  0x200f,
  0x2028,
  0x2029,
  ...Array.from({ length: 5 }, (_, at) => 0x202a + at),
  ...Array.from({ length: 10 }, (_, at) => 0x2066 + at),
  0xfff9,
  0xfffa,
  0xfffb
]
const unsafeCharacters = unsafe.map((code) => String.fromCodePoint(code))
const isUnsafe = (character: string) => unsafeCharacters.includes(character)

/** Texts of which every other character is one that must not reach a terminal. */
const Vicious = Schema.Array(Schema.Union([Schema.Literals(unsafeCharacters), Schema.String]))

describe("printable text", () => {
  it.prop("has nothing that a terminal obeys, and all else as it was", [Vicious], ([parts]) => {
    const text = parts.join("")
    const shown = Table.printable(text)
    assert.strictEqual(shown, [...text].map((each) => (isUnsafe(each) ? "�" : each)).join(""))
    assert.strictEqual(Table.printable(shown), shown)
  })

  it.prop("keeps its lines where it has some, and nothing else", [Vicious], ([parts]) => {
    const text = parts.join("")
    const shown = Table.printableLines(text)
    assert.deepStrictEqual(shown.split("\n"), text.split("\n").map(Table.printable))
  })

  it.prop("as JSON is JSON for the same value", [Vicious], ([parts]) => {
    const value = { [parts.join("")]: parts }
    const shown = Table.json(value)
    assert.deepStrictEqual(JSON.parse(shown), value)
    assert.isFalse([...shown.replaceAll("\n", "")].some(isUnsafe))
  })

  it("keeps letters of every script, combined characters and emoji", () => {
    const text = "naïve Ω 東京 עברית العربية नमस्ते 👩‍👩‍👧 é \u00a0"
    assert.strictEqual(Table.printable(text), text)
  })
})

describe("an error line", () => {
  it.prop("is one line without anything that a terminal obeys", [Vicious], ([parts]) => {
    const line = Failure.line({ exitCode: 1, reason: "Defect", message: parts.join("") })
    assert.isFalse([...line].some(isUnsafe))
  })
})

describe("a text with a password", () => {
  const passwords = ["pw", "p:w", "p@w", "p/w", "p?w#", 'p"w', "p'w", "p%40w", "pässwörd", "p)w", "-"]
  const schemes = ["postgres", "postgresql", "mysql", "https", "http", "ftp", "a+b.c-d"]
  for (const scheme of schemes) {
    it(`shows none in a URL of ${scheme}`, () => {
      for (const password of passwords) {
        for (const user of ["user", "", "us/er"]) {
          const shown = Redaction.redacted(`"${scheme}://${user}:${password}@host:5432/x" is no good`)
          assert.strictEqual(shown, `"${scheme}://<redacted>@host:5432/x" is no good`)
        }
      }
    })
  }

  it("shows none without a scheme, of a user alone, or in a query", () => {
    assert.strictEqual(Redaction.redacted("see //u:secret@host"), "see //<redacted>@host")
    assert.strictEqual(Redaction.redacted("https://secret@host/x"), "https://<redacted>@host/x")
    assert.strictEqual(
      Redaction.redacted("postgres://h/x?user=u&password=secret&sslmode=require"),
      "postgres://h/x?user=u&password=<redacted>&sslmode=require"
    )
    assert.strictEqual(Redaction.redacted("postgres:u:secret@h/x"), "postgres:<redacted>@h/x")
  })

  it("leaves what is no password", () => {
    const text = 'https://api.example.com/v1 said "mail a@b.example", id web|1710711935, 12:30@4'
    assert.strictEqual(Redaction.redacted(text), text)
  })
})
