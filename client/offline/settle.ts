import type { BatchResults } from '../types.ts'
import type { Data, Entries, Sent } from './replica.ts'
import type { Rejection } from './types.ts'

type Result = BatchResults['results'][number]
export type Results = BatchResults['results']

/** What a response leaves in the queue. */
export function settle(data: Data, sent: Sent, results: Results) {
  const entries: Entries = new Map()
  const rejected: Rejection[] = []

  for (const [index, result] of results.entries()) {
    const keys = sent.changes[index] ?? []
    const made = data.changes.filter(({ key }) => keys.includes(key))
    const outcome = outcomeOf(result, sent, index, results)
    if (outcome === 'again') continue
    for (const change of made) {
      const { id, key } = change
      // One of several may be at fault, so each of them is sent alone.
      const isAgain = outcome === 'refused' && made.length > 1
      entries.set(`changes:${key}`, isAgain ? { ...change, isAlone: true } : undefined)
      const { error, details = [] } = result.error ?? {}
      if (outcome === 'refused' && !isAgain) rejected.push({ change, code: `${error}`, details })
      const created = change.op.startsWith('create') && itemOf(result)
      if (created) entries.set(`ids:${id}`, created.id)
      // It is not in the trash: created again, or deleted permanently.
      if (created || sent.isPermanent) entries.set(`trash:${data.ids.get(id) ?? id}`, undefined)
    }
  }
  return { entries, rejected }
}

function outcomeOf(
  { status }: Result,
  sent: Sent,
  index: number,
  results: Results,
): 'done' | 'again' | 'refused' {
  const operation = sent.operations[index]
  if (status < 300 || (status === 404 && operation?.op.startsWith('delete'))) return 'done'
  // 412: another device was faster. The change is merged and sent again.
  if (status === 412 || status >= 500) return 'again'
  // What it refers to was not created. It is sent again without the reference.
  const references = JSON.stringify(operation).matchAll(/"\$(\d+)"/g)
  const failed = Array.from(references, ([, number]) => results[Number(number)]?.status ?? 0)
  return status === 422 && failed.some((other) => other >= 300) ? 'again' : 'refused'
}

function itemOf({ task, list }: Result) {
  return task ?? list
}

/** Whether the copy already shows what a response says. */
export function isReflected({ tasks, lists, trash }: Data, sent: Sent, results: Results): boolean {
  return results.every((result, index) => {
    const { op, id, if_match } = sent.operations[index] ?? {}
    const item = itemOf(result)
    const key = item?.id ?? `${id}`
    const known = tasks.get(key) ?? lists.get(key)
    // Until the feed brings a restored task, it is still in the trash.
    if (item) return known ? known.version >= item.version : trash.has(key) && op !== 'restore'
    // Another device has changed it, so the copy will show another version.
    if (result.status === 412) return `"v${known?.version}"` !== if_match
    return result.status === 422 || !known
  })
}
