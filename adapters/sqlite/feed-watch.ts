import { createListeners } from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { FeedWatch } from '../../core/ports.ts'
import type { Connection, OpenFile } from './connection.ts'

const LOOK_EVERY_MS = 250

const MOVED = 'pragma data_version'

const FEED = 'select epoch, sequence from feeds where user_id = ?'

/**
 * Tells of writes: of this process at once, of others when it has looked at the file. It looks only
 * while somebody listens, and at the feeds only where another connection has written.
 */
export function createSqliteFeedWatch({ use }: Connection) {
  const listeners = createListeners<Owner>()
  const watched = new Map<Owner, { revision: string; listeners: number }>()
  let looking: ReturnType<typeof setInterval> | null = null
  let lastLook: { readonly file: OpenFile; readonly version: number } | null = null

  function look(): void {
    attempt((file) => {
      const version = versionOf(file)
      if (lastLook?.file === file && lastLook.version === version) return
      lastLook = { file, version }
      for (const [owner, last] of watched) {
        const revision = revisionIn(file, owner)
        if (revision === last.revision) continue
        last.revision = revision
        listeners.tell(owner)
      }
    })
  }

  /** Where the file cannot be read now, the next look is at everything. */
  function attempt(work: (file: OpenFile) => void): void {
    try {
      use(work)
    } catch {
      lastLook = null
    }
  }

  function start(owner: Owner) {
    const last = { revision: '', listeners: 0 }
    watched.set(owner, last)
    attempt((file) => {
      lastLook ??= { file, version: versionOf(file) }
      last.revision = revisionIn(file, owner)
    })
    looking ??= setInterval(look, LOOK_EVERY_MS).unref()
    return last
  }

  function stop(): void {
    if (looking) clearInterval(looking)
    looking = null
    lastLook = null
  }

  const watch: FeedWatch['watch'] = (owner, listener) => {
    const last = watched.get(owner) ?? start(owner)
    last.listeners++
    const end = listeners.listen(owner, listener)
    let hasEnded = false
    return () => {
      if (hasEnded) return
      hasEnded = true
      end()
      if (--last.listeners > 0) return
      watched.delete(owner)
      if (watched.size === 0) stop()
    }
  }

  return { watch, tell: listeners.tell, stop }
}

function versionOf(file: OpenFile): number {
  return file.statement<{ data_version: number }, []>(MOVED).get()?.data_version ?? 0
}

function revisionIn(file: OpenFile, owner: Owner): string {
  const row = file.statement<{ epoch: string; sequence: number }, [string]>(FEED).get(owner)
  return row ? `${row.epoch}.${row.sequence}` : ''
}
