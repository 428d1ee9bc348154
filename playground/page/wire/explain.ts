import { type Entry, type EventEntry, headerOf, type RequestEntry } from './log.ts'

/** What an entry is for, and the operation of the API's documentation that says more. */
export interface Explanation {
  readonly text: string
  readonly operation: string
}

const STREAM = 'Feed/streamChanges'

const EVENTS: Readonly<Record<string, string>> = {
  upsert: 'A task was created or changed. Every device gets it as it is now.',
  delete: 'A task was deleted. The feed never skips a deletion.',
  list: 'A list was created or changed.',
  list_deleted: 'A list was deleted.',
  synced: 'This device has everything up to here.',
  end: 'The service closes the stream. The device opens another one and misses nothing.',
}

const ROUTES: readonly (readonly [pattern: RegExp, operation: string, text: string])[] = [
  [
    /^GET \/tasks\/changes\?(.*&)?cursor=/,
    'Feed/listChanges',
    'Reads what has changed since the last answer. Nothing is skipped, deletions included.',
  ],
  [/^GET \/tasks\/changes/, 'Feed/listChanges', 'Reads everything once, to build the copy.'],
  [
    /^GET \/tasks\/events/,
    STREAM,
    'Stays open: each change arrives as it happens. Last-Event-ID says where to continue.',
  ],
  [/^GET \/tasks\//, 'Tasks/getTask', 'Reads one task.'],
  [/^GET \/tasks/, 'Tasks/listTasks', 'Reads all tasks, to compare the copies with the service.'],
  [/^POST \/tasks\/batch/, 'Tasks/batchTasks', ''],
  [/^POST \/tasks$/, 'Tasks/createTask', 'Creates a task, once, however often this arrives.'],
  [/^POST \/lists$/, 'Lists/createList', 'Creates a list, once, however often this arrives.'],
  [/^\w+ \/lists/, 'Lists/patchList', 'Changes a list.'],
  [/^\w+ \/tasks/, 'Tasks/patchTask', 'Changes a task, unless it has changed in the meantime.'],
]

export function explain(entry: Entry): Explanation {
  if (entry.kind === 'event') return { text: explainEvent(entry), operation: STREAM }
  const call = `${entry.method} ${entry.path}`
  const [, operation = 'Tasks/listTasks', text = ''] =
    ROUTES.find(([pattern]) => pattern.test(call)) ?? []
  return { operation, text: explainOutcome(entry) ?? (text || explainBatch(entry)) }
}

function explainEvent({ type }: EventEntry): string {
  return EVENTS[type] ?? 'A kind of change that this page does not know. Clients ignore those.'
}

function explainOutcome({ outcome, status, method }: RequestEntry): string | null {
  if (outcome === 'lost')
    return method === 'GET'
      ? 'The page threw this answer away. The device asks again.'
      : 'The service did this, but the page threw the answer away. The device sends it again.'
  if (outcome === 'refused')
    return 'The page answered 503 instead of the service. The device keeps its changes and tries again.'
  if (outcome === 'failed') return 'There was no answer. The device keeps its changes.'
  if (status === 401) return 'The token is no longer valid. Open the printed address again.'
  if (status === 404) return 'To this user, the tasks of others do not exist.'
  if (status === 410) return 'The cursor is too old. The device reads everything again.'
  if (status === 412) return 'Another device was faster, so nothing was overwritten.'
  if (status === 429) return 'Too many requests in a minute. The device waits.'
  return null
}

function explainBatch(entry: RequestEntry): string {
  if (headerOf(entry.responseHeaders, 'idempotency-replayed') === 'true')
    return 'The service knew this key, so it did nothing twice and repeated its first answer.'
  const count = operationsOf(entry).length
  const changes = count === 1 ? 'one change' : `${count} changes`
  if (entry.responseBody?.includes('"PRECONDITION_FAILED"'))
    return `Sends ${changes}. Another device was faster, so nothing was overwritten: the device merges.`
  return `Sends ${changes}. The service runs a key once, so this can be sent again safely.`
}

/** The headers of an entry that are worth a look. A batch has versions in its body. */
export function specialOf(
  entry: RequestEntry,
): readonly (readonly [name: string, value: string])[] {
  const headers = [...entry.requestHeaders, ...entry.responseHeaders]
  const versions = operationsOf(entry).flatMap(({ if_match: version }) => version ?? [])
  return [
    ...headers.filter(([name]) => name in SPECIAL_HEADERS),
    ...(versions.length === 0 ? [] : [['if_match', versions.join(' ')] as const]),
  ]
}

interface Operation {
  readonly if_match?: string
}

/** The operations of a batch; empty for any other request. */
function operationsOf({ requestBody }: RequestEntry): readonly Operation[] {
  const { operations } = Object(JSON.parse(requestBody ?? 'null'))
  return Array.isArray(operations) ? operations : []
}

/** The headers that are worth a look, and what they are for. */
export const SPECIAL_HEADERS: Readonly<Record<string, string>> = {
  'if-match': 'The version that this change was made on.',
  etag: 'The version that the service has now.',
  'idempotency-key': 'Names this call. The service runs it once.',
  'idempotency-replayed': 'The service has seen this key before.',
  'last-event-id': 'The last event that this device has got.',
}
