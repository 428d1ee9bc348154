import { createState, type Observable } from '../observable.ts'

type Headers = readonly (readonly [name: string, value: string])[]

/**
 * What became of a request. `lost`: the service answered, but the page threw the answer away. `refused`: the
 * page answered instead of the service. `failed`: there was no answer. `ended`: the page stopped waiting.
 */
export type Outcome = 'pending' | 'answered' | 'streaming' | 'ended' | 'lost' | 'refused' | 'failed'

export interface RequestEntry {
  readonly kind: 'request'
  readonly id: number
  readonly device: string
  readonly method: string
  readonly path: string
  /** In milliseconds since 1970. */
  readonly at: number
  /** Until the answer; `null` if there is none yet. */
  readonly durationMs: number | null
  readonly outcome: Outcome
  readonly status: number | null
  readonly requestHeaders: Headers
  readonly responseHeaders: Headers
  readonly requestBody: string | null
  readonly responseBody: string | null
}

/** A server-sent event. */
export interface EventEntry {
  readonly kind: 'event'
  readonly id: number
  readonly device: string
  readonly at: number
  readonly type: string
  readonly eventId: string
  readonly data: string
}

export type Entry = RequestEntry | EventEntry

export type NewRequest = Pick<
  RequestEntry,
  'device' | 'method' | 'path' | 'requestHeaders' | 'requestBody'
>

/** A request in the log. */
export interface Recorded {
  entry(): RequestEntry
  /** Changes the entry, and returns it. */
  change(members: Partial<RequestEntry>): RequestEntry
}

const MAX_ENTRIES = 200

export type Wire = ReturnType<typeof createWire>

/** The log of all requests that the page makes, and of the events that it receives. */
export function createWire(now: () => number) {
  const entries = createState<readonly Entry[]>([])
  let lastId = 0

  function add<Added extends Entry>(entry: Added): Added {
    entries.update((all) => [entry, ...all].slice(0, MAX_ENTRIES))
    return entry
  }

  return {
    /** The newest entry first. */
    entries: entries as Observable<readonly Entry[]>,

    /** Adds a request. */
    addRequest(request: NewRequest): Recorded {
      let current: RequestEntry = add({
        ...request,
        kind: 'request',
        id: ++lastId,
        at: now(),
        durationMs: null,
        outcome: 'pending',
        status: null,
        responseHeaders: [],
        responseBody: null,
      })
      return {
        entry: () => current,
        change(members) {
          const next = { ...current, ...members }
          entries.update((all) => all.map((entry) => (entry === current ? next : entry)))
          current = next
          return next
        },
      }
    },

    addEvent(event: Pick<EventEntry, 'device' | 'type' | 'eventId' | 'data'>): void {
      add({ ...event, kind: 'event', id: ++lastId, at: now() })
    },

    clear: () => entries.set([]),
  }
}

/** The value of a header, whatever the case of its name; `null` without one. */
export function headerOf(headers: Headers, name: string): string | null {
  return headers.find(([other]) => other.toLowerCase() === name)?.[1] ?? null
}
