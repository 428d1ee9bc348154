import { newKey } from '../key.ts'
import type { Data } from './replica.ts'

const LOCAL = 'local-'

/** An id for what the service has not created yet. */
export function newLocalId(): string {
  return `${LOCAL}${newKey()}`
}

export function isLocal(id: string): boolean {
  return id.startsWith(LOCAL)
}

/**
 * The service's ids by local ids. Includes those of a request without a response yet, as far as the feed
 * has already brought what it created.
 */
export function knownIds({ ids, tasks, lists, changes, position }: Data): Map<string, string> {
  const known = new Map(ids)
  const keys = new Set(position.sent?.changes.flat())
  const left = new Set(position.arrived)
  for (const { key, op, id, members } of changes)
    if (keys.has(key) && op.startsWith('create') && !ids.has(id))
      for (const candidate of left)
        if (
          !known.has(id) &&
          (tasks.get(candidate)?.text ?? lists.get(candidate)?.name) ===
            (members['text'] ?? members['name'])
        ) {
          known.set(id, candidate)
          left.delete(candidate)
        }
  return known
}
