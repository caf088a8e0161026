/**
 * Judges what was read from damaged answers: the first fault in words, or undefined.
 */
import type { Conversation, Message, Note, Page } from "@colloquy/core"
import { type Reader, Rows } from "@colloquy/emulator"
import * as Exit from "effect/Exit"
import type { Case, Spoiling } from "./case.ts"
import type { Pulled, Synced } from "./run.ts"
import * as Spoil from "./spoil.ts"

/** A listing as read from undamaged answers, and its rows' names by index. */
interface Listing<A> {
  readonly items: ReadonlyArray<A>
  readonly names: ReadonlyArray<string>
}

export interface Truth {
  /** Whether the list is derived from messages: then it may fail as they do. */
  readonly hasDerivedList: boolean
  readonly list: Listing<Conversation>
  readonly messages: ReadonlyMap<string, Listing<Message>>
}

const namesIn = (rows: Rows.Rows<object> | undefined): ReadonlyArray<string> =>
  rows === undefined ? [] : Rows.toArray<unknown>(rows).map(Spoil.nameOf)

const placed = <A>(pages: ReadonlyArray<Page.Page<A>>): ReadonlyArray<A> =>
  pages.flatMap(({ items }) => items)

/** The truth: what undamaged answers give, and the corpus. */
export const truthOf = (reader: Reader, { conversations, list }: Pulled): Truth => ({
  hasDerivedList: reader.hasDerivedList === true,
  list: {
    items: Exit.isSuccess(list) ? placed(list.value) : [],
    names: namesIn(reader.conversations)
  },
  messages: new Map(
    conversations.map(({ conversation, pages }) => [
      conversation.id,
      {
        items: Exit.isSuccess(pages) ? placed(pages.value) : [],
        names: namesIn(reader.messages(conversation.id))
      }
    ])
  )
})

/** An end on an undocumented refusal must have the note. */
const admitted = (notes: ReadonlyArray<Note.Note>): boolean =>
  notes.some(({ _tag }) => _tag === "UndocumentedRefusal")

const admits = (pages: ReadonlyArray<Page.Page<unknown>>): boolean =>
  admitted(pages.at(-1)?.completion?.notes ?? [])

const isWhole = (spoiling: Spoiling | undefined): boolean =>
  spoiling === undefined || Spoil.isGood.has(spoiling)

/** Compares a walk with the truth: each row is an item, equal if it is undamaged, or was kept as undecodable. */
const walked = <A>(
  what: string,
  { items, names }: Listing<A>,
  pages: ReadonlyArray<Page.Page<A>>,
  done: ReadonlyMap<string, Spoiling>
): string | undefined => {
  // A whole answer that was taken for one record is kept as one record.
  const aside = pages.some(({ undecodable }) => undecodable.some(({ json }) => isAnswer(json)))
  if (aside || admits(pages)) return undefined
  const came = new Map(
    pages.flatMap((page) => page.items.map((item, at) => [indexOf(page, at), item] as const))
  )
  const kept = new Set(pages.flatMap(({ undecodable }) => undecodable.map(({ index }) => index)))
  // A row without an id that can be trusted may come again, where the listing seems to have moved.
  const whole = names.filter((name) => isWhole(done.get(name))).length
  if (came.size + kept.size > names.length && came.size <= whole) return undefined
  if (came.size + kept.size !== names.length) {
    return `${what}: ${came.size} rows and ${kept.size} kept of ${names.length}`
  }
  for (const [index, name] of names.entries()) {
    const spoiling = done.get(name)
    const item = came.get(index)
    if (isWhole(spoiling) && item === undefined)
      return `${what}: row ${index} (${spoiling ?? "whole"}) is lost`
    if (spoiling === undefined && JSON.stringify(item) !== JSON.stringify(items[index])) {
      return `${what}: row ${index} differs: ${JSON.stringify(item)}`
    }
  }
  return undefined
}

/** Whether a record that was set aside is an answer that was put into a list, or its mark: no row is a list. */
const isAnswer = (json: unknown): boolean => Array.isArray(json)

/** The index of an item. Kept rows count, too. */
const indexOf = (page: Page.Page<unknown>, at: number): number => {
  let index = page.start + at
  for (const { index: kept } of page.undecodable) if (kept <= index) index += 1
  return index
}

/** Whether only rows are damaged, and rows can be told apart: pages of nulls look like one repeated page. */
const isJust = ({ bodies, rows }: Case): boolean =>
  bodies.length === 0 && !rows.some(({ what }) => what === "null")

/** A failure must have a documented reason, and needs damaged bodies, unless it is that of a derived list. */
const failed = (
  what: string,
  given: Case,
  exit: Exit.Exit<unknown, unknown>,
  isDerived = false
): string | undefined => {
  if (Exit.isSuccess(exit)) return undefined
  const error = Exit.findErrorOption(exit)
  if (error._tag === "None") return `${what}: a defect: ${String(exit.cause).slice(0, 300)}`
  return isJust(given) && !isDerived
    ? `${what}: failed, though only rows were damaged: ${String(error.value)}`
    : undefined
}

/** The first fault in what `pull` read. */
export const pulled = (
  given: Case,
  truth: Truth,
  { conversations, list }: Pulled,
  done: ReadonlyMap<string, Spoiling>
): string | undefined => {
  // A derived list says what the damaged messages say.
  const isOther = truth.hasDerivedList && done.size > 0
  const ofList = Exit.isSuccess(list)
    ? isOther
      ? undefined
      : walked("the list", truth.list, list.value, done)
    : failed("the list", given, list, truth.hasDerivedList)
  if (ofList !== undefined) return ofList
  for (const { conversation, pages } of conversations) {
    const there = truth.messages.get(conversation.id)
    // Its id was spoiled.
    if (there === undefined) continue
    const wrong = Exit.isSuccess(pages)
      ? walked(conversation.id, there, pages.value, done)
      : failed(conversation.id, given, pages)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

/** The first fault in what `sync` stored. */
export const synced = (
  given: Case,
  truth: Truth,
  { exit, messages, order, records, status }: Synced,
  done: ReadonlyMap<string, Spoiling>
): string | undefined => {
  if (!Exit.isSuccess(exit)) return failed("sync", given, exit, truth.hasDerivedList)
  const { failed: failures, notes } = exit.value
  // A changed id may name no conversation.
  const unjust = failures.find(({ conversationId }) => truth.messages.has(conversationId))
  if (isJust(given) && unjust !== undefined) {
    return `failed, though only rows were damaged: ${JSON.stringify(unjust)}`
  }
  if (admitted(notes)) return undefined
  if (records.some(({ json }) => isAnswer(json))) return undefined
  const byConversation = Map.groupBy(messages, ({ conversationId }) => conversationId)
  for (const [index, name] of truth.list.names.entries()) {
    const conversation = truth.list.items[index]
    if (conversation === undefined || !isWhole(done.get(name))) continue
    const { id } = conversation
    const standing = status.find(({ conversationId }) => conversationId === id)
    if (standing === undefined && truth.hasDerivedList && done.size > 0) continue
    if (standing === undefined) return `conversation ${id} is lost`
    if (admitted(standing.notes)) continue
    if (failures.some(({ conversationId }) => conversationId === id)) continue
    const there = truth.messages.get(id) ?? { items: [], names: [] }
    const stored = byConversation.get(id) ?? []
    const kept = records.filter(({ conversationId }) => conversationId === id).length
    const spoiled = there.names.filter((name) => !isWhole(done.get(name))).length
    // Equal records are one record where a place in the listing is another each time.
    // What a strange answer had, and a later read has not, is suspected until that is proven.
    const came = stored.length - standing.suspected
    const isOnce = order === "newestFirst" && kept > 0 && came + spoiled >= there.names.length
    if (!isOnce && came + kept !== there.names.length) {
      return `${id}: ${stored.length} stored and ${kept} in quarantine of ${there.names.length}`
    }
    const texts = new Set(stored.map((message) => JSON.stringify(message)))
    const lost = there.names.findIndex(
      (name, index) => !done.has(name) && !texts.has(JSON.stringify(there.items[index]))
    )
    if (lost >= 0) return `${id}: row ${lost} is lost`
  }
  return undefined
}
