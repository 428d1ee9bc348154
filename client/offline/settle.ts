import type { BatchResults } from '../types.ts'
import type { Data, Entries, Sent } from './replica.ts'
import type { Rejection, WaitingChange } from './types.ts'

export type Result = BatchResults['results'][number]

/** What a response leaves in the queue. */
export function settle(data: Data, sent: Sent, results: readonly Result[]) {
  const entries: Entries = new Map()
  const rejected: Rejection[] = []
  const changes = new Map(data.changes.map((change) => [change.key, change]))

  for (const [index, keys] of sent.changes.entries()) {
    const result = results[index]
    if (!result) continue
    const made = keys.flatMap((key) => changes.get(key) ?? [])
    const outcome = outcomeOf(result, index)
    if (outcome === 'again') continue
    if (result.status === 422 && made.length > 1) {
      // One of them may be at fault, so each is sent alone.
      for (const change of made) entries.set(`change:${change.key}`, { ...change, isAlone: true })
      continue
    }
    for (const change of made) {
      entries.set(`change:${change.key}`, undefined)
      if (outcome === 'rejected') rejected.push(rejectionOf(change, result))
      else entriesOfDone(change, result)
    }
  }
  return { entries, rejected }

  function entriesOfDone(change: WaitingChange, result: Result): void {
    const item = itemOf(result)
    if (change.op.startsWith('create') && item) {
      entries.set(`id:${change.id}`, item.id)
      entries.set(`trash:${change.id}`, undefined)
    }
    if (sent.isPermanent) entries.set(`trash:${sent.operations[0] && idOf(sent, 0)}`, undefined)
  }

  function outcomeOf({ status }: Result, index: number): 'done' | 'again' | 'rejected' {
    const { op } = sent.operations[index] ?? {}
    if (status < 300) return 'done'
    // 412: another device was faster. The change is merged and sent again.
    if (status === 412 || status >= 500) return 'again'
    if (status === 404 && op?.startsWith('delete')) return 'done'
    // What it refers to was not created. It is sent again without the reference.
    if (status === 422 && refersToFailure(index)) return 'again'
    return 'rejected'
  }

  function refersToFailure(index: number): boolean {
    const references = JSON.stringify(sent.operations[index]).matchAll(
      /"(?:id|list_id|parent_id|before|after)":"\$(\d+)"/g,
    )
    return Array.from(references, ([, number]) => results[Number(number)]?.status ?? 0).some(
      (status) => status >= 300,
    )
  }
}

function rejectionOf(change: WaitingChange, result: Result): Rejection {
  const error = 'error' in result ? result.error : undefined
  return {
    change,
    code: error?.error ?? 'UNEXPECTED_RESPONSE',
    message: error?.message ?? '',
    details: error?.details ?? [],
  }
}

function itemOf(result: Result) {
  return ('task' in result && result.task) || ('list' in result && result.list) || null
}

function idOf(sent: Sent, index: number): string | undefined {
  const operation = sent.operations[index]
  return operation && 'id' in operation ? operation.id : undefined
}

/** Whether the copy already shows what a response says. */
export function isReflected({ tasks, lists, trash }: Data, sent: Sent, results: readonly Result[]) {
  return results.every((result, index) => {
    const item = itemOf(result)
    const id = item?.id ?? idOf(sent, index) ?? ''
    const known = tasks.get(id) ?? lists.get(id)
    if (item) return known ? known.version >= item.version : trash.has(id)
    if (result.status === 204 || result.status === 404) return !known
    // Another device has changed it, so the copy will show another version.
    const operation = sent.operations[index]
    const expected = operation && 'if_match' in operation ? operation.if_match : undefined
    return result.status !== 412 || `"v${known?.version}"` !== expected
  })
}
