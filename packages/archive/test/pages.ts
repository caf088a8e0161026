/**
 * Pages, messages and conversations by hand, for what no walk has to be made for.
 */
import { unlisted } from "@colloquy/archive"
import type { Conversation, Message, Page } from "@colloquy/core"
import { SimulatedVendor } from "@colloquy/engine"

const { account, vendor } = SimulatedVendor

export const conversation = (id: string): Conversation => unlisted(vendor, account, id)

export const message = (conversationId: string, id: string, position: number): Message => ({
  vendor,
  account,
  conversationId,
  id,
  idOrigin: "vendor",
  position,
  role: "user",
  text: `text of ${id}`,
  createdAt: null,
  parentId: null,
  userId: null,
  kind: null,
  citations: [],
  attachments: [],
  feedback: null,
  extra: {}
})

/** A page in the middle of a listing. */
export const middle = <A>(items: ReadonlyArray<A>, start = 0): Page.Page<A> => ({
  items,
  undecodable: [],
  start,
  checkpoint: {
    version: 2,
    fingerprint: "by hand",
    page: 2,
    offset: null,
    cursor: null,
    size: null,
    received: start + items.length,
    shift: 0,
    inPage: items.length,
    recent: [],
    identity: null
  },
  total: null,
  completion: null,
  restarted: null
})

/** The last page of a listing, proven by an empty page. */
export const last = <A>(items: ReadonlyArray<A>, start = 0): Page.Page<A> => ({
  ...middle(items, start),
  completion: {
    proof: "emptyPage",
    count: start + items.length,
    pages: 2,
    claimed: { total: null, lastPage: null, listed: null },
    verified: false,
    mended: [],
    unverified: [],
    notes: []
  }
})
