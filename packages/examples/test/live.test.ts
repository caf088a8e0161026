/**
 * `pnpm live`, as far as it needs no server: what it refuses, and what it would install.
 */
import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { packages } from "./vendors.ts"

const servers = join(packages, "live/servers")

const live = (...names: ReadonlyArray<string>) =>
  spawnSync(process.execPath, [join(packages, "live/scripts/live.ts"), ...names], { encoding: "utf8" })

describe("pnpm live", () => {
  it.each([[], ["no-such-server"]])("with %j lists the servers and ends with 2", (...names) => {
    const { status, stderr } = live(...names)
    assert.strictEqual(status, 2)
    for (const name of readdirSync(servers)) assert.include(stderr, `\n  ${name} `)
    if (names.length > 0) assert.match(stderr, /^error: there is no server no-such-server here\n/)
  })

  it("installs exact versions, in CI by lockfiles that name no registry", () => {
    const manifests = globSync("*/package.json", { cwd: servers })
    const inCi = readFileSync(join(packages, "../.ci/run"), "utf8")
      .match(/^step live (.+)$/m)?.[1]
      ?.split(" ")
    assert.isAbove(inCi?.length ?? 0, 1)
    for (const path of manifests) {
      const { dependencies } = JSON.parse(readFileSync(join(servers, path), "utf8"))
      for (const version of Object.values<string>(dependencies))
        assert.match(version, /^\d+\.\d+\.\d+$/, path)
      const locks = ["pnpm-lock.yaml", "package-lock.json"].map((lock) => join(servers, path, "..", lock))
      const lock = locks.find((each) => existsSync(each))
      if (inCi?.includes(dirname(path))) assert.isDefined(lock, path)
      const text = lock === undefined ? "" : readFileSync(lock, "utf8")
      assert.notMatch(text, /https?:\/\/[^\s'"]*(?:registry|\.tgz)/, path)
    }
  })
})
