import { describe, expect, test } from 'bun:test'
import { TaskportError } from '../../core/errors.ts'
import { connect } from '../support/socket.ts'
import { readError } from './answers.ts'
import { readChanges } from './feed-answers.ts'
import { type FeedService, owner, startFeedService } from './feed-service.ts'

const ann = owner('ann')

async function create(service: FeedService, text: string, of = ann): Promise<string> {
  return (await service.tasks.create(of, { body: { text }, retry: null })).value.id
}

/** The cursor at the end of the feed. */
async function endOf(service: FeedService, user = 'ann'): Promise<string> {
  return (await readChanges(await service.send('/tasks/changes?limit=1000', { user }))).cursor
}

/** Purges everything in the trash, and its tombstones. */
async function forget(service: FeedService): Promise<void> {
  await service.store.run({ deleted: '9999-01-01T00:00:00.000Z', retries: '' })
}

describe('GET /tasks/changes', () => {
  test('returns every task first, and then what has changed', async () => {
    await using service = startFeedService()
    const [milk, bread] = [await create(service, 'milk'), await create(service, 'bread')]
    await create(service, 'of another user', owner('bob'))

    const first = await readChanges(await service.send('/tasks/changes'))
    expect(first).toMatchObject({ names: ['milk', 'bread'], hasMore: false })

    await service.tasks.change(ann, {
      op: 'patch',
      id: milk,
      body: { text: 'oat milk' },
      versions: null,
    })
    await service.tasks.remove(ann, { id: bread, versions: null })
    await create(service, 'eggs')
    const next = await readChanges(await service.send(`/tasks/changes?cursor=${first.cursor}`))
    expect(next.names).toStrictEqual(['oat milk', `-${bread}`, 'eggs'])

    const last = await readChanges(await service.send(`/tasks/changes?cursor=${next.cursor}`))
    expect(last).toMatchObject({ names: [], hasMore: false })
  })

  test('returns pages', async () => {
    await using service = startFeedService()
    for (const text of ['a', 'b', 'c']) await create(service, text)
    const names: string[] = []
    let cursor = ''
    for (let hasMore = true; hasMore; ) {
      const page = await readChanges(await service.send(`/tasks/changes?limit=2${cursor}`))
      names.push(...page.names)
      cursor = `&cursor=${page.cursor}`
      hasMore = page.hasMore
    }
    expect(names).toStrictEqual(['a', 'b', 'c'])
  })

  test('returns pages that end among lists', async () => {
    await using service = startFeedService()
    for (const name of ['a', 'b', 'c'])
      await service.lists.create(ann, { body: { name }, retry: null })
    await create(service, 'milk')
    const names: string[][] = []
    for (let cursor = '', hasMore = true; hasMore; ) {
      const page = await readChanges(await service.send(`/tasks/changes?limit=2&cursor=${cursor}`))
      names.push(page.names)
      cursor = page.cursor
      hasMore = page.hasMore
    }
    expect(names).toStrictEqual([
      ['a', 'b'],
      ['c', 'milk'],
    ])
  })

  test('returns 100 changes by default, and at most 1000', async () => {
    await using service = startFeedService()
    for (let count = 0; count < 101; count++) await create(service, 'x')
    const [some, all] = await Promise.all(
      ['', '?limit=1000'].map(async (query) =>
        readChanges(await service.send(`/tasks/changes${query}`)),
      ),
    )
    expect(some).toMatchObject({ changes: { length: 100 }, hasMore: true })
    expect(all).toMatchObject({ changes: { length: 101 }, hasMore: false })
  })

  test('must not be stored', async () => {
    await using service = startFeedService()
    const response = await service.send('/tasks/changes')
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('content-type')).toBe('application/json')
  })

  const LIMIT = 'limit: must be a whole number from 1 to 1000'
  const WAIT = 'wait: must be a whole number of seconds from 0 to 25'
  const CURSOR = 'cursor: must be the next_cursor of an earlier response, or the id of an event'
  test.each([
    ['limit=0', [LIMIT]],
    ['limit=1001', [LIMIT]],
    ['limit=1.5', [LIMIT]],
    ['limit=-1', [LIMIT]],
    ['limit=1e2', [LIMIT]],
    ['wait=26', [WAIT]],
    ['wait=-1', [WAIT]],
    ['wait=x', [WAIT]],
    ['cursor=x', [CURSOR]],
    ['cursor=%ff', ['cursor: must be percent-encoded UTF-8']],
    ['limit=1&limit=1', ['limit: must be given once']],
    ['wait=1&wait=2', ['wait: must be given once']],
    ['cursor=a&cursor=a', ['cursor: must be given once']],
    ['cursor=x&limit=x&wait=x', [LIMIT, WAIT, CURSOR]],
  ])('returns 422 for %s', async (query, details) => {
    await using service = startFeedService()
    const response = await service.send(`/tasks/changes?${query}`)
    expect(response.status).toBe(422)
    expect((await readError(response)).details.sort()).toStrictEqual(details.sort())
    expect(service.reads()).toBe(0)
  })

  test('treats empty parameters as absent', async () => {
    await using service = startFeedService()
    await create(service, 'milk')
    const whole = await (await service.send('/tasks/changes')).text()
    for (const query of ['cursor=', 'limit=', 'wait=', 'cursor&limit=&wait&limit'])
      expect(await (await service.send(`/tasks/changes?${query}`)).text()).toBe(whole)
  })

  test('returns 410 when tombstones since the cursor were purged', async () => {
    await using service = startFeedService()
    const id = await create(service, 'milk')
    const cursor = await endOf(service)
    await service.tasks.remove(ann, { id, versions: null })
    await forget(service)
    const response = await service.send(`/tasks/changes?cursor=${cursor}`)
    expect(response.status).toBe(410)
    expect(await readError(response)).toMatchObject({ error: 'CURSOR_EXPIRED' })
    expect((await service.send('/tasks/changes')).status).toBe(200)
  })

  test('returns 410 for the cursor of another user', async () => {
    await using service = startFeedService()
    await create(service, 'of ann')
    await create(service, 'of bob', owner('bob'))
    const cursor = await endOf(service, 'bob')
    expect((await service.send(`/tasks/changes?cursor=${cursor}`)).status).toBe(410)
  })

  test('returns 401 without a token', async () => {
    await using service = startFeedService()
    const headers = { authorization: '' }
    for (const path of ['/tasks/changes?access_token=ann', '/tasks/events?access_token=ann']) {
      expect((await service.send(path, { headers })).status).toBe(401)
    }
  })

  test.each(['/tasks/changes', '/tasks/events'])('%s supports only GET and HEAD', async (path) => {
    await using service = startFeedService()
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const response = await service.send(path, { method })
      expect([response.status, response.headers.get('allow')]).toStrictEqual([
        405,
        'GET, HEAD, OPTIONS',
      ])
    }
  })
})

describe('long polling', () => {
  test('responds when something changes', async () => {
    await using service = startFeedService()
    const cursor = await endOf(service)
    const answer = service.send(`/tasks/changes?cursor=${cursor}&wait=25`)
    await service.listening(1)
    await create(service, 'milk')
    expect((await readChanges(await answer)).names).toStrictEqual(['milk'])
    await service.listening(0)
  })

  test('misses no change that happens while it reads', async () => {
    await using service = startFeedService()
    const cursor = await endOf(service)
    service.interference.afterRead = async () => {
      service.interference.afterRead = null
      await create(service, 'milk')
    }
    const answer = await service.send(`/tasks/changes?cursor=${cursor}&wait=25`)
    expect((await readChanges(answer)).names).toStrictEqual(['milk'])
  })

  test('keeps waiting when it is woken without a change', async () => {
    await using service = startFeedService()
    const id = await create(service, 'milk')
    await service.tasks.remove(ann, { id, versions: null })
    const cursor = await endOf(service)
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    service.interference.afterRead = async () => {
      if (service.reads() === 2) first.resolve()
      else second.resolve()
    }
    const answer = service.send(`/tasks/changes?cursor=${cursor}&wait=25`)
    await first.promise
    // The feed advances, but the purged task was deleted before: nothing to report.
    await forget(service)
    await second.promise
    await service.send('/health')
    await create(service, 'eggs')
    expect((await readChanges(await answer)).names).toStrictEqual(['eggs'])
    // For the cursor, at the start, without a change, and for the eggs.
    expect(service.reads()).toBe(4)
  })

  test('responds at once when there are changes', async () => {
    await using service = startFeedService()
    const cursor = await endOf(service)
    await create(service, 'milk')
    const answer = await service.send(`/tasks/changes?cursor=${cursor}&wait=25`)
    expect((await readChanges(answer)).names).toStrictEqual(['milk'])
  })

  test('responds at once without a cursor, even if there are no tasks', async () => {
    await using service = startFeedService()
    const { names, cursor } = await readChanges(await service.send('/tasks/changes?wait=25'))
    expect(names).toStrictEqual([])
    await create(service, 'milk')
    const next = await readChanges(await service.send(`/tasks/changes?cursor=${cursor}`))
    expect(next.names).toStrictEqual(['milk'])
  })

  test('returns an empty page when its time is over', async () => {
    await using service = startFeedService()
    const cursor = await endOf(service)
    const answer = await service.send(`/tasks/changes?cursor=${cursor}&wait=1`)
    expect(await readChanges(answer)).toMatchObject({ names: [], cursor, hasMore: false })
    await service.listening(0)
  })

  test('stays open beyond the time limit for idle connections', async () => {
    await using service = startFeedService({ idleTimeoutSeconds: 1 })
    const cursor = await endOf(service)
    const answer = await service.send(`/tasks/changes?cursor=${cursor}&wait=5`)
    expect((await readChanges(answer)).names).toStrictEqual([])
  }, 20_000)

  test('releases everything when the client disconnects', async () => {
    await using service = startFeedService({ feedLimits: { heldPerUser: 1 } })
    const cursor = await endOf(service)
    for (let round = 0; round < 3; round++) {
      const connection = await connect(service.port)
      await connection.send(
        `GET /tasks/changes?wait=25&cursor=${cursor} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ann\r\n\r\n`,
      )
      await service.listening(1)
      connection.terminate()
      await service.listening(0)
    }
    const answer = service.send(`/tasks/changes?cursor=${cursor}&wait=25`)
    await service.listening(1)
    await create(service, 'milk')
    expect((await readChanges(await answer)).names).toStrictEqual(['milk'])
  })

  test('is reported once, when it has ended', async () => {
    await using service = startFeedService()
    const cursor = await endOf(service, 'bob')
    const answer = service.send(`/tasks/changes?cursor=${cursor}&wait=25`, { user: 'bob' })
    await service.listening(1)
    await create(service, 'milk', owner('bob'))
    await answer
    expect(await service.requestEvent('/tasks/changes')).toMatchObject({
      status: 200,
      owner: 'bob',
    })
  })

  test('responds when the service stops, and does not wait after that', async () => {
    await using service = startFeedService()
    const cursor = await endOf(service)
    const path = `/tasks/changes?cursor=${cursor}&wait=25`
    const answer = service.send(path)
    await service.listening(1)
    service.stop()
    for (const response of [await answer, await service.send(path)])
      expect(await readChanges(response)).toMatchObject({ names: [], cursor })
  })

  test('does not wait for HEAD', async () => {
    await using service = startFeedService()
    const cursor = await endOf(service)
    const path = `/tasks/changes?cursor=${cursor}&wait=25`
    const response = await service.send(path, { method: 'HEAD' })
    expect([response.status, await response.text()]).toStrictEqual([200, ''])
  })

  test('fails when the store fails on a later read', async () => {
    await using service = startFeedService()
    const cursor = await endOf(service)
    const answer = service.send(`/tasks/changes?cursor=${cursor}&wait=25`)
    await service.listening(1)
    service.interference.beforeRead = () =>
      Promise.reject(new TaskportError('unavailable', 'The store is down'))
    await create(service, 'milk')
    expect((await answer).status).toBe(503)
    await service.listening(0)
  })
})

describe('requests that are held open', () => {
  test('are limited for each user, long polls and streams together', async () => {
    await using service = startFeedService({ feedLimits: { heldPerUser: 2 } })
    const cursor = await endOf(service)
    const path = `/tasks/changes?cursor=${cursor}&wait=25`
    const waiting = service.send(path)
    await service.listening(1)
    const events = await service.events()
    await service.listening(2)
    for (const refused of [await service.send(path), await service.send('/tasks/events')]) {
      expect([refused.status, refused.headers.get('retry-after')]).toStrictEqual([429, '5'])
      expect(await readError(refused)).toMatchObject({ error: 'RATE_LIMITED' })
    }
    await using other = await service.events('/tasks/events', { authorization: 'Bearer bob' })
    expect(other.response.status).toBe(200)
    expect((await service.send(`/tasks/changes?cursor=${cursor}`)).status).toBe(200)

    await events.leave()
    await service.listening(2)
    await using again = await service.events()
    expect(again.response.status).toBe(200)
    service.stop()
    await waiting
  })

  test('are limited for the process', async () => {
    await using service = startFeedService({ feedLimits: { heldTotal: 1 } })
    await using events = await service.events()
    expect(events.response.status).toBe(200)
    const refused = await service.send('/tasks/events', { user: 'bob' })
    expect([refused.status, refused.headers.get('retry-after')]).toStrictEqual([503, '1'])
  })
})
