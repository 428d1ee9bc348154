import { describe, expect, test } from 'bun:test'
import { curlOf } from '../../playground/page/wire/curl.ts'
import { explain } from '../../playground/page/wire/explain.ts'
import { createWire, type RequestEntry } from '../../playground/page/wire/log.ts'

function requestOf(members: Partial<RequestEntry>): RequestEntry {
  const { entry, change } = createWire(() => 0).addRequest({
    device: 'Laptop',
    method: 'GET',
    path: '/tasks',
    requestHeaders: [],
    requestBody: null,
  })
  change({ outcome: 'answered', status: 200, ...members })
  return entry()
}

describe('the curl command', () => {
  test('is what a shell sends again', async () => {
    const received = Promise.withResolvers<{ readonly request: Request; readonly text: string }>()
    using server = Bun.serve({
      port: 0,
      async fetch(request) {
        received.resolve({ request, text: await request.text() })
        return new Response()
      },
    })
    const body = `{"text":"It's $HOME\\n\`here\`"}`
    const command = curlOf(
      requestOf({
        method: 'PATCH',
        path: '/tasks/1?a=b&c=d',
        requestHeaders: [
          ['authorization', 'Bearer abc'],
          ['content-type', 'application/json'],
          ['if-match', '"v3"'],
          ['user-agent', 'browser'],
        ],
        requestBody: body,
      }),
      `http://127.0.0.1:${server.port}`,
    )
    await Bun.$`sh -c ${command}`.quiet()
    const { request, text } = await received.promise
    expect(request.method).toBe('PATCH')
    expect(new URL(request.url).search).toBe('?a=b&c=d')
    expect(text).toBe(body)
    expect(Object.fromEntries(request.headers)).toMatchObject({
      authorization: 'Bearer abc',
      'content-type': 'application/json',
      'if-match': '"v3"',
    })
    expect(request.headers.get('user-agent')).toStartWith('curl')
  })

  test('does not buffer a stream', () => {
    const entry = requestOf({
      path: '/tasks/events',
      requestHeaders: [
        ['accept', 'text/event-stream'],
        ['last-event-id', '7'],
      ],
    })
    expect(curlOf(entry, 'http://x')).toBe(
      [
        "curl -N 'http://x/tasks/events'",
        "-H 'Accept: text/event-stream'",
        "-H 'Last-Event-ID: 7'",
      ].join(' \\\n  '),
    )
  })
})

describe('an explanation', () => {
  const batch = (members: Partial<RequestEntry> = {}) =>
    requestOf({
      method: 'POST',
      path: '/tasks/batch',
      requestBody: '{"operations":[{"op":"create"},{"op":"patch"}]}',
      ...members,
    })

  test.each<[string, RequestEntry, string]>([
    ['a batch', batch(), 'Sends 2 changes.'],
    ['a conflict', batch({ responseBody: '{"error":"PRECONDITION_FAILED"}' }), 'Another device'],
    ['a replay', batch({ responseHeaders: [['idempotency-replayed', 'true']] }), 'knew this key'],
    ['a lost answer', batch({ outcome: 'lost' }), 'threw the answer away'],
    ['a lost read', requestOf({ outcome: 'lost' }), 'asks again'],
    ['a refusal', batch({ outcome: 'refused', status: 503 }), '503'],
    ['a failure', batch({ outcome: 'failed', status: null }), 'no answer'],
    ['the first read', requestOf({ path: '/tasks/changes?limit=1' }), 'everything once'],
    ['the next read', requestOf({ path: '/tasks/changes?limit=1&cursor=7' }), 'since the last'],
    ['a stream', requestOf({ path: '/tasks/events' }), 'Stays open'],
    ['an old cursor', requestOf({ path: '/tasks/changes?cursor=7', status: 410 }), 'too old'],
    ['a foreign task', requestOf({ path: '/tasks/7', status: 404 }), 'do not exist'],
  ])('of %s says what happened', (_, entry, text) => {
    expect(explain(entry).text).toContain(text)
  })

  test('names an operation of the OpenAPI document', async () => {
    const { paths } = await Bun.file('openapi.json').json()
    const known = Object.values<object>(paths).flatMap((methods) =>
      Object.values<{ tags: string[]; operationId: string }>(Object(methods)).map(
        ({ tags, operationId }) => `${tags[0]}/${operationId}`,
      ),
    )
    const calls = [
      ...['GET /tasks', 'GET /tasks/7', 'GET /tasks/changes', 'GET /tasks/events', 'POST /tasks'],
      ...[
        'POST /tasks/batch',
        'PATCH /tasks/7',
        'DELETE /tasks/7',
        'POST /lists',
        'PATCH /lists/7',
      ],
    ]
    const named = calls.map((call) => {
      const [method = '', path = ''] = call.split(' ')
      return explain(requestOf({ method, path })).operation
    })
    expect(new Set(named).size).toBe(9)
    for (const operation of named) expect(known).toContain(operation)
  })

  test.each(['upsert', 'delete', 'list', 'list_deleted', 'synced', 'end', 'other'])(
    'of the event %s is a sentence',
    (type) => {
      const event = { kind: 'event', id: 1, device: 'Phone', at: 0, eventId: '', data: '' } as const
      expect(explain({ ...event, type }).text).toEndWith('.')
    },
  )
})
