import { createListeners, revisionOf } from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { FeedWatch } from '../../core/ports.ts'
import type { Connection, OpenFile } from './connection.ts'
import { readRecord } from './owner-state.ts'

const POLL_MS = 250

// Changes when another connection has written to the file.
const DATA_VERSION = 'pragma data_version'

/**
 * Notifies listeners of this process's writes at once, and finds other processes' writes by polling the
 * file. It polls only while there are listeners, and reads revisions only after another connection has
 * written.
 */
export function createSqliteFeedWatch({ use }: Connection) {
  const listeners = createListeners<Owner>()
  const watched = new Map<Owner, { revision: string; listeners: number }>()
  let timer: ReturnType<typeof setInterval> | null = null
  let lastPoll: { readonly file: OpenFile; readonly version: number } | null = null

  function poll(): void {
    attempt((file) => {
      const version = versionOf(file)
      if (lastPoll?.file === file && lastPoll.version === version) return
      lastPoll = { file, version }
      for (const [owner, last] of watched) {
        const revision = revisionOf(readRecord(file, owner))
        if (revision === last.revision) continue
        last.revision = revision
        listeners.notify(owner)
      }
    })
  }

  /** If the file cannot be read now, the next poll reads all revisions. */
  function attempt(work: (file: OpenFile) => void): void {
    try {
      use(work)
    } catch {
      lastPoll = null
    }
  }

  function start(owner: Owner) {
    const last = { revision: '', listeners: 0 }
    watched.set(owner, last)
    attempt((file) => {
      lastPoll ??= { file, version: versionOf(file) }
      last.revision = revisionOf(readRecord(file, owner))
    })
    timer ??= setInterval(poll, POLL_MS).unref()
    return last
  }

  function stop(): void {
    if (timer) clearInterval(timer)
    timer = null
    lastPoll = null
  }

  const watch: FeedWatch['watch'] = (owner, listener) => {
    const last = watched.get(owner) ?? start(owner)
    last.listeners++
    const unlisten = listeners.listen(owner, listener)
    let hasEnded = false
    return () => {
      if (hasEnded) return
      hasEnded = true
      unlisten()
      if (--last.listeners > 0) return
      watched.delete(owner)
      if (watched.size === 0) stop()
    }
  }

  return { watch, notify: listeners.notify, stop }
}

function versionOf(file: OpenFile): number {
  return file.statement<{ data_version: number }, []>(DATA_VERSION).get()?.data_version ?? 0
}
