import { describe, expect, test } from 'bun:test'
import { TaskportError } from '../../core/errors.ts'
import { readError } from './answers.ts'
import { readChanges } from './feed-answers.ts'
import { startFeedService } from './feed-service.ts'
import { ann, create, namesOf, remove, upToNow } from './read-events.ts'

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
