import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { asChange, nameOf, readChanges } from '../http/feed-answers.ts'
import { bearer, SECRET } from '../support/config.ts'
import { type EventReader, readEvents } from '../support/event-stream.ts'
import { createDatabase } from '../support/postgres.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'

// Starts several processes, possibly on a busy machine.
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

/** Opens a stream and reads up to the present. */
async function listen(service: ServiceProcess, id = ''): Promise<EventReader> {
  const headers = { authorization, 'last-event-id': id }
  const reader = readEvents(await service.send('/tasks/events', { headers }))
  await reader.until(({ name }) => name === 'synced')
  return reader
}

async function nextName(reader: EventReader): Promise<string> {
  return nameOf(asChange((await reader.next())?.data))
}

describe.each(['SQLite', 'PostgreSQL'])('two processes that share %s', (store) => {
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

  test('stream what the other process writes', async () => {
    await using reader = await listen(one)
    for (const text of ['a', 'b', 'c']) {
      await create(other, text)
      expect(await nextName(reader)).toBe(text)
    }
  })

  test('answer a waiting request when the other process writes', async () => {
    const { cursor } = await changes(one)
    const answer = changes(one, `?cursor=${cursor}&wait=25`)
    await create(other, 'd')
    expect((await answer).names).toStrictEqual(['d'])
  })

  test('let a reader resume at the other process', async () => {
    await using reader = await listen(one)
    await create(one, 'e')
    const event = await reader.next()
    await reader.leave()
    await create(one, 'f')
    const { names } = await changes(other, `?cursor=${event?.id}`)
    expect(names).toStrictEqual(['f'])
  })

  test('end streams and waiting requests when they shut down', async () => {
    const { cursor } = await changes(one)
    await using reader = await listen(one)
    const answer = changes(one, `?cursor=${cursor}&wait=25`)
    // Requests on different connections have no order. The answer shows that the first one waits.
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
