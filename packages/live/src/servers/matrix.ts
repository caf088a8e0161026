/**
 * Matrix: Synapse, as Debian's unstable distribution has it on the day, in a folder with a Debian of its own.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { cacheOf, command, isRoot, run, type CachedServer } from "../Server.ts"

const folder = cacheOf("matrix")

/** The version of a package that dpkg has installed in a folder; undefined if it has not. */
const versionIn = (folder: string, name: string): string | undefined => {
  const status = join(folder, "var/lib/dpkg/status")
  if (!existsSync(status)) return undefined
  return new RegExp(`^Package: ${name}\\n(?:.+\\n)*?Version: ([^-\\n]+)`, "m").exec(
    readFileSync(status, "utf8")
  )?.[1]
}

/** Nothing is started by what is installed. */
const policy = "#!/bin/sh\nexit 101\n"

/** Synapse. It finds its `folder` as `/`. */
export const matrix: CachedServer = {
  name: "matrix",
  folder,
  get title() {
    return `Synapse ${versionIn(folder, "matrix-synapse") ?? "of Debian sid"}`
  },
  costs: "700 MB of Debian's packages and two minutes",
  needs: [isRoot, command("debootstrap"), command("chroot")],
  install: async () => {
    if (existsSync(folder)) return
    const part = `${folder}.part`
    mkdirSync(dirname(part), { recursive: true })
    await run("/", "rm", "-rf", "--one-file-system", part)
    await run("/", "debootstrap", "--variant=minbase", "sid", part)
    writeFileSync(join(part, "usr/sbin/policy-rc.d"), policy, { mode: 0o755 })
    const apt = ["apt-get", "install", "-y", "--no-install-recommends", "matrix-synapse"]
    await run("/", "chroot", part, "env", "DEBIAN_FRONTEND=noninteractive", ...apt)
    renameSync(part, folder)
  }
}
