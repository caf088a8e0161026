/**
 * Who can read an archive's file.
 */
import * as Sqlite from "@colloquy/archive/Sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { chmodSync, existsSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { file, open } from "./databases.ts"

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe.skipIf(process.platform === "win32")("an archive's file", () => {
  it.effect("is its owner's alone, with its log", () =>
    Effect.gen(function* () {
      const filename = yield* file
      yield* open(Sqlite.layer({ filename }))
      const made = readdirSync(dirname(filename))
      assert.deepStrictEqual(made.sort(), ["archive.db", "archive.db-shm", "archive.db-wal"])
      assert.deepStrictEqual(
        made.map((name) => modeOf(join(dirname(filename), name))),
        ["600", "600", "600"]
      )
    })
  )

  it.effect("keeps the mode that it was given", () =>
    Effect.gen(function* () {
      const filename = yield* file
      writeFileSync(filename, "")
      chmodSync(filename, 0o640)
      yield* open(Sqlite.layer({ filename }))
      assert.strictEqual(modeOf(filename), "640")
      assert.strictEqual(modeOf(`${filename}-wal`), "640")
    })
  )

  it.effect("is its owner's alone behind a link that leads nowhere yet", () =>
    Effect.gen(function* () {
      const filename = yield* file
      const link = join(dirname(filename), "link.db")
      symlinkSync(filename, link)
      yield* open(Sqlite.layer({ filename: link }))
      assert.strictEqual(modeOf(filename), "600")
    })
  )

  it.effect("is not made where there is no file to be", () =>
    Effect.gen(function* () {
      const filename = yield* file
      const select = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT 1 AS one`)
      const rows = yield* Effect.provide(select, Layer.fresh(Sqlite.layer({ filename: ":memory:" })))
      assert.deepStrictEqual(rows, [{ one: 1 }])
      const missing = Sqlite.layer({ filename: join(dirname(filename), "no", "a.db") })
      assert.strictEqual((yield* Effect.flip(Effect.provide(select, missing)))._tag, "SqlError")
      assert.deepStrictEqual(readdirSync(dirname(filename)), [])
      assert.isFalse(existsSync(":memory:"))
    })
  )
})
