/**
 * The vendor packages: those that have schemas of a vendor's JSON.
 */
import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"

export const packages = join(import.meta.dirname, "../..")

export const vendors = readdirSync(packages).filter((name) => existsSync(join(packages, name, "src/Wire.ts")))
