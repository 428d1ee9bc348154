import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { asChange, nameOf, readChanges } from '../http/feed-answers.ts'
import { bearer, SECRET } from '../support/config.ts'
import { type EventReader, readEvents } from '../support/event-stream.ts'
import { createDatabase } from '../support/postgres.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'

// It starts several processes, on machines that may be busy.
setDefaultTimeout(30_000)

let authorization: string

beforeAll(async () => {
  authorization = (await bearer('ann')).authorization
})

async function create(service: ServiceProcess, text: string): Promise<void> {
  const response = await service.send('/tasks', {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })
  expect(response.status).toBe(201)
}

async function changes(service: ServiceProcess, query = '') {
  return readChanges(await service.send(`/tasks/changes${query}`, { headers: { authorization } }))
}

/** A reader that has everything up to now. */
async function listen(service: ServiceProcess, id = ''): Promise<EventReader> {
  const headers = { authorization, 'last-event-id': id }
  const reader = readEvents(await service.send('/tasks/events', { headers }))
  await reader.until(({ name }) => name === 'synced')
  return reader
}

async function nextName(reader: EventReader): Promise<string> {
  return nameOf(asChange((await reader.next())?.data))
}

describe.each(['SQLite', 'PostgreSQL'])('two processes on one store of %s', (store) => {
  const cleanUp = new AsyncDisposableStack()
  let one: ServiceProcess
  let other: ServiceProcess

  beforeAll(async () => {
    const { path: directory } = cleanUp.use(await temporaryDirectory())
    let url = 'sqlite:tasks.db'
    if (store === 'PostgreSQL') {
      const database = await createDatabase()
      cleanUp.defer(database.drop)
      url = database.url
    }
    const options = {
      directory,
      environment: { DATABASE_URL: url, BETTER_AUTH_SECRET: SECRET, RATE_LIMIT_PER_MINUTE: '0' },
    }
    one = cleanUp.use(await startService(options))
    other = cleanUp.use(await startService(options))
  })
  afterAll(() => cleanUp.disposeAsync())

  test('a stream of one tells what was written through the other', async () => {
    await using reader = await listen(one)
    for (const text of ['a', 'b', 'c']) {
      await create(other, text)
      expect(await nextName(reader)).toBe(text)
    }
  })

  test('a request that waits at one is answered when something is written through the other', async () => {
    const { cursor } = await changes(one)
    const answer = changes(one, `?cursor=${cursor}&wait=25`)
    await create(other, 'd')
    expect((await answer).names).toStrictEqual(['d'])
  })

  test('a reader of one goes on at the other', async () => {
    await using reader = await listen(one)
    await create(one, 'e')
    const event = await reader.next()
    await reader.leave()
    await create(one, 'f')
    const { names } = await changes(other, `?cursor=${event?.id}`)
    expect(names).toStrictEqual(['f'])
  })

  test('whoever waits is told of the end, and holds nothing up', async () => {
    const { cursor } = await changes(one)
    await using reader = await listen(one)
    const answer = changes(one, `?cursor=${cursor}&wait=25`)
    // The order of requests of several connections is the network's: this one comes after it.
    await create(one, 'g')
    expect((await answer).names).toStrictEqual(['g'])
    await reader.next()
    const waiting = changes(one, `?cursor=${(await changes(one)).cursor}&wait=25`)
    await one.send('/health')
    expect(await one.stop('SIGTERM')).toBe(0)
    expect(await reader.next()).toMatchObject({ name: 'end', data: { reason: 'SHUTTING_DOWN' } })
    expect(await reader.next()).toBeNull()
    expect((await waiting).names).toStrictEqual([])
  })
})
