import { headerOf, type RequestEntry } from '../wire/log.ts'

/** What happened to the calls with one `Idempotency-Key`. */
interface Call {
  readonly changes: number
  readonly sent: number
  /** How often the service ran it. */
  readonly done: number
  /** How often the service knew it already. */
  readonly recognized: number
}

/** What the page knows about its own requests, lost answers included. */
export interface Tally {
  readonly calls: ReadonlyMap<string, Call>
  readonly lost: number
  readonly refused: number
}

export const NO_CALLS: Tally = { calls: new Map(), lost: 0, refused: 0 }

/** Adds a request that has got its whole answer. */
export function count(tally: Tally, entry: RequestEntry): Tally {
  const { outcome } = entry
  const next = {
    ...tally,
    lost: tally.lost + (outcome === 'lost' ? 1 : 0),
    refused: tally.refused + (outcome === 'refused' ? 1 : 0),
  }
  const key = headerOf(entry.requestHeaders, 'idempotency-key')
  if (key === null) return next
  const call = tally.calls.get(key) ?? {
    changes: changesIn(entry),
    sent: 0,
    done: 0,
    recognized: 0,
  }
  const hasRun = outcome !== 'refused' && entry.status !== null && entry.status < 300
  const isKnown = headerOf(entry.responseHeaders, 'idempotency-replayed') === 'true'
  const counted = {
    ...call,
    sent: call.sent + 1,
    done: call.done + (hasRun && !isKnown ? 1 : 0),
    recognized: call.recognized + (hasRun && isKnown ? 1 : 0),
  }
  return { ...next, calls: new Map(tally.calls).set(key, counted) }
}

/** The sums that the page shows. */
export function totals({ calls, lost, refused }: Tally) {
  const all = [...calls.values()]
  const sum = (value: (call: Call) => number) => all.reduce((total, call) => total + value(call), 0)
  return {
    changes: sum((call) => (call.done > 0 ? call.changes : 0)),
    lost,
    refused,
    sentAgain: sum((call) => call.sent - 1),
    recognized: sum((call) => call.recognized),
    doneTwice: sum((call) => Math.max(0, call.done - 1)),
  }
}

function changesIn({ requestBody }: RequestEntry): number {
  const { operations } = Object(JSON.parse(requestBody ?? 'null'))
  return Array.isArray(operations) ? operations.length : 1
}
