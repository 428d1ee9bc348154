import type { BatchResults, List, Task } from '../types.ts'
import type { Data, Entries, Sent } from './replica.ts'
import type { Rejection } from './types.ts'

type Result = BatchResults['results'][number]
export type Results = BatchResults['results']

/** What a response changes in the queue. */
export function settle({ ids }: Data, sent: Sent, results: Results): Entries {
  const entries: Entries = new Map()
  results.forEach((result, index) => {
    const { op, id, changes = [] } = sent.steps[index] ?? {}
    const outcome = outcomeOf(sent, results, index)
    if (outcome === 'again') return
    for (const change of changes) {
      const { key } = change
      // One of several may be at fault, so each of them is sent alone.
      const isAgain = outcome === 'refused' && changes.length > 1
      entries.set(`changes:${key}`, isAgain ? { ...change, isAlone: true } : undefined)
      const { error: code = '', details = [] } = result.error ?? {}
      const rejection: Rejection = { change, code, details }
      if (outcome === 'refused' && !isAgain) entries.set(`rejected:${key}`, rejection)
    }
    const created = op?.startsWith('create') && itemOf(result)
    if (created) entries.set(`ids:${id}`, created.id)
    // It is not in the trash: created again, or deleted permanently.
    if (created || op === 'erase') entries.set(`trash:${ids.get(`${id}`) ?? id}`, undefined)
  })
  return entries
}

function outcomeOf(
  { operations }: Sent,
  results: Results,
  index: number,
): 'done' | 'again' | 'refused' {
  const operation = operations[index]
  const { status = 0 } = results[index] ?? {}
  if (status < 300 || (status === 404 && operation?.op.startsWith('delete'))) return 'done'
  // 412: another device was faster. The change is merged and sent again.
  if (status === 412 || status >= 500) return 'again'
  // What it refers to was not created. It is sent again without the reference.
  const failed = results.some(
    (other, at) => other.status >= 300 && JSON.stringify(operation).includes(`"$${at}"`),
  )
  return status === 422 && failed ? 'again' : 'refused'
}

function itemOf({ task, list }: Result): Task | List | undefined {
  return task ?? list
}

/** Whether the copy already shows what a response says. */
export function isReflected({ items }: Data, sent: Sent, results: Results): boolean {
  return results.every((result, index) => {
    const { id, if_match } = sent.operations[index] ?? {}
    const item = itemOf(result)
    const known = items.get(item?.id ?? `${id}`)
    if (item) return known && known.version >= item.version
    // Deleted, or changed by another device.
    return result.status === 422 || `"v${known?.version}"` !== if_match
  })
}
