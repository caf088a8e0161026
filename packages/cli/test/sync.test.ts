/**
 * `sync` as a process over a socket, into SQLite files.
 */
import { Archive, type Status } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { Corpus, Rows } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Support from "./support.ts"

const env = Support.tokens
const vendors = Corpus.Vendor.literals

/** Fails unless the archive has exactly the vendor's messages, in every field. */
const equalsTruth = Effect.fnUntraced(function* (
  filename: string,
  vendor: Corpus.Vendor,
  options: { readonly conversations: number; readonly messages: number }
) {
  const emulated = Corpus.start(options)
  const reader = Support.readerOf(vendor, emulated)
  const { corpus } = emulated[vendor]
  yield* Effect.gen(function* () {
    const archive = yield* Archive
    for (const conversationId of Rows.toArray(corpus.conversationIds)) {
      const stored = yield* Stream.runCollect(archive.messages({ vendor, conversationId }))
      const truth = reader.messages(conversationId)
      assert.deepStrictEqual(
        stored.map(reader.messageRow),
        truth === undefined ? [] : Rows.toArray<object>(truth)
      )
    }
  }).pipe(Effect.provide(Archive.over(Sqlite.layer({ filename }))))
})

/** How many stored conversations have neither count nor activity on their vendor's list. */
const untold = (filename: string) =>
  Archive.use((archive) => Stream.runCollect(archive.conversations())).pipe(
    Effect.map((all) => all.filter((each) => each.messageCount === null && each.updatedAt === null).length),
    Effect.provide(Archive.over(Sqlite.layer({ filename })))
  )

/** A test with an empty folder and an emulator. */
const withArchive = <A, E>(
  options: { readonly faults?: string; readonly messages?: number; readonly conversations?: number },
  test: (baseUrl: string, archive: string, folder: string) => Effect.Effect<A, E>
) =>
  Effect.gen(function* () {
    const folder = yield* Support.temporaryFolder
    yield* Support.withEmulator(options, (baseUrl) => test(baseUrl, join(folder, "history.db"), folder))
  }).pipe(Effect.scoped)

interface Status {
  readonly accounts: ReadonlyArray<{ readonly vendor: string; readonly messages: number }>
  readonly conversations: ReadonlyArray<Status.ConversationStatus>
}

describe("sync", () => {
  it.live(
    "brings every vendor into one archive, and again for almost nothing",
    () =>
      withArchive({}, (baseUrl, archive, folder) =>
        Effect.gen(function* () {
          const args = (vendor: Corpus.Vendor) =>
            ["sync", vendor, "--archive", archive, "--base-url", baseUrl, "--json"].concat(
              Support.which(vendor)
            )
          const size = { conversations: 6, messages: 130 }
          for (const vendor of vendors) {
            const result = yield* Support.colloquy(args(vendor), { env })
            assert.strictEqual(result.code, 0, result.stderr)
            const report = JSON.parse(result.stdout)
            const listed = Corpus.make(size)[vendor].conversationIds.length
            assert.strictEqual(report.read, listed)
            assert.match(result.last, /(\d) conversations \(\1 read\), [\d,]+ new messages; \d+ requests in /)
            yield* equalsTruth(archive, vendor, size)
          }
          const before = yield* Support.requestsAt(baseUrl)
          for (const vendor of vendors) {
            const result = yield* Support.colloquy(args(vendor), { env })
            assert.strictEqual(result.code, 0, result.stderr)
            assert.strictEqual(JSON.parse(result.stdout).added, 0)
          }
          // Three requests for each list, and one for each conversation of which its list does not tell what is new.
          const most = 3 * vendors.length + (yield* untold(archive))
          assert.isAtMost((yield* Support.requestsAt(baseUrl)) - before, most)
          for (const name of readdirSync(folder)) {
            assert.isFalse(readFileSync(join(folder, name)).includes(Support.canary), name)
          }

          const table = yield* Support.colloquy(["status"], { env: { COLLOQUY_ARCHIVE: archive } })
          assert.strictEqual(table.code, 0, table.stderr)
          assert.match(table.stdout, /^vendor +account +conversations +complete +messages +claimed/)
          assert.strictEqual(table.stdout.trimEnd().split("\n").length, 2 + vendors.length)
          const json = yield* Support.colloquy(["status", "--archive", archive, "--json", "--strict"])
          assert.strictEqual(json.code, 0, json.stderr)
          const status: Status = JSON.parse(json.stdout)
          assert.deepStrictEqual(
            status.accounts.map(({ vendor }) => vendor),
            [...vendors].sort()
          )
          assert.isTrue(status.conversations.every(({ standing }) => standing === "complete"))
        })
      ),
    60_000
  )

  it.live("reads only the conversations that are asked for", () =>
    withArchive({}, (baseUrl, archive) =>
      Effect.gen(function* () {
        const [first = "", second = ""] = Rows.toArray(
          Corpus.make({ conversations: 6, messages: 130 }).gptbots.conversationIds
        )
        const chosen = ["--conversation", first, "--conversation", second, "--conversation", first]
        const args = ["sync", "gptbots", ...chosen, "--archive", archive, "--base-url", baseUrl, "--json"]
        const result = yield* Support.colloquy(args, { env })
        assert.strictEqual(result.code, 0, result.stderr)
        assert.strictEqual(JSON.parse(result.stdout).conversations, 2)
      })
    )
  )

  it.live("with --dry-run tells what it would read, and writes nothing", () =>
    withArchive({}, (baseUrl, archive, folder) =>
      Effect.gen(function* () {
        const args = ["sync", "botuj", "--archive", archive, "--base-url", baseUrl, "--dry-run"]
        const result = yield* Support.colloquy(args, { env })
        assert.strictEqual(result.code, 0, result.stderr)
        assert.strictEqual(result.stdout.match(/it was not read yet/g)?.length, 6)
        assert.match(
          result.last,
          /dry run, nothing was written. 6 conversations: 6 to read for the first time/
        )
        assert.deepStrictEqual(readdirSync(folder), [])
        assert.isAtMost(yield* Support.requestsAt(baseUrl), 2)
      })
    )
  )

  it.live("interrupted says where it stands, and goes on from there", () =>
    withArchive({ faults: "latency=30", messages: 1500 }, (baseUrl, archive) =>
      Effect.gen(function* () {
        const args = ["sync", "botuj", "--archive", archive, "--base-url", baseUrl, "--page-size", "20"]
        const stopped = yield* Support.colloquy(args, {
          env,
          signalAfter: { baseUrl, requests: 25, signal: "SIGINT" }
        })
        assert.strictEqual(stopped.code, 130, stopped.stderr)
        assert.match(
          stopped.last,
          /^error: Interrupted: stopped after \d conversations? and [\d,]+ new messages, everything committed stays; run the same command again/
        )
        const strict = yield* Support.colloquy(["status", "--archive", archive, "--strict"])
        assert.strictEqual(strict.code, 6)
        assert.match(strict.stdout, /partial .* a reading has not come to its end/)
        assert.match(
          strict.last,
          /^error: Short: \d of 6 conversations not complete \(.*partial.*\).*; sync again/
        )
        const before = yield* Support.requestsAt(baseUrl)
        const again = yield* Support.colloquy([...args, "--json"], { env })
        assert.strictEqual(again.code, 0, again.stderr)
        yield* equalsTruth(archive, "botuj", { conversations: 6, messages: 1500 })
        const rest = (yield* Support.requestsAt(baseUrl)) - before
        // Fewer than a reading from the start: what was committed is not asked for again.
        assert.isAtMost(rest, JSON.parse(again.stdout).pages + 6)
      })
    )
  )

  it.live("with a listing that does not end fails for that conversation, and keeps the others", () =>
    withArchive({ faults: "ignore-page", conversations: 12 }, (baseUrl, archive) =>
      Effect.gen(function* () {
        const { botuj } = Corpus.make({ conversations: 12, messages: 130 })
        const ids = Rows.toArray(botuj.conversationIds)
        const sized = (size: number) => ids.find((id) => botuj.messages(id)?.length === size) ?? ""
        const chosen = ["--conversation", sized(0), "--conversation", sized(130)]
        const args = ["sync", "botuj", "--archive", archive, "--base-url", baseUrl, "--json"]
        const result = yield* Support.colloquy(args.concat(chosen), { env })
        assert.strictEqual(result.code, 6, result.stderr)
        assert.match(
          result.last,
          /^error: IncompleteWalk: 1 of 2 conversations failed, the first \d+: .*run again to go on$/
        )
        assert.strictEqual(JSON.parse(result.stdout).read, 1)
        assert.match(result.stderr, /botuj: conversation \d+ failed: IncompleteWalk: /)
        const strict = yield* Support.colloquy(["status", "--archive", archive, "--strict"])
        assert.strictEqual(strict.code, 6)
        assert.match(strict.stdout, /failed .*IncompleteWalk: /)
        assert.match(strict.last, /^error: Short: 1 of 2 conversations not complete \(1 failed\)/)

        const whole = yield* Support.colloquy(args, { env })
        assert.strictEqual(whole.code, 6, whole.stderr)
        assert.match(whole.last, /^error: IncompleteWalk: botuj: .*repeatedPage/)
        assert.isAtMost(yield* Support.requestsAt(baseUrl), 90)
      })
    )
  )

  it.live("with a refused token stops at once", () =>
    withArchive({}, (baseUrl, archive) =>
      Effect.gen(function* () {
        const args = ["sync", "botuj", "--archive", archive, "--base-url", baseUrl]
        const result = yield* Support.colloquy(args, { env: { ...env, BOTUJ_API_KEY: "wrong" } })
        assert.strictEqual(result.code, 3, result.stderr)
        assert.match(result.last, /^error: Unauthorized: botuj: /)
        assert.isAtMost(yield* Support.requestsAt(baseUrl), 1)
        assert.isTrue(existsSync(archive))
      })
    )
  )
})
