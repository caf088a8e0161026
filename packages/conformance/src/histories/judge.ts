/**
 * Judges what an archive has: the first fault in words, or undefined.
 */
import { Archive, type Status, type Sync } from "@colloquy/archive"
import { type Note, Page } from "@colloquy/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type * as Case from "./case.ts"
import { nameOf, type World } from "./world.ts"

interface Stored {
  readonly conversation: string
  readonly id: string
  readonly text: string
  readonly gone: number
  readonly created_at: string | null
  readonly position: number | null
}

const load = (
  sql: SqlClient
) => sql<Stored>`SELECT c.id AS conversation, m.id, m.text, m.created_at, m.position,
  CASE WHEN m.gone_at IS NULL THEN 0 ELSE 1 END AS gone
FROM messages m JOIN conversations c ON c.key = m.conversation ORDER BY c.key, m.place, m.key`

interface Standing {
  readonly conversation: string
  readonly stored: number
  readonly live: number
  readonly quarantined: number
  readonly checkpoint: string | null
}

/** How far each conversation was read, and how many of its rows are there. */
const standings = (sql: SqlClient) => sql<Standing>`SELECT c.id AS conversation, p.stored,
  CAST((SELECT count(*) FROM messages m WHERE m.conversation = c.key AND m.gone_at IS NULL) AS INTEGER) AS live,
  CAST((SELECT count(*) FROM quarantine q WHERE q.conversation = c.key) AS INTEGER) AS quarantined,
  p.checkpoint
FROM checkpoints p JOIN conversations c ON c.key = p.conversation`

const recentOf = Schema.decodeUnknownSync(
  Schema.fromJsonString(Schema.Struct({ recent: Schema.Array(Schema.String) }))
)

/** Whether a count differs from its rows, or a checkpoint has ids of rows that are neither stored nor in quarantine. */
const isAhead =
  ({ vendor }: World, stored: ReadonlyArray<Stored>) =>
  ({ checkpoint, conversation, live, quarantined, stored: count }: Standing): boolean => {
    if (live !== count) return true
    if (checkpoint === null || !vendor.manners.ids) return false
    const ids = new Set(stored.flatMap((row) => (row.conversation === conversation ? [row.id] : [])))
    return recentOf(checkpoint).recent.filter((id) => !ids.has(id)).length > quarantined
  }

/** Whether the last run continued an interrupted one. */
const isContinued = (sql: SqlClient) =>
  Effect.map(
    sql<{
      continued: number
    }>`SELECT CASE WHEN continues_run < key THEN 1 ELSE 0 END AS continued FROM runs ORDER BY key DESC LIMIT 1`,
    ([run]) => run?.continued === 1
  )

/** Whether a walk ended on an undocumented refusal. */
const isRefusal = ({ _tag }: Note.Note): boolean => _tag === "UndocumentedRefusal"

const completionOf = Schema.decodeUnknownSync(Schema.fromJsonString(Page.Completion))

/** Conversations whose walk ended on such a refusal. */
const admitted = (sql: SqlClient) =>
  Effect.map(
    sql<{
      conversation: string
      completion: string
    }>`SELECT c.id AS conversation, p.completion FROM checkpoints p JOIN conversations c ON c.key = p.conversation
WHERE p.completion IS NOT NULL`,
    (rows) =>
      new Set(
        rows.flatMap(({ completion, conversation }) =>
          completionOf(completion).notes.some(isRefusal) ? [conversation] : []
        )
      )
  )

type Outcomes = ReadonlyArray<Exit.Exit<Sync.Report, unknown>>

/** Whether a run claims to have everything, with nothing left in quarantine. If a list lost a conversation meanwhile, another may have been hidden. */
const saysComplete = (exit: Exit.Exit<Sync.Report, unknown>, { hasDropped }: World): boolean =>
  Exit.isSuccess(exit) &&
  exit.value.failed.length === 0 &&
  exit.value.inQuarantine === 0 &&
  !exit.value.notes.some((note) => isRefusal(note) || (hasDropped && note._tag === "UnseenDrift"))

/** Checks that hold after every run. */
export const afterRun = Effect.fnUntraced(function* (
  sql: SqlClient,
  world: World,
  sync: Case.Sync,
  outcomes: Outcomes,
  requests: number
) {
  if (!(yield* Archive.isThere)) return undefined
  const stored = yield* load(sql)
  const ahead = (yield* standings(sql)).find(isAhead(world, stored))
  if (ahead !== undefined) return `a checkpoint or count ahead of its rows: ${JSON.stringify(ahead)}`
  // If an interrupted run has read a conversation in full, the run that continues it reads only what is new.
  const whole = sync.full && !(yield* isContinued(sql))
  const isTruthful =
    world.lies === 0 || (whole && !world.lied) || (world.lies === 1 && sync.only === null && counts(world))
  const isComplete = isTruthful && outcomes.some((exit) => saysComplete(exit, world))
  return (
    invented(world, stored) ??
    wronglyGone(world, stored) ??
    (isComplete ? missing(world, { ...sync, full: whole }, stored, yield* admitted(sql)) : undefined) ??
    (requests > 600 ? `${requests} requests` : undefined)
  )
})

/** Whether the list counts messages, so that an empty answer shows. */
const counts = ({ vendor }: World): boolean => ["count", "both"].includes(vendor.manners.list)

const invented = ({ past }: World, stored: ReadonlyArray<Stored>): string | undefined => {
  const never = stored.find(({ conversation, text }) => past.get(conversation)?.texts.has(text) !== true)
  return never === undefined ? undefined : `stored, and never was: ${never.conversation} ${never.text}`
}

/** Rows that were always there since they came are not gone. Without ids a row in another place is another row. */
const wronglyGone = ({ lies, past, vendor }: World, stored: ReadonlyArray<Stored>): string | undefined => {
  const rows = stored.find(({ conversation, gone, text }) => {
    const { absent, disturbed } = past.get(conversation) ?? { absent: new Set<string>(), disturbed: true }
    if (gone === 0 || (!vendor.manners.ids && (disturbed || lies > 0))) return false
    const row = vendor.conversations.get(conversation)?.find((each) => each.text === text)
    return row !== undefined && !absent.has(row.id)
  })
  return rows === undefined
    ? undefined
    : `called gone, and was there all the time: ${rows.conversation} ${rows.text}`
}

/** A complete run has what was there when it began, as far as the documents promise. */
const missing = (
  world: World,
  sync: Case.Sync,
  stored: ReadonlyArray<Stored>,
  admitted: ReadonlySet<string>
): string | undefined => {
  const only = sync.only === null ? undefined : nameOf(sync.only)
  const live = new Set(
    stored.flatMap(({ conversation, gone, text }) => (gone === 0 ? [`${conversation} ${text}`] : []))
  )
  for (const [id, rows] of world.lasting) {
    if (admitted.has(id) || (only !== undefined && id !== only)) continue
    // Changes that are not at the end show in a full read, if pages can show them.
    if (world.moved.has(id) || (world.past.get(id)?.disturbed === true && !sync.full)) continue
    for (const text of rows.values()) {
      if (!live.has(`${id} ${text}`)) return `complete, and lacks ${id} ${text}`
    }
  }
  return undefined
}

/** After quiet runs the archive equals the vendor, field by field and in order. */
export const atRest = Effect.fnUntraced(function* (sql: SqlClient, world: World) {
  const { face, vendor } = world
  const stored = yield* load(sql)
  // If a vendor sends nothing at all, and counts nothing, nothing is called gone.
  const isSilent = !counts(world) && [...vendor.conversations.values()].every((rows) => rows.length === 0)
  for (const id of vendor.conversations.keys()) {
    const truth = face
      .truth(vendor, id)
      .map(({ createdAt, id, position, text }) => [id, text, createdAt, position].join(" "))
    const live = stored.flatMap(({ conversation, created_at, gone, id: message, position, text }) =>
      conversation === id && gone === 0 ? [[message, text, created_at, position].join(" ")] : []
    )
    const at = truth.findIndex((row, index) => row !== live[index])
    if (at >= 0) return `${id}: row ${at} is ${live[at]}, the vendor has ${truth[at]}`
    if (live.length > truth.length && !isSilent)
      return `${id}: ${live.length} rows, the vendor has ${truth.length}`
    const kept = yield* Archive.use((archive) => archive.quarantine.count({ conversationId: id }))
    if (kept > 0) return `${id}: ${kept} records in quarantine`
  }
  return vanished(yield* Archive.use((archive) => Stream.runCollect(archive.status.conversations())), world)
})

/** Exactly the conversations that the vendor's list no longer has have vanished. */
const vanished = (
  standings: ReadonlyArray<Status.ConversationStatus>,
  { vendor }: World
): string | undefined => {
  const wrong = standings.find(
    ({ conversationId, listedAt, vanishedAt }) =>
      (vanishedAt !== null) !== (listedAt !== null && !vendor.conversations.has(conversationId))
  )
  return wrong === undefined ? undefined : `${wrong.conversationId}: vanished at ${wrong.vanishedAt}`
}
