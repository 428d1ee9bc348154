import { createHash } from 'node:crypto'
import { type Feed, NO_FEED } from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { FeedWatch } from '../../core/ports.ts'
import type { Pool } from './connection/pool.ts'
import { arrayOf, TEXT, TEXT_ARRAY } from './connection/statement.ts'
import { type FeedRow, toFeed } from './rows.ts'

// What others write is seen within a second also where notifications do not come: a look begins each
// time this has passed.
const LOOK_MS = 500

// Transactions that notify wait for one another with their commits, on the whole server (PostgreSQL's
// source: PreCommit_Notify). So writes do not notify: one statement does, for all that a process has
// written since the last.
const NOTIFY_MS = 50

// Longer lists of owners take too long at once.
const CHUNK = 2000

// A payload has less than 8000 bytes.
const MOST_NAMES = 400
const EVERYBODY = '*'

const FEEDS = {
  text: 'select user_id, epoch, sequence, horizon from owners where user_id = any($1)',
  types: [TEXT_ARRAY],
}

const NOTIFY = { text: `select pg_notify('taskport', $1)`, types: [TEXT] }

/** What notifications call an owner: the triggers make the same of it. */
function nameOf(owner: Owner): string {
  return createHash('sha256').update(owner).digest('hex').slice(0, 16)
}

type OwnedFeed = FeedRow & { readonly user_id: Owner }

/** An owner whose feed somebody watches. */
interface Watched {
  readonly listeners: Set<() => void>
  /** How far they have been told; nothing yet where nobody has looked. */
  told: Feed | null
}

/** Hears notifications until it is ended. */
export type Listen = (on: {
  readonly onNotify: (payload: string) => void
  /** What came before was not heard. */
  readonly onOpen: () => void
}) => () => Promise<void>

/**
 * Tells when feeds go on: at once for writes of this process, on notifications for those of others, and
 * by looking again and again as long as anybody watches.
 */
export function createFeedWatch(
  { run }: Pick<Pool, 'run'>,
  listen: Listen,
  { lookMs = LOOK_MS } = {},
) {
  const watched = new Map<Owner, Watched>()
  const named = new Map<string, Owner>()
  const due = new Set<Owner>()
  const written = new Set<Owner>()
  let lookTimer: Timer | undefined
  let notifyTimer: Timer | undefined
  let isLooking = false
  let stopListening: (() => Promise<void>) | undefined

  function watch(owner: Owner, listener: () => void): () => void {
    stopListening ??= listen({ onNotify, onOpen: () => look(watched.keys()) })
    lookTimer ??= setInterval(() => look(watched.keys()), lookMs)
    const one: Watched = watched.get(owner) ?? { listeners: new Set(), told: null }
    watched.set(owner, one)
    named.set(nameOf(owner), owner)
    // The same function may be given twice.
    const own = () => listener()
    one.listeners.add(own)
    return () => {
      one.listeners.delete(own)
      if (one.listeners.size > 0 || watched.get(owner) !== one) return
      watched.delete(owner)
      named.delete(nameOf(owner))
      if (watched.size > 0) return
      clearInterval(lookTimer)
      lookTimer = undefined
    }
  }

  function tell({ listeners }: Watched): void {
    for (const listener of listeners) listener()
  }

  /** Takes note of a write of this process. */
  function wrote(owner: Owner, sequence: number): void {
    const one = watched.get(owner)
    if (one) {
      if (one.told && one.told.sequence < sequence) one.told = { ...one.told, sequence }
      tell(one)
    }
    written.add(owner)
    notifyTimer ??= setTimeout(notify, NOTIFY_MS)
  }

  function notify(): void {
    notifyTimer = undefined
    const names = written.size > MOST_NAMES ? [EVERYBODY] : Array.from(written, nameOf)
    written.clear()
    // Those who are not told look for themselves.
    run(NOTIFY, [names.join()]).catch(() => {})
  }

  function onNotify(payload: string): void {
    if (payload === EVERYBODY) look(watched.keys())
    else look(payload.split(',').flatMap((name) => named.get(name) ?? []))
  }

  /** Looks at feeds now, or once the look that is under way has ended. */
  function look(owners: Iterable<Owner>): void {
    for (const owner of owners) due.add(owner)
    if (!isLooking) void lookAtDue()
  }

  async function lookAtDue(): Promise<void> {
    isLooking = true
    try {
      while (due.size > 0) {
        const owners = [...due].slice(0, CHUNK)
        for (const owner of owners) due.delete(owner)
        const rows = await run<OwnedFeed>(FEEDS, [arrayOf(owners)])
        const feeds = new Map(rows.map((row) => [row.user_id, toFeed(row)]))
        for (const owner of owners) note(owner, feeds.get(owner) ?? NO_FEED)
      }
    } catch {
      // The store does not answer. There will be another look.
      due.clear()
    }
    isLooking = false
  }

  function note(owner: Owner, feed: Feed): void {
    const one = watched.get(owner)
    if (!one) return
    const { told } = one
    one.told = feed
    // Of a feed that this process has begun only the number is known.
    const isSame = told !== null && (told.epoch === feed.epoch || told.epoch === NO_FEED.epoch)
    if (isSame && told.sequence >= feed.sequence) one.told = { ...feed, sequence: told.sequence }
    else tell(one)
  }

  return {
    watch: watch satisfies FeedWatch['watch'],
    wrote,
    async close(): Promise<void> {
      clearInterval(lookTimer)
      clearTimeout(notifyTimer)
      await stopListening?.()
    },
  }
}
