/**
 * The rules that a vendor must keep, by name. A suite has one test for each.
 */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"

/** Every rule, in the order of the suite. */
export const rules = {
  roundTrip: "a wire row decodes to a canonical value, which encodes to an equal row",
  canonical: "a wire row decodes to a value that fits the canonical schema",
  identity: "a row's own id is the id of its value, so that ids that differ stay apart",
  errorTable: "each known answer means the reason that it is known for, or is a success",
  errorCodes: "each code of the error table is in a known answer",
  absentList: "an answer without its list is an invalid response, never an end",
  errorInside200: "an error inside a 200 is never an end",
  whole: "a source gives every conversation and message once, in order, with any page size and assumption",
  clampedSize: "pages smaller than asked for lose no row",
  ignoredPage: "a server that always gives the first page is found out",
  cycle: "pages that come round again are found out",
  lastPageAgain: "the last page, given again for each page past the end, adds no row",
  wrongTotal: "a total that the rows do not reach is found out, if the vendor has one",
  traps: "what real servers do beyond their documents costs no row without a word",
  passingFaults: "faults that pass lose nothing and repeat nothing",
  lastingFaults: "faults that last fail with their reason",
  resume: "a walk goes on from every checkpoint, without a row twice and without a row less",
  checkpointOwner: "a checkpoint is of its vendor, account, listing and page size: another walk starts again",
  checkpointFilter: "a checkpoint is of the options that choose its rows",
  listFilter: "a source's list is named by the options that choose its conversations",
  checkpointKept: "a checkpoint of an earlier version still fits its listing",
  oddIds: "an odd id reaches the vendor as it is, or is refused before anything is sent",
  options: "an option that does not fit is refused by its name before anything is sent",
  tokenHidden: "the token is in no error, log, span or checkpoint",
  tokenOrigin: "the token goes to the given base URL only",
  tokenRenewed: "a token that is refused is read again, once",
  replay: "the decoder makes of kept rows what the walk makes of them",
  keptRows: "a record that cannot be decoded is kept with its place, and costs no other",
  histories:
    "an archive that is synced through any history has what was there, and at rest what the vendor has"
} as const

/** The rules of a vendor on a real server, in the order of the suite. */
export const liveRules = {
  liveRead: "what was written through the server's own API is what a source reads, with any page size",
  liveResume: "a walk goes on from its checkpoints",
  liveSync: "an archive that is synced has what was written, and nothing new when it is synced again",
  liveGrowth:
    "messages that are added behind each page cost none of the others and repeat none, or that is said",
  liveRemoval: "messages that are removed behind each page cost none of the others, or that is said",
  liveUnknown:
    "a conversation that is not there is not taken for an empty one, where the server tells them apart",
  liveRefused: "a token that the server refuses is Unauthorized or Forbidden"
} as const

export const Rule = Schema.Literals(Struct.keys({ ...rules, ...liveRules }))
export type Rule = typeof Rule.Type

/** What a rule says. */
export const saying = (rule: Rule): string => ({ ...rules, ...liveRules })[rule]

/** A vendor breaks a rule. */
export class Violation extends Schema.TaggedError<Violation>()("Violation", {
  rule: Rule,
  vendor: Schema.String,
  /** What was seen, in words. */
  problem: Schema.String
}) {
  override get message(): string {
    return `${this.vendor} breaks the rule ${this.rule}: ${saying(this.rule)}.\n${this.problem}`
  }
}
