import type { BatchResults, List, Task } from '../types.ts'
import type { Data, Entries, Sent } from './replica.ts'
import type { Rejection } from './types.ts'

type Result = BatchResults['results'][number]
export type Results = BatchResults['results']

/** What a response changes in the queue. */
export function settle({ ids }: Data, sent: Sent, results: Results): Entries {
  const entries: Entries = new Map()
  results.forEach((result, index) => {
    const { status, error: { error: code, details = [] } = {} } = result
    const { op = '', id = '', changes = [] } = sent.steps[index] ?? {}
    // What it refers to was not created. It is sent again without the reference.
    const operation = JSON.stringify(sent.operations[index])
    const isReferenceWrong = results.some(
      (other, at) => other.status >= 300 && operation.includes(`"$${at}"`),
    )
    // 412: another device was faster. The change is merged and sent again.
    if (status === 412 || status >= 500 || (status === 422 && isReferenceWrong)) return
    const isRefused = status >= 300 && (status !== 404 || !op.startsWith('delete'))
    // One of several may be at fault, so each of them is sent alone.
    const isAgain = isRefused && changes.length > 1
    for (const change of changes) {
      entries.set(`changes:${change.key}`, isAgain ? { ...change, isAlone: true } : undefined)
      if (isRefused && !isAgain) addRejected(entries, { change, code: `${code}`, details })
    }
    const created = op.startsWith('create') && itemOf(result)
    if (created) entries.set(`ids:${id}`, created.id)
    // It is not in the trash: created again, or deleted permanently.
    if (created || op === 'erase') entries.set(`trash:${ids.get(id) ?? id}`, undefined)
  })
  return entries
}

export function addRejected(entries: Entries, rejection: Rejection): void {
  entries.set(`rejected:${rejection.change.key}`, rejection)
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
