import { describe, expect, test } from 'bun:test'
import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { connect as connectSocket, type Socket } from 'node:net'
import { TaskportError } from '../../core/errors.ts'
import { parseEvents } from '../support/event-stream.ts'
import { connect } from '../support/socket.ts'
import { type FeedService, startFeedService } from './feed-service.ts'
import { create, namesOf, remove, upToNow } from './read-events.ts'

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
