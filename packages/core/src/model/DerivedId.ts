/**
 * Ids for messages whose vendor gives none.
 *
 * A derived id is a hash of the message's identifying parts. Each vendor's `Codecs.ts` states its rule;
 * `docs/vendors.md` states the limits.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"

/** The version of the rule and the prefix of every derived id. A change of the rule changes it. */
export const version = "d1"

/**
 * Derives an id from the parts that identify a message. The same parts give the same id on every platform.
 *
 * Returns `d1_` and 32 hexadecimal digits: 128 bits of SHA-256 over the parts as a JSON array. Different
 * lists of parts have different JSON.
 *
 * **Example** (A message known by its place and content)
 *
 * ```ts
 * import { DerivedId } from "@colloquy/core/vendor"
 *
 * export const id = DerivedId.make(["conversation-1", 0, "user", "hello"])
 * ```
 */
export const make = (parts: ReadonlyArray<string | number | null>): string =>
  `${version}_${bytesToHex(sha256(utf8ToBytes(JSON.stringify(parts))).subarray(0, 16))}`
