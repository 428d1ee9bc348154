import { describe, expect, test } from 'bun:test'
import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { connect as connectSocket, type Socket } from 'node:net'
import { TaskportError } from '../../core/errors.ts'
import { type EventReader, parseEvents, type ServerEvent } from '../support/event-stream.ts'
import { connect } from '../support/socket.ts'
import { readError } from './answers.ts'
import { asChange, nameOf, readChanges } from './feed-answers.ts'
import { type FeedService, owner, startFeedService } from './feed-service.ts'

const ann = owner('ann')

async function create(service: FeedService, text: string): Promise<string> {
  return (await service.tasks.create(ann, { body: { text }, retry: null })).value.id
}

async function remove(service: FeedService, id: string): Promise<void> {
  await service.tasks.remove(ann, { id, versions: null })
}

const isSynced = (event: ServerEvent) => event.name === 'synced'

/** Reads events up to `synced`. */
async function upToNow(reader: EventReader) {
  const events = await reader.until(isSynced)
  const last = events.pop()
  return { names: namesOf(events), ids: events.map(({ id }) => id), synced: last?.data, last }
}

function namesOf(events: readonly ServerEvent[]): string[] {
  return events.map(({ name, data }) => {
    const change = asChange(data)
    if (change.type !== name) throw new Error(`${name} does not match ${JSON.stringify(data)}`)
    return nameOf(change)
  })
}

describe('GET /tasks/events', () => {
  test('sends every task, then synced, then changes', async () => {
    await using service = startFeedService()
    const milk = await create(service, 'milk')
    await using events = await service.events()
    expect(await upToNow(events)).toMatchObject({ names: ['milk'], synced: { snapshot: true } })
    await create(service, 'bread')
    expect(namesOf([(await events.next()) ?? expect.unreachable()])).toStrictEqual(['bread'])
    await remove(service, milk)
    expect(namesOf([(await events.next()) ?? expect.unreachable()])).toStrictEqual([`-${milk}`])
  })

  test('sends lists before tasks, and what happens to them', async () => {
    await using service = startFeedService()
    await create(service, 'milk')
    const request = { body: { name: 'groceries' }, retry: null }
    const { id } = (await service.lists.create(ann, request)).value
    await using events = await service.events()
    expect((await upToNow(events)).names).toStrictEqual(['groceries', 'milk'])
    await service.lists.change(ann, { op: 'patch_list', id, body: { name: 'b' }, versions: null })
    const changed = (await events.next()) ?? expect.unreachable()
    expect(namesOf([changed])).toStrictEqual(['b'])
    const members = ['id', 'name', 'color', 'order', 'version', 'created_at', 'updated_at']
    expect(Object.keys(Object(changed.data).list)).toStrictEqual(members)
    await service.lists.remove(ann, { id, versions: null })
    const deleted = (await events.next()) ?? expect.unreachable()
    expect(namesOf([deleted])).toStrictEqual([`-${id}`])
    expect(Object.keys(Object(deleted.data))).toStrictEqual(['type', 'id', 'deleted_at'])
  })

  test('has headers that prevent storing and buffering', async () => {
    await using service = startFeedService()
    await using events = await service.events('/tasks/events', { origin: 'http://localhost:3000' })
    expect(Object.fromEntries(events.response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'private, no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.any(String),
      'access-control-allow-origin': 'http://localhost:3000',
    })
    expect(events.response.headers.get('content-encoding')).toBeNull()
  })

  test('sends more tasks than fit on one page', async () => {
    await using service = startFeedService()
    const texts = Array.from({ length: 250 }, (_, index) => `task ${index}`)
    for (const text of texts) await create(service, text)
    await using events = await service.events()
    const { names, ids } = await upToNow(events)
    expect(names).toStrictEqual(texts)
    // One at the end of each page; on the last page, `synced` has it.
    expect(ids.flatMap((id, index) => (id === null ? [] : [index]))).toStrictEqual([99, 199])
  })

  test('resumes after any event with an id', async () => {
    await using service = startFeedService()
    for (let index = 0; index < 250; index++) await create(service, `task ${index}`)
    await using events = await service.events()
    const { ids, last } = await upToNow(events)
    const resumed = await Promise.all(
      [ids[99], ids[199], last?.id].map(async (id) => {
        await using again = await service.events('/tasks/events', { 'last-event-id': `${id}` })
        return await upToNow(again)
      }),
    )
    expect(resumed.map(({ names }) => names.length)).toStrictEqual([150, 50, 0])
    expect(resumed.map(({ synced }) => synced)).toStrictEqual(Array(3).fill({ snapshot: false }))
  })

  test('sends changes that happen while a reader is disconnected or connecting', async () => {
    await using service = startFeedService()
    await using first = await service.events()
    const { last } = await upToNow(first)
    await first.leave()
    await service.listening(0)
    const milk = await create(service, 'milk')
    await remove(service, milk)
    service.interference.afterRead = async () => {
      service.interference.afterRead = null
      await create(service, 'bread')
    }
    await using second = await service.events(`/tasks/events?cursor=${last?.id}`)
    expect((await upToNow(second)).names).toStrictEqual([`-${milk}`])
    expect(namesOf([(await second.next()) ?? expect.unreachable()])).toStrictEqual(['bread'])
  })

  test('prefers Last-Event-ID to the cursor', async () => {
    await using service = startFeedService()
    const { cursor } = await readChanges(await service.send('/tasks/changes'))
    await create(service, 'milk')
    const { cursor: later } = await readChanges(await service.send('/tasks/changes'))
    await using events = await service.events(`/tasks/events?cursor=${cursor}`, {
      'last-event-id': later,
    })
    expect((await upToNow(events)).names).toStrictEqual([])
  })

  test('treats an empty Last-Event-ID and an empty cursor as absent', async () => {
    await using service = startFeedService()
    await using events = await service.events('/tasks/events?cursor=', { 'last-event-id': '' })
    expect((await upToNow(events)).synced).toStrictEqual({ snapshot: true })
  })

  test('sends the changes of a batch with one id, on the last of them', async () => {
    await using service = startFeedService()
    await using events = await service.events()
    await upToNow(events)
    const operations = ['a', 'b', 'c'].map((text) => ({ op: 'create', body: { text } }))
    await service.tasks.batch(ann, {
      body: { atomic: true, operations },
      readOperation: (operation) => ({ operation, versions: null, problems: [] }),
      retry: null,
    })
    const batch = await events.until(({ id }) => id !== null)
    expect(namesOf(batch)).toStrictEqual(['a', 'b', 'c'])
  })

  test('returns 422 when a cursor is invalid', async () => {
    await using service = startFeedService()
    const refused = await service.send('/tasks/events?cursor=x', {
      headers: { 'last-event-id': 'y' },
    })
    expect(refused.status).toBe(422)
    const what = 'must be the next_cursor of an earlier response, or the id of an event'
    expect((await readError(refused)).details).toStrictEqual([
      `cursor: ${what}`,
      `Last-Event-ID: ${what}`,
    ])
    expect((await service.send('/tasks/events?cursor=a&cursor=a')).status).toBe(422)
  })

  test('returns 410 before the stream starts when the cursor has expired', async () => {
    await using service = startFeedService()
    const id = await create(service, 'milk')
    const { cursor } = await readChanges(await service.send('/tasks/changes'))
    await remove(service, id)
    await service.store.run({ deleted: '9999-01-01T00:00:00.000Z', retries: '' })
    const headers = { 'last-event-id': cursor }
    for (const method of ['GET', 'HEAD'])
      expect((await service.send('/tasks/events', { method, headers })).status).toBe(410)
  })

  test('returns 503 before the stream starts when the store is down', async () => {
    await using service = startFeedService()
    service.interference.beforeRead = () =>
      Promise.reject(new TaskportError('unavailable', 'The store is down'))
    expect((await service.send('/tasks/events')).status).toBe(503)
    await service.listening(0)
  })

  test('answers HEAD without a stream', async () => {
    await using service = startFeedService()
    const response = await service.send('/tasks/events', { method: 'HEAD' })
    expect([response.status, await response.text()]).toStrictEqual([200, ''])
    expect(response.headers.get('content-type')).toBe('text/event-stream')
  })

  test('sends comments while nothing happens, and how long to wait before reconnecting', async () => {
    await using service = startFeedService({ feedLimits: { commentEveryMs: 20, tickMs: 5 } })
    await using events = await service.events()
    const begin = await events.nextLine()
    expect(begin).toMatchObject({ name: null, isComment: false })
    await upToNow(events)
    for (let count = 0; count < 3; count++)
      expect(await events.nextLine()).toMatchObject({ isComment: true })
  })

  test('stays open beyond the time limit for idle connections', async () => {
    await using service = startFeedService({
      idleTimeoutSeconds: 5,
      feedLimits: { commentEveryMs: 1000, tickMs: 100 },
    })
    await using events = await service.events()
    await upToNow(events)
    for (let count = 0; count < 9; count++)
      expect(await events.nextLine()).toMatchObject({ isComment: true })
  }, 30_000)
})

/** More tasks than fit into the buffers of two sockets. */
async function createMany(service: FeedService): Promise<string[]> {
  const texts = Array.from({ length: 6000 }, (_, index) => `${index} ${'🥛'.repeat(490)}`)
  for (const text of texts) await create(service, text)
  return texts
}

/** Requests the stream and stops reading at the first event. */
function stalledReader(port: number): Socket {
  const socket = connectSocket(port, '127.0.0.1')
  // The service ends the connection, in any way it likes.
  socket.on('error', () => {})
  socket.once('data', () => socket.pause())
  socket.write('GET /tasks/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ann\r\n\r\n')
  return socket
}

describe('a stream', () => {
  test('ends when the token expires', async () => {
    await using service = startFeedService({
      expiresAt: Date.now() + 200,
      feedLimits: { tickMs: 5 },
    })
    await using events = await service.events()
    await upToNow(events)
    expect(await events.next()).toMatchObject({ name: 'end', data: { reason: 'TOKEN_EXPIRED' } })
    expect(await events.next()).toBeNull()
    await service.listening(0)
  })

  test('sends no change after the token has expired', async () => {
    const expiresAt = Date.now() + 200
    // The timer that checks for expired tokens does not fire during the test.
    await using service = startFeedService({ expiresAt, feedLimits: { tickMs: 600_000 } })
    await using events = await service.events()
    await upToNow(events)
    while (Date.now() < expiresAt) await Bun.sleep(expiresAt - Date.now())
    await create(service, 'milk')
    expect(await events.next()).toMatchObject({ name: 'end', data: { reason: 'TOKEN_EXPIRED' } })
  })

  test('ends when the service stops, even if it starts after that', async () => {
    await using service = startFeedService()
    await using events = await service.events()
    await upToNow(events)
    service.stop()
    await using late = await service.events()
    for (const stream of [events, late]) {
      expect(await stream.next()).toMatchObject({
        name: 'end',
        data: { reason: 'SHUTTING_DOWN' },
        id: null,
      })
      expect(await stream.next()).toBeNull()
    }
    await service.listening(0)
  })

  test('continues after an outage of the store', async () => {
    await using service = startFeedService({ feedLimits: { tickMs: 5 } })
    await using events = await service.events()
    await upToNow(events)
    const failed = Promise.withResolvers<void>()
    service.interference.beforeRead = () => {
      failed.resolve()
      return Promise.reject(new TaskportError('unavailable', 'The store is down'))
    }
    await create(service, 'milk')
    await failed.promise
    service.interference.beforeRead = null
    expect(namesOf([(await events.next()) ?? expect.unreachable()])).toStrictEqual(['milk'])
    expect(service.errors).toStrictEqual([])
  })

  test('ends and makes the reader forget its cursor when the cursor expires', async () => {
    await using service = startFeedService({ feedLimits: { tickMs: 5 } })
    const id = await create(service, 'milk')
    await using events = await service.events()
    await upToNow(events)
    service.interference.beforeRead = async () => {
      service.interference.beforeRead = null
      await service.store.run({ deleted: '9999-01-01T00:00:00.000Z', retries: '' })
    }
    await remove(service, id)
    expect(await events.next()).toMatchObject({
      name: 'end',
      data: { reason: 'CURSOR_EXPIRED' },
      id: '',
    })
    expect(await events.next()).toBeNull()
  })

  test('ends and reports the error when reading fails unexpectedly', async () => {
    await using service = startFeedService()
    await using events = await service.events('/tasks/events', { 'x-request-id': 'mine' })
    await upToNow(events)
    const error = new Error('unexpected')
    service.interference.beforeRead = () => Promise.reject(error)
    await create(service, 'milk')
    expect(await events.next()).toMatchObject({ name: 'end', data: { reason: 'INTERNAL_ERROR' } })
    expect(service.errors).toStrictEqual([{ type: 'unexpected_error', error, requestId: 'mine' }])
  })

  test('does not run in the context of the request that made the change', async () => {
    await using service = startFeedService()
    await using events = await service.events()
    await upToNow(events)
    const request = new AsyncLocalStorage<string>()
    const looked = Promise.withResolvers<string | undefined>()
    service.interference.beforeRead = async () => looked.resolve(request.getStore())
    await request.run('a request', () => create(service, 'milk'))
    expect(await looked.promise).toBeUndefined()
  })

  test('is reported once, when it has ended', async () => {
    await using service = startFeedService()
    const events = await service.events()
    await upToNow(events)
    await service.send('/tasks/changes')
    await service.requestEvent('/tasks/changes')
    expect(service.requestEventCount('/tasks/events')).toBe(0)
    await events.leave()
    await service.listening(0)
    expect(await service.requestEvent('/tasks/events')).toMatchObject({
      method: 'GET',
      status: 200,
      owner: 'ann',
    })
    expect(service.requestEventCount('/tasks/events')).toBe(1)
  })

  test('releases everything when the reader disconnects', async () => {
    await using service = startFeedService({ feedLimits: { heldPerUser: 1 } })
    for (let round = 0; round < 3; round++) {
      const events = await service.events()
      await upToNow(events)
      await service.listening(1)
      await events.leave()
      await service.listening(0)
    }
  })

  test('releases everything when the reader disconnects before the stream starts', async () => {
    await using service = startFeedService({ feedLimits: { heldPerUser: 1 } })
    const reading = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    service.interference.afterRead = () => {
      reading.resolve()
      return goOn.promise
    }
    const connection = await connect(service.port)
    await connection.send(
      'GET /tasks/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ann\r\n\r\n',
    )
    await reading.promise
    connection.terminate()
    // When this is answered, the server has noticed.
    await service.send('/health')
    goOn.resolve()
    await service.listening(0)
  })

  test('does not delay the shutdown when its reader takes nothing', async () => {
    await using service = startFeedService({ idleTimeoutSeconds: 200 })
    await createMany(service)
    const socket = stalledReader(service.port)
    // No event tells that nothing more happens.
    for (let before = -1; service.reads() > before; await Bun.sleep(200)) before = service.reads()
    service.stop()
    await service.close()
    socket.destroy()
    await service.listening(0)
  }, 60_000)

  test('is disconnected when its reader takes nothing, and resumes without loss', async () => {
    await using service = startFeedService({ idleTimeoutSeconds: 4 })
    const texts = await createMany(service)
    const socket = stalledReader(service.port)
    const received: Buffer[] = []
    socket.on('data', (bytes) => {
      if (typeof bytes !== 'string') received.push(bytes)
    })
    await service.requestEvent('/tasks/events')
    await service.listening(0)
    // The service has read what fits into the buffers of two sockets, and one page.
    expect(service.reads()).toBeLessThan(50)
    socket.resume()
    await once(socket, 'close')

    const chunks = Buffer.concat(received)
      .toString()
      .replaceAll(/\r\n[0-9a-f]+\r\n/g, '')
    const { events } = parseEvents(chunks.slice(chunks.indexOf('retry:')))
    const whole = events.findLastIndex(({ id }) => id !== null)
    const before = events.slice(0, whole + 1).filter(({ name }) => name !== null)
    await using again = await service.events('/tasks/events', {
      'last-event-id': `${events[whole]?.id}`,
    })
    const { names } = await upToNow(again)
    expect(before.length).toBeGreaterThan(0)
    expect([...namesOf(before), ...names]).toStrictEqual(texts)
  }, 60_000)
})
