/**
 * Ids for messages whose vendor gives none.
 *
 * A derived id is a hash of what makes the message itself: the rule for each vendor stands in its `Codecs.ts`, the
 * limits in `docs/vendors.md`.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"

/** Version of the rule, first part of every derived id. A change of the rule changes it. */
export const version = "d1"

/**
 * Derives an id from the parts that identify a message: the same parts always give the same id, on every platform.
 *
 * Returns `d1_` and 32 hexadecimal digits (128 bits of SHA-256 over the parts as a JSON array, so that no two
 * different lists of parts run together).
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
