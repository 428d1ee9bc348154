import type { Data } from './replica.ts'

const LOCAL = 'local-'

/** A random text. Not `randomUUID`, which is missing on pages without TLS. */
export function randomText(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** An id for what the service has not created yet. */
export function newLocalId(): string {
  return `${LOCAL}${randomText()}`
}

export function isLocal(id: string): boolean {
  return id.startsWith(LOCAL)
}

/**
 * The service's ids by local ids. Includes those of a request without a response yet, as far as the feed
 * has already brought what it created.
 */
export function knownIds(data: Data): ReadonlyMap<string, string> {
  const { sent, arrived = [] } = data.position
  if (!sent || arrived.length === 0) return data.ids
  const ids = new Map(data.ids)
  const left = new Set(arrived)
  const keys = new Set(sent.changes.flat())
  for (const { key, op, id, members } of data.changes) {
    if (!keys.has(key) || ids.has(id)) continue
    const match = [...left].find((candidate) =>
      op === 'create'
        ? data.tasks.get(candidate)?.text === members['text']
        : op === 'create_list' && data.lists.get(candidate)?.name === members['name'],
    )
    if (match === undefined) continue
    ids.set(id, match)
    left.delete(match)
  }
  return ids
}
