/**
 * The sync states of an archive's conversations: summed by account, and rendered for a person.
 */
import type { Quarantine, Status } from "@colloquy/archive"
import * as Table from "./terminal/Table.ts"

/** The sync states, in the order in which they are shown. */
const syncStates: ReadonlyArray<Status.SyncState> = [
  "complete",
  "short",
  "over",
  "partial",
  "failed",
  "unread"
]

/** An account of an archive; the fields of `status --json`. */
export interface AccountStatus extends Readonly<Record<Status.SyncState, number>> {
  readonly vendor: string
  readonly account: string
  readonly conversations: number
  /** Messages stored and not gone. */
  readonly messages: number
  readonly gone: number
  /** Messages that did not come in the last full read, and are not called gone yet. */
  readonly suspected: number
  /** Conversations that are no longer on the vendor's list, unless that was accepted. */
  readonly vanished: number
  /** Records in quarantine, of messages and of the list of conversations. */
  readonly quarantined: number
  /** Messages that the vendor claims, over the conversations for which it claims a count; null if there are none. */
  readonly claimed: number | null
  /** Conversations for which it claims no count. */
  readonly unclaimed: number
  /** The oldest of the conversations' last full reads; null if a conversation was never read in full. */
  readonly oldestWholeAt: string | null
  /** When a read last came to its end. */
  readonly lastReadAt: string | null
}

/** Whether a conversation is complete and has nothing in quarantine. */
export const isWhole = ({ quarantined, standing }: Status.ConversationStatus): boolean =>
  standing === "complete" && quarantined === 0

/** How it stands, in one word. */
const standingOf = (each: Status.ConversationStatus): string =>
  each.standing === "complete" && !isWhole(each) ? "quarantined" : each.standing

/** Whether it is no longer on the vendor's list, and that was not accepted. */
const hasVanished = ({ vanishedAt }: Status.ConversationStatus): boolean => vanishedAt !== null

const keyOf = ({ account, vendor }: { readonly account: string; readonly vendor: string }): string =>
  JSON.stringify([vendor, account])

/** Sums up by account. */
export const accounts = (
  conversations: ReadonlyArray<Status.ConversationStatus>,
  records: ReadonlyArray<Quarantine.Record>
): ReadonlyArray<AccountStatus> => {
  const byAccount = Map.groupBy(conversations, keyOf)
  const recordsOf = Map.groupBy(records, keyOf)
  const keys = [...new Set([...byAccount.keys(), ...recordsOf.keys()])].sort()
  return keys.flatMap((key) => {
    const own = byAccount.get(key) ?? []
    const kept = recordsOf.get(key) ?? []
    const named = own[0] ?? kept[0]
    return named === undefined ? [] : [sumUp(named, own, kept.length)]
  })
}

const sumUp = (
  { account, vendor }: { readonly vendor: string; readonly account: string },
  own: ReadonlyArray<Status.ConversationStatus>,
  quarantined: number
): AccountStatus => {
  const sum = (of: (each: Status.ConversationStatus) => number) =>
    own.reduce((total, each) => total + of(each), 0)
  const inState = (name: Status.SyncState) => sum((each) => (each.standing === name ? 1 : 0))
  const unclaimed = sum(({ claimed }) => (claimed === null ? 1 : 0))
  const whole = own.map(({ wholeAt }) => wholeAt)
  return {
    vendor,
    account,
    conversations: own.length,
    messages: sum(({ stored }) => stored),
    gone: sum(({ gone }) => gone),
    suspected: sum(({ suspected }) => suspected),
    vanished: own.filter(hasVanished).length,
    quarantined,
    claimed: unclaimed === own.length ? null : sum(({ claimed }) => claimed ?? 0),
    unclaimed,
    complete: own.filter(isWhole).length,
    short: inState("short"),
    over: inState("over"),
    partial: inState("partial"),
    failed: inState("failed"),
    unread: inState("unread"),
    oldestWholeAt: whole.includes(null) ? null : (whole.flatMap((at) => at ?? []).sort()[0] ?? null),
    lastReadAt:
      own
        .flatMap(({ readAt }) => readAt ?? [])
        .sort()
        .at(-1) ?? null
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Tables
// ---------------------------------------------------------------------------------------------------------------

/** A row for each account; a sync state that no conversation has gets no column, apart from `complete`. */
export const accountTable = (all: ReadonlyArray<AccountStatus>, width = Infinity): string => {
  const shown = syncStates.filter((name) => name === "complete" || all.some((each) => each[name] > 0))
  const extras = (["gone", "suspected", "quarantined", "vanished"] as const).filter((name) =>
    all.some((each) => each[name] > 0)
  )
  const columns: ReadonlyArray<Table.Column> = [
    { title: "vendor", numeric: false },
    { title: "account", numeric: false },
    ...["conversations", ...shown, "messages", "claimed", ...extras].map((title) => ({
      title,
      numeric: true
    })),
    { title: "oldest whole reading", numeric: false },
    { title: "last reading", numeric: false }
  ]
  const rows = all.map((each) => [
    each.vendor,
    each.account,
    Table.count(each.conversations),
    ...shown.map((name) => Table.count(each[name])),
    Table.count(each.messages),
    claimedText(each),
    ...extras.map((name) => Table.count(each[name])),
    Table.time(each.oldestWholeAt),
    Table.time(each.lastReadAt)
  ])
  return Table.render(columns, rows, width)
}

const claimedText = ({ claimed, conversations, unclaimed }: AccountStatus): string => {
  if (claimed === null) return "–"
  return unclaimed === 0
    ? Table.count(claimed)
    : `${Table.count(claimed)} in ${Table.counted(conversations - unclaimed, "conversation")}`
}

/** A row for each of these conversations, with what is wrong. */
export const brokenTable = (
  conversations: ReadonlyArray<Status.ConversationStatus>,
  width = Infinity
): string =>
  Table.render(
    [
      { title: "vendor", numeric: false },
      { title: "account", numeric: false },
      { title: "conversation", numeric: false },
      { title: "standing", numeric: false },
      { title: "stored", numeric: true },
      { title: "claimed", numeric: true },
      { title: "why", numeric: false }
    ],
    conversations.map((each) => [
      each.vendor,
      each.account,
      each.conversationId,
      standingOf(each),
      Table.count(each.stored),
      each.claimed === null ? "–" : Table.count(each.claimed),
      Table.shortened(why(each), 100)
    ]),
    width
  )

/** A row for each of these conversations, with what did not come again. */
export const missingTable = (
  conversations: ReadonlyArray<Status.ConversationStatus>,
  width = Infinity
): string =>
  Table.render(
    [
      { title: "vendor", numeric: false },
      { title: "account", numeric: false },
      { title: "conversation", numeric: false },
      { title: "stored", numeric: true },
      { title: "what", numeric: false }
    ],
    conversations.map((each) => [
      each.vendor,
      each.account,
      each.conversationId,
      Table.count(each.stored),
      missing(each).join("; ")
    ]),
    width
  )

/** What did not come again of a conversation, in words. */
const missing = ({ suspected, vanishedAt }: Status.ConversationStatus): ReadonlyArray<string> => [
  ...(vanishedAt === null ? [] : [`on no list of the vendor since ${Table.time(vanishedAt)}`]),
  ...(suspected === 0 ? [] : [`${Table.counted(suspected, "message")} did not come the last time`])
]

/** Whether something of a conversation did not come again. */
export const isMissing = (each: Status.ConversationStatus): boolean => missing(each).length > 0

const why = (each: Status.ConversationStatus): string => {
  const { claimed, failure, quarantined, standing, stored, withheld } = each
  const known = stored + withheld + quarantined
  const waiting = quarantined > 0 ? [`${Table.counted(quarantined, "record")} in quarantine`] : []
  switch (standing) {
    case "complete":
      return waiting.join("")
    case "failed":
      return [failure ?? "", ...waiting].join("; ")
    case "short":
      return [`the vendor claims ${Table.count((claimed ?? 0) - known)} more`, ...waiting].join("; ")
    case "over":
      return [`the vendor claims ${Table.count(known - (claimed ?? 0))} fewer`, ...waiting].join("; ")
    case "partial":
      return ["a reading has not come to its end", ...waiting].join("; ")
    case "unread":
      return "listed, and not read yet"
  }
}

/** Everything that is known of a conversation, one fact a line. */
export const details = (each: Status.ConversationStatus, width = Infinity): string => {
  const { claimed, failedAt, failure, proof, unverified } = each
  const lines: ReadonlyArray<readonly [string, string]> = [
    ["conversation", `${each.conversationId} (${each.vendor}, account ${each.account})`],
    ["standing", isWhole(each) ? each.standing : `${standingOf(each)}: ${why(each)}`],
    ["stored", Table.counted(each.stored, "message")],
    ["claimed", claimed === null ? "the vendor claims no count" : Table.counted(claimed, "message")],
    ["gone", Table.counted(each.gone, "message")],
    ...missing(each).map((what) => ["not there", what] as const),
    ["left out", `${Table.counted(each.withheld, "message")} of forgotten users`],
    ["in quarantine", Table.counted(each.quarantined, "record")],
    ["proven by", proof ?? "–"],
    ["last read", Table.time(each.readAt)],
    ["last read whole", Table.time(each.wholeAt)],
    ["last listed", Table.time(each.listedAt)],
    ...(failure === null ? [] : ([["failed", `${Table.time(failedAt)}: ${failure}`]] as const)),
    ...unverified.map((what) => ["not verified", what] as const)
  ]
  return Table.record(lines, width)
}

/** Commands to type next. */
export interface Commands {
  readonly quarantineList: string
  readonly acceptVanished: string
}

/** What is known of an archive. */
export interface Known {
  readonly conversations: ReadonlyArray<Status.ConversationStatus>
  readonly records: ReadonlyArray<Quarantine.Record>
  /** Lists that were never read to their end. */
  readonly unfinishedLists: number
}

/** What is not complete, in words; undefined if everything is complete. */
export const shortfall = (
  { conversations, records, unfinishedLists }: Known,
  commands: Commands
): string | undefined => {
  const broken = conversations.filter((each) => !isWhole(each))
  const vanished = conversations.filter(hasVanished).length
  const counts = [...Map.groupBy(broken, standingOf)].map(
    ([name, { length }]) => `${Table.count(length)} ${name}`
  )
  const of = ` of ${Table.counted(conversations.length, "conversation")}`
  const what = [
    ...(broken.length > 0 ? [`${Table.count(broken.length)}${of} not complete (${counts.join(", ")})`] : []),
    ...(unfinishedLists > 0 ? [unfinished(unfinishedLists)] : []),
    ...(records.length > 0 ? [`${Table.counted(records.length, "record")} in quarantine`] : []),
    ...(vanished > 0 ? [`${Table.count(vanished)}${of} vanished from the vendor's list`] : [])
  ]
  if (what.length === 0) return undefined
  const isToSync = unfinishedLists > 0 || broken.some(({ standing }) => standing !== "complete")
  const todo = [
    ...(isToSync ? ["sync again, with --full if it stays"] : []),
    ...(records.length > 0 ? [`look at ${commands.quarantineList}`] : []),
    ...(vanished > 0
      ? [`look for what vanished at the vendor, and accept it with ${commands.acceptVanished}`]
      : [])
  ]
  return `${what.join(", ")}; ${todo.join("; ")}`
}

/** That lists were never read to their end. */
export const unfinished = (lists: number): string =>
  `${Table.counted(lists, "list")} of conversations not read to ${lists === 1 ? "its" : "their"} end yet`
