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
  const { sent, arrived } = position
  const known = new Map(ids)
  const left = new Set(arrived)
  for (const [index, { op, body }] of (sent?.operations ?? []).entries()) {
    const change = changes.find(({ key }) => key === sent?.changes[index]?.[0])
    const { text, name } = Object(body)
    const match = [...left].find(
      (id) => (tasks.get(id)?.text ?? lists.get(id)?.name) === (text ?? name),
    )
    if (!change || !match || !op.startsWith('create')) continue
    known.set(change.id, match)
    left.delete(match)
  }
  return known
}
