import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createTaskportClient, type TaskportClient } from '../../client/taskport.ts'
import { portOf } from '../support/port.ts'

/** Handles one connection, usually in a way that a healthy service never would. */
type Handler = (request: IncomingMessage, response: ServerResponse) => void

let server: Server
let taskport: TaskportClient
let handlers: Handler[] = []
let requests: IncomingMessage[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request)
    // On a reused connection, Bun's fetch would retry a lost request by itself.
    response.setHeader('connection', 'close')
    const handler = handlers.shift()
    if (handler) handler(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})

beforeEach(() => {
  let tokens = 0
  const url = `http://127.0.0.1:${portOf(server)}`
  taskport = createTaskportClient({ url, token: () => `token-${tokens++}` })
})

afterAll(() => {
  server.close()
  server.closeAllConnections()
})

function respondWith(...next: Handler[]): void {
  handlers = next
  requests = []
}

function deletion(id: string) {
  return { type: 'delete', id, deleted_at: '2026-01-31T09:30:00.000Z' }
}

function eventOf(cursor: string): string {
  return `event: delete\ndata: ${JSON.stringify(deletion(cursor))}\nid: ${cursor}\n\n`
}

/** Streams these pieces, then ends, breaks or stays open. */
function stream(
  end: 'ends' | 'breaks' | 'stays open',
  ...pieces: (string | Uint8Array)[]
): Handler {
  return async (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const piece of pieces) await new Promise((resolve) => response.write(piece, resolve))
    if (end === 'ends') response.end()
    if (end === 'breaks') response.destroy()
  }
}

function answer(status: number, body: object, headers = {}): Handler {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }
}

const refused = answer(401, { error: 'UNAUTHORIZED', message: 'Invalid or expired token' })
const busy = answer(503, { error: 'SERVICE_UNAVAILABLE', message: 'x' }, { 'retry-after': '0' })
const expired = answer(410, { error: 'CURSOR_EXPIRED', message: 'Start again' })

/** Reads this many events and returns their cursors. */
async function take(count: number, cursor?: string): Promise<string[]> {
  const cursors: string[] = []
  for await (const event of taskport.events({ cursor })) {
    expect(event).toEqual(expect.objectContaining(deletion(event.cursor)))
    if (cursors.push(event.cursor) === count) break
  }
  return cursors
}

describe('events', () => {
  test('are parsed whatever the chunks and line ends of the stream', async () => {
    const text = `\uFEFF: hello\n\n${eventOf('a')}${eventOf('ü').replaceAll('\n', '\r\n')}${eventOf('c').replaceAll('\n', '\r')}`
    const bytes = new TextEncoder().encode(text)
    const pieces = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))
    respondWith(stream('stays open', ...pieces, '\n'), stream('stays open', text, '\n'))
    expect(await take(3)).toEqual(['a', 'ü', 'c'])
    expect(await take(3)).toEqual(['a', 'ü', 'c'])
  })

  test('have the cursor of the last event with an id', async () => {
    const half = (id: string) => `event: delete\ndata: ${JSON.stringify(deletion(id))}\n\n`
    const synced = 'event: synced\ndata: {"snapshot":true}\nid: 1\n\n'
    respondWith(
      stream('stays open', 'retry: 10\n\nevent: news\ndata: x\n\n', half('a'), synced, half('b')),
    )
    const events = taskport.events({ cursor: '0' })
    expect((await events.next()).value).toEqual({ ...deletion('a'), cursor: '0' })
    expect((await events.next()).value).toEqual({ type: 'synced', snapshot: true, cursor: '1' })
    expect((await events.next()).value).toEqual({ ...deletion('b'), cursor: '1' })
    await events.return(undefined)
  })

  test('resume after the stream ends or breaks', async () => {
    respondWith(
      stream('ends', eventOf('a'), 'event: end\ndata: {"reason":"TOKEN_EXPIRED"}\n\n'),
      stream('ends', eventOf('b'), 'id: half\ndata: {"type":'),
      stream('breaks', 'id: half\ndata: {"type":'),
      busy,
      stream('ends', eventOf('c')),
      (request) => request.socket.destroy(),
      answer(502, {}),
      stream('stays open', eventOf('d')),
    )
    expect(await take(4)).toEqual(['a', 'b', 'c', 'd'])
    expect(requests.map(({ headers }) => headers['last-event-id'])).toEqual([
      undefined,
      'a',
      'b',
      'b',
      'b',
      'c',
      'c',
      'c',
    ])
    expect(requests[0]?.headers.accept).toBe('text/event-stream')
  }, 20_000)

  test('resume from a cursor, with a new token when the old one is refused', async () => {
    respondWith(stream('ends', eventOf('b')), refused, stream('stays open', eventOf('c')))
    expect(await take(2, 'a')).toEqual(['b', 'c'])
    expect(
      requests.map(({ headers }) => [headers.authorization, headers['last-event-id']]),
    ).toEqual([
      ['Bearer token-0', 'a'],
      ['Bearer token-0', 'b'],
      ['Bearer token-1', 'b'],
    ])
  })

  test('reject when a retry cannot help', async () => {
    respondWith(expired)
    await expect(take(1, 'old')).rejects.toMatchObject({ code: 'CURSOR_EXPIRED', status: 410 })
    respondWith(stream('ends', 'event: end\ndata: {"reason":"CURSOR_EXPIRED"}\nid\n\n'))
    await expect(take(1, 'old')).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
    respondWith(refused, refused)
    await expect(take(1)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })

  test('end with the stream, or reject when it breaks, if they must not reconnect', async () => {
    const read = async () => {
      const cursors: string[] = []
      for await (const { cursor } of taskport.events({ reconnect: false })) cursors.push(cursor)
      return cursors
    }
    respondWith(stream('ends', eventOf('a'), eventOf('b')))
    expect(await read()).toEqual(['a', 'b'])
    respondWith(stream('breaks', eventOf('a')))
    await expect(read()).rejects.toMatchObject({ code: 'NETWORK_ERROR' })
    expect(requests).toHaveLength(1)
  })

  test('stop and close the connection when the signal aborts', async () => {
    const controller = new AbortController()
    const closed = Promise.withResolvers<void>()
    respondWith((request, response) => {
      response.on('close', closed.resolve)
      stream('stays open', eventOf('a'))(request, response)
    })
    const reading = (async () => {
      for await (const _ of taskport.events({ signal: controller.signal }))
        controller.abort(new Error('enough'))
    })()
    await expect(reading).rejects.toThrow('enough')
    await closed.promise
  })

  test('close the connection when the reader stops', async () => {
    const closed = Promise.withResolvers<void>()
    respondWith((request, response) => {
      response.on('close', closed.resolve)
      stream('stays open', eventOf('a'))(request, response)
    })
    await take(1)
    await closed.promise
  })
})

describe('changes', () => {
  const page = (cursor: string, ...ids: string[]) =>
    answer(200, { changes: ids.map(deletion), next_cursor: cursor, has_more: false })

  test('are read page by page, with retries', async () => {
    respondWith(
      page('1', 'a', 'b'),
      page('2'),
      busy,
      (request) => request.socket.destroy(),
      page('3', 'c'),
    )
    const read: string[] = []
    for await (const { changes, next_cursor } of taskport.changes({ limit: 2 })) {
      read.push(`${changes.length} to ${next_cursor}`)
      if (next_cursor === '3') break
    }
    expect(read).toEqual(['2 to 1', '1 to 3'])
    expect(requests.map(({ url }) => url)).toEqual([
      '/tasks/changes?limit=2&wait=0',
      '/tasks/changes?cursor=1&limit=2&wait=25',
      '/tasks/changes?cursor=2&limit=2&wait=25',
      '/tasks/changes?cursor=2&limit=2&wait=25',
      '/tasks/changes?cursor=2&limit=2&wait=25',
    ])
  })

  test('reject when a retry cannot help or the signal aborts', async () => {
    respondWith(expired)
    await expect(taskport.changes({ cursor: 'old' }).next()).rejects.toMatchObject({
      code: 'CURSOR_EXPIRED',
    })
    respondWith(() => {})
    const signal = AbortSignal.timeout(100)
    await expect(taskport.changes({ cursor: '1', signal }).next()).rejects.toMatchObject({
      name: 'TimeoutError',
    })
  })

  test('are read one page at a time, with as many retries as the call says', async () => {
    respondWith(busy, page('1', 'a'))
    const { changes, next_cursor } = await taskport.listChanges({ limit: 2 })
    expect([changes.length, next_cursor]).toEqual([1, '1'])
    expect(requests.map(({ url }) => url)).toEqual(Array(2).fill('/tasks/changes?limit=2'))
    respondWith(busy, page('2'))
    await expect(taskport.listChanges({ cursor: '1' }, { retries: 0 })).rejects.toMatchObject({
      status: 503,
    })
    expect(requests).toHaveLength(1)
  })
})
