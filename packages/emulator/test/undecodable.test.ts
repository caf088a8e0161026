import { type Conversation, type KeptMessage, Page, Source, type SourceService } from "@colloquy/core"
import { Corpus, Emulator, emulations, Faults, type Reader, Rows } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import { inProcess, sourceOf } from "./support.ts"

/** A reader of a vendor, by its name. */
interface Kind {
  readonly vendor: Corpus.Vendor
  readonly name: string
}

const kinds: ReadonlyArray<Kind> = Corpus.Vendor.literals.flatMap((vendor) =>
  emulations[vendor].start().readers.map(({ name }) => ({ vendor, name }))
)

/** What is read: by which source, and which conversation. */
interface Read {
  readonly source: SourceService
  readonly reader: Reader
  readonly conversationId: string
}

/** Runs with a source over an emulator with these faults. */
const reading = Effect.fnUntraced(function* <A, E>(
  { name, vendor }: Kind,
  faults: string,
  read: (read: Read) => Effect.Effect<A, E>
) {
  const emulator = inProcess({ conversations: 45, messages: 700, faults: yield* Faults.parse(faults) })
  return yield* Effect.gen(function* () {
    const { corpus, readers } = (yield* Emulator).emulated[vendor]
    const reader = readers.find((each) => each.name === name)
    if (reader === undefined) return yield* Effect.die(`${name} is no reader`)
    const conversationId = corpus.conversationIds.at(0)
    return yield* Effect.flatMap(Source, (source) => read({ source, reader, conversationId })).pipe(
      Effect.provideServiceEffect(Source, sourceOf(reader, { pageSize: 20 }))
    )
  }).pipe(Effect.provide(emulator))
})

const keep = { undecodable: "keep" } as const

/** Every item and every kept row of the pages, by its place among the rows of the walk. */
const placed = <A>(pages: ReadonlyArray<Page.Page<A>>) => ({
  items: new Map(pages.flatMap((page) => Page.map(page, (item, index) => [index, item] as const).items)),
  kept: new Map(pages.flatMap(({ undecodable }) => undecodable.map((row) => [row.index, row] as const))),
  count: pages.at(-1)?.completion?.count ?? 0
})

const messages = ({ conversationId, source }: Read) =>
  Effect.map(Stream.runCollect(source.messagePages({ conversationId, ...keep })), placed)

const conversations = ({ source }: Read) =>
  Effect.map(Stream.runCollect(source.conversationPages(keep)), placed)

type Walk<A> = ReturnType<typeof placed<A>>

/** What came of a listing is all of it: each row is an item like the one of a faultless walk, or was kept. */
const isWhole = <A>(faulty: Walk<A>, faultless: Walk<A>) => {
  assert.strictEqual(faulty.count, faultless.count)
  assert.strictEqual(faultless.items.size, faultless.count)
  assert.strictEqual(faulty.items.size + faulty.kept.size, faultless.count)
  assert.isAbove(faulty.kept.size, 1)
  for (const [index, item] of faulty.items) assert.deepStrictEqual(item, faultless.items.get(index))
  for (const index of faulty.kept.keys()) assert.isFalse(faulty.items.has(index))
}

const account = "default"

/** A row's message, without asking the vendor. */
const messageOf = ({ decoder }: Reader, row: Omit<KeptMessage, "account">) =>
  Effect.fromResult(decoder.message({ account, ...row }))

const conversationOf = ({ decoder }: Reader, json: Schema.Json, origin?: Page.Origin) =>
  Effect.fromResult(decoder.conversation({ account, json, origin }))

/** Where a source's messages stand, as rows that it keeps tell. */
const originOf = (kind: Kind) =>
  reading(kind, "malformed-record=3", (read) =>
    Effect.map(messages(read), ({ kept }) => [...kept.values()][0]?.origin)
  )

const decodeRow = Schema.decodeUnknownSync(Schema.JsonObject)

/** The row before it was spoiled, told by the message or conversation that it is of. */
const mended = (json: Schema.Json, field: string, value: Schema.Json | undefined): Schema.Json => {
  const row = decodeRow(json)
  assert.deepStrictEqual<unknown>(row[field], [false])
  assert.isDefined(value)
  return { ...row, [field]: value }
}

/** A conversation's rows in the order of the source's listing. */
const rowsOf = ({ conversationId, reader }: Read): ReadonlyArray<unknown> => {
  const rows = reader.messages(conversationId)
  return rows === undefined ? [] : Rows.toArray(rows)
}

describe.each(kinds)("rows of $name, decoded without asking the vendor", (kind) => {
  it.effect("are the messages of the walk", () =>
    Effect.gen(function* () {
      const origin = yield* originOf(kind)
      assert.isDefined(origin)
      yield* reading(kind, "", (read) => isWalked(read, origin))
    })
  )
})

const isWalked = Effect.fnUntraced(function* (read: Read, origin: Page.Origin) {
  const { conversationId, reader } = read
  const walk = yield* messages(read)
  const seen = new Set<string>()
  for (const [index, row] of rowsOf(read).entries()) {
    const json = decodeRow(row)
    // Where the id is taken, the row is the next of equal ones.
    let ordinal = 0
    let message = yield* messageOf(reader, { conversationId, index, json, origin })
    while (seen.has(message.id)) {
      ordinal += 1
      message = yield* messageOf(reader, { conversationId, index, json, origin, ordinal })
    }
    seen.add(message.id)
    assert.deepStrictEqual(message, walk.items.get(index))
  }
  assert.strictEqual(seen.size, walk.count)
})

describe("an ordinal", () => {
  const others = ["OpenCopilot, a bot", "Botuj", "GPTBots, v1"]
  it.effect.each(kinds.filter(({ name }) => others.includes(name)))("is no matter of $name", (kind) =>
    reading(kind, "", (read) =>
      Effect.gen(function* () {
        const { conversationId, reader } = read
        const row = { conversationId, index: 0, json: decodeRow(rowsOf(read)[0]) }
        assert.deepStrictEqual(
          yield* messageOf(reader, { ...row, ordinal: 3 }),
          yield* messageOf(reader, row)
        )
      })
    )
  )
})

describe.each(kinds)("malformed records of $name, kept", (kind) => {
  it.effect("are messages that decode to what a faultless walk gives, once they are mended", () =>
    Effect.gen(function* () {
      const faultless = yield* reading(kind, "", messages)
      yield* reading(kind, "malformed-record=3", (read) =>
        Effect.gen(function* () {
          const { conversationId, reader } = read
          const field = reader.spoils.message
          const faulty = yield* messages(read)
          isWhole(faulty, faultless)
          for (const { index, json, origin } of faulty.kept.values()) {
            const error = yield* Effect.flip(messageOf(reader, { conversationId, index, json, origin }))
            assert.deepInclude(
              { ...error.reason },
              { _tag: "InvalidResponse", kind: "record", position: index }
            )
            const expected = faultless.items.get(index)
            assert.isDefined(expected)
            const row = mended(json, field, decodeRow(reader.messageRow(expected))[field])
            assert.deepStrictEqual(
              yield* messageOf(reader, { conversationId, index, json: row, origin }),
              expected
            )
          }
        })
      )
    })
  )

  it.effect("are conversations that decode to what a faultless walk gives, once they are mended", () =>
    Effect.gen(function* () {
      const faultless = yield* reading(kind, "", conversations)
      yield* reading(kind, "malformed-record=3", (read) =>
        Effect.gen(function* () {
          const { reader } = read
          const field = reader.spoils.conversation
          const faulty = yield* conversations(read)
          isWhole(faulty, faultless)
          for (const { index, json } of faulty.kept.values()) {
            const error = yield* Effect.flip(conversationOf(reader, json))
            assert.deepInclude(
              { ...error.reason },
              { _tag: "InvalidResponse", kind: "record", position: null }
            )
            const expected: Conversation | undefined = faultless.items.get(index)
            assert.isDefined(expected)
            const row = mended(json, field, decodeRow(reader.conversationRow(expected))[field])
            assert.deepStrictEqual(yield* conversationOf(reader, row), expected)
          }
        })
      )
    })
  )

  it.effect("fail the walk by default", () =>
    Effect.gen(function* () {
      for (const pages of [
        ({ conversationId, source }: Read) => Stream.runDrain(source.messagePages({ conversationId })),
        ({ source }: Read) => Stream.runDrain(source.conversationPages())
      ]) {
        const error = yield* Effect.flip(reading(kind, "malformed-record=3", pages))
        const reason = error._tag === "SourceError" ? error.reason : undefined
        assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "record", position: 3 })
      }
    })
  )
})

/** Sources of one vendor that read other listings, or in another order. */
const pairs = kinds.flatMap((kept) =>
  kinds
    .filter(({ name, vendor }) => vendor === kept.vendor && name !== kept.name)
    .map((other) => [kept.name, other.name, kept, other] as const)
)

describe.each(pairs)("a record of %s that says where it stood", (_, other, kept, by) => {
  it.effect(`is the same message by a source of ${other}`, () =>
    reading(kept, "malformed-record=3", (read) =>
      Effect.gen(function* () {
        const { conversationId, reader } = read
        const [first] = (yield* messages(read)).kept.values()
        if (first === undefined) return yield* Effect.die("no record was kept")
        const row = { ...first, conversationId, json: mended(first.json, reader.spoils.message, "user") }
        const expected = yield* messageOf(reader, row)
        yield* reading(by, "", ({ reader }) =>
          Effect.map(messageOf(reader, row), (message) => assert.deepStrictEqual(message, expected))
        )
      })
    )
  )

  it.effect(`is the same conversation by a source of ${other}`, () =>
    reading(kept, "malformed-record=3", (read) =>
      Effect.gen(function* () {
        const { reader } = read
        const [first] = (yield* conversations(read)).kept.values()
        if (first === undefined) return yield* Effect.die("no record was kept")
        const json = mended(first.json, reader.spoils.conversation, "7")
        const expected = yield* conversationOf(reader, json, first.origin)
        yield* reading(by, "", ({ reader }) =>
          Effect.map(conversationOf(reader, json, first.origin), (found) =>
            assert.deepStrictEqual(found, expected)
          )
        )
      })
    )
  )
})
