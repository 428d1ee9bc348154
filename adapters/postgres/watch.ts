import { createHash } from 'node:crypto'
import { type Feed, NO_FEED } from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { FeedWatch } from '../../core/ports.ts'
import type { Pool } from './connection/pool.ts'
import { arrayOf, TEXT, TEXT_ARRAY } from './connection/statement.ts'
import { type FeedRow, toFeed } from './rows.ts'

// How often watched feeds are polled, so that writes of other processes are noticed within a second even
// without notifications.
const POLL_MS = 500

// Transactions that notify commit one at a time on the whole server (PreCommit_Notify in PostgreSQL's
// source). So writes do not notify. Instead, one statement per interval notifies for all of them.
const NOTIFY_MS = 50

// More owners in one statement would take too long.
const CHUNK = 2000

// A payload must be shorter than 8000 bytes.
const MAX_NAMES = 400
const ALL = '*'

const FEEDS = {
  // `any($1)` would scan the table for as long as a plan from when it was small is in use.
  text: `
    select user_id, epoch, sequence, horizon
    from unnest((select $1::text[])) as call (owner),
      lateral (select * from owners where owners.user_id = call.owner limit 1) as owner`,
  types: [TEXT_ARRAY],
}

const NOTIFY = { text: `select pg_notify('taskport', $1)`, types: [TEXT] }

/** The name of an owner in notifications. Triggers compute it in the same way. */
function nameOf(owner: Owner): string {
  return createHash('sha256').update(owner).digest('hex').slice(0, 16)
}

type OwnedFeed = FeedRow & { readonly user_id: Owner }

/** An owner whose feed is watched. */
interface Watched {
  readonly listeners: Set<() => void>
  /** The state that the listeners know; `null` before the first poll. */
  known: Feed | null
}

/** Listens for notifications. Returns a function that stops listening. */
export type Listen = (on: {
  readonly onNotify: (payload: string) => void
  /** Called when listening starts. Earlier notifications were missed. */
  readonly onOpen: () => void
}) => () => Promise<void>

/**
 * Calls listeners when feeds change: at once for writes of this process, on a notification for writes of
 * other processes, and by polling while any feed is watched.
 */
export function createFeedWatch(
  { run }: Pick<Pool, 'run'>,
  listen: Listen,
  { pollMs = POLL_MS } = {},
) {
  const watched = new Map<Owner, Watched>()
  const ownersByName = new Map<string, Owner>()
  const pending = new Set<Owner>()
  const written = new Set<Owner>()
  let pollTimer: Timer | undefined
  let notifyTimer: Timer | undefined
  let isPolling = false
  let stopListening: (() => Promise<void>) | undefined

  function watch(owner: Owner, listener: () => void): () => void {
    stopListening ??= listen({ onNotify, onOpen: () => poll(watched.keys()) })
    pollTimer ??= setInterval(() => poll(watched.keys()), pollMs)
    const entry: Watched = watched.get(owner) ?? { listeners: new Set(), known: null }
    watched.set(owner, entry)
    ownersByName.set(nameOf(owner), owner)
    // The same function may be passed twice.
    const added = () => listener()
    entry.listeners.add(added)
    return () => {
      entry.listeners.delete(added)
      if (entry.listeners.size > 0 || watched.get(owner) !== entry) return
      watched.delete(owner)
      ownersByName.delete(nameOf(owner))
      if (watched.size > 0) return
      clearInterval(pollTimer)
      pollTimer = undefined
    }
  }

  function notifyListeners({ listeners }: Watched): void {
    for (const listener of listeners) listener()
  }

  /** Records a write of this process. */
  function wrote(owner: Owner, sequence: number): void {
    const entry = watched.get(owner)
    if (entry) {
      if (entry.known && entry.known.sequence < sequence) entry.known = { ...entry.known, sequence }
      notifyListeners(entry)
    }
    written.add(owner)
    notifyTimer ??= setTimeout(notifyOthers, NOTIFY_MS)
  }

  function notifyOthers(): void {
    notifyTimer = undefined
    const names = written.size > MAX_NAMES ? [ALL] : Array.from(written, nameOf)
    written.clear()
    // Nothing is lost if this fails: other processes poll as well.
    run(NOTIFY, [names.join()]).catch(() => {})
  }

  function onNotify(payload: string): void {
    if (payload === ALL) poll(watched.keys())
    else poll(payload.split(',').flatMap((name) => ownersByName.get(name) ?? []))
  }

  /** Reads feeds now, or when the read in progress has finished. */
  function poll(owners: Iterable<Owner>): void {
    for (const owner of owners) pending.add(owner)
    if (!isPolling) void readPending()
  }

  async function readPending(): Promise<void> {
    isPolling = true
    try {
      while (pending.size > 0) {
        const owners = [...pending].slice(0, CHUNK)
        for (const owner of owners) pending.delete(owner)
        const rows = await run<OwnedFeed>(FEEDS, [arrayOf(owners)])
        const feeds = new Map(rows.map((row) => [row.user_id, toFeed(row)]))
        for (const owner of owners) update(owner, feeds.get(owner) ?? NO_FEED)
      }
    } catch {
      // The store does not answer. The next poll will try again.
      pending.clear()
    }
    isPolling = false
  }

  function update(owner: Owner, feed: Feed): void {
    const entry = watched.get(owner)
    if (!entry) return
    const { known } = entry
    entry.known = feed
    // Only the sequence is known of a feed that this process created.
    const isSame = known !== null && (known.epoch === feed.epoch || known.epoch === NO_FEED.epoch)
    if (isSame && known.sequence >= feed.sequence)
      entry.known = { ...feed, sequence: known.sequence }
    else notifyListeners(entry)
  }

  return {
    watch: watch satisfies FeedWatch['watch'],
    wrote,
    async close(): Promise<void> {
      clearInterval(pollTimer)
      clearTimeout(notifyTimer)
      await stopListening?.()
    },
  }
}
