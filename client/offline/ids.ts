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
export function knownIds({ ids, items, sent, arrived }: Data): Map<string, string> {
  const known = new Map(ids)
  const left = new Set(arrived)
  sent?.steps.forEach(({ op, id, members }) => {
    const match = [...left].find((one) => titleOf(items.get(one)) === titleOf(members))
    if (!match || !op.startsWith('create')) return
    known.set(id, match)
    left.delete(match)
  })
  return known
}

/** The text of a task, or the name of a list. */
function titleOf(item: object | undefined): unknown {
  const { text, name } = Object(item)
  return text ?? name
}
