/**
 * What only reads, on an archive that cannot be written, and on one that is no archive of this version.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { chmodSync, cpSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as Support from "./support.ts"

/** Rights do not bind root: as root, the command runs as nobody. */
const uid = process.getuid?.() === 0 ? 65_534 : undefined
const env = { ...Support.tokens, HOME: "/nonexistent", NODE_DISABLE_COMPILE_CACHE: "1" }

const run = (archive: string, ...args: ReadonlyArray<string>) =>
  Support.colloquy([...args, "--archive", archive], uid === undefined ? { env } : { env, uid })

const contents = (folder: string) =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString("base64")])

const reading = (baseUrl: string) => [
  ["status"],
  ["status", "--json", "--vendor", "botuj"],
  ["quarantine", "list"],
  ["sync", "botuj", "--base-url", baseUrl, "--dry-run"]
]

/** An archive that was synced, and closed; its folder. */
const synced = Effect.fnUntraced(function* (baseUrl: string) {
  const folder = yield* Support.temporaryFolder
  chmodSync(folder, 0o755)
  const archive = join(folder, "history.db")
  yield* Support.colloquy(["sync", "botuj", "--base-url", baseUrl, "--archive", archive], { env })
  return { folder, archive }
})

describe("what only reads", () => {
  it.live(
    "works on a file and in a folder that cannot be written, and changes nothing",
    () =>
      Effect.scoped(
        Support.withEmulator({ faults: "malformed-record=3/botuj" }, (baseUrl) =>
          Effect.gen(function* () {
            const { archive, folder } = yield* synced(baseUrl)
            chmodSync(archive, 0o444)
            chmodSync(folder, 0o555)
            const before = contents(folder)
            for (const args of reading(baseUrl)) {
              const result = yield* run(archive, ...args)
              assert.strictEqual(result.code, 0, result.stderr)
              assert.isNotEmpty(result.stdout)
            }
            const [id] = (yield* run(archive, "quarantine", "list", "--json")).stdout.match(
              /[0-9a-f]{12}/
            ) ?? [""]
            assert.strictEqual((yield* run(archive, "quarantine", "show", id)).code, 0)
            const accepted = yield* run(archive, "status", "--accept-vanished")
            assert.strictEqual(accepted.code, 8)
            assert.match(accepted.last, /^error: Unreachable: /)
            assert.deepStrictEqual(contents(folder), before)
            chmodSync(folder, 0o755)
          })
        )
      ),
    60_000
  )

  it.live(
    "says that an archive of an older version has to be synced first, and leaves it so",
    () =>
      Effect.scoped(
        Support.withEmulator({}, (baseUrl) =>
          Effect.gen(function* () {
            const { archive, folder } = yield* synced(baseUrl)
            const db = new DatabaseSync(archive)
            db.exec("DELETE FROM colloquy_migrations WHERE migration_id > 1")
            db.close()
            const before = contents(folder)
            for (const args of reading(baseUrl)) {
              const result = yield* Support.colloquy([...args, "--archive", archive], { env })
              assert.strictEqual(result.code, 8, result.stderr)
              assert.match(
                result.last,
                /^error: OlderVersion: the archive has version 1, .* a sync brings it/
              )
            }
            assert.deepStrictEqual(contents(folder), before)
          })
        )
      ),
    60_000
  )

  it.live(
    "and what writes refuse the database of something else, which stays byte for byte",
    () =>
      Effect.scoped(
        Support.withEmulator({}, (baseUrl) =>
          Effect.gen(function* () {
            const folder = yield* Support.temporaryFolder
            const archive = join(folder, "songs.db")
            const db = new DatabaseSync(archive)
            db.exec("CREATE TABLE songs (title TEXT)")
            db.close()
            const copy = join(folder, "copy.db")
            cpSync(archive, copy)
            const before = [contents(folder), statSync(archive).mtimeMs]
            const writing = [
              ["sync", "botuj", "--base-url", baseUrl],
              ["forget", "--vendor", "botuj", "--user", "u"]
            ]
            for (const args of [...reading(baseUrl).slice(0, 3), ...writing]) {
              const result = yield* Support.colloquy([...args, "--archive", archive], { env })
              assert.strictEqual(result.code, 8, result.stderr)
            }
            assert.deepStrictEqual([contents(folder), statSync(archive).mtimeMs], before)
          })
        )
      ),
    60_000
  )
})
