import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { VerifiedToken } from '../../adapters/http/ports.ts'
import { compose } from '../../app/compose.ts'
import { bearer, testConfig } from '../support/config.ts'
import { readEvents } from '../support/event-stream.ts'
import { readChanges } from './feed-answers.ts'
import { owner, startFeedService } from './feed-service.ts'
import { signedIn } from './signed-in.ts'

const ENDED = { name: 'end', data: { reason: 'TOKEN_EXPIRED' } }

/** Tokens that tests can delete, and that may be unconfirmed, as while the store is down. */
function createTokens() {
  const ends = new Set<() => void>()
  const state = { isConfirmed: true }
  return {
    state,
    watched: () => ends.size,
    verify: (name: string): VerifiedToken => ({
      ...signedIn(owner(name)),
      kind: 'api_token',
      watch(end) {
        ends.add(end)
        return { isConfirmed: () => state.isConfirmed, stop: () => ends.delete(end) }
      },
    }),
    deleteAll(): void {
      for (const end of ends) end()
    },
  }
}

async function create(service: ReturnType<typeof startFeedService>, text: string): Promise<void> {
  await service.tasks.create(owner('ann'), { body: { text }, retry: null })
}

async function upToNow(events: Awaited<ReturnType<typeof readEvents>>): Promise<void> {
  while ((await events.next())?.name !== 'synced');
}

describe('a stream', () => {
  test('ends when its token is deleted, and watches it no more', async () => {
    const tokens = createTokens()
    await using service = startFeedService({ verifyToken: tokens.verify })
    await using events = await service.events()
    await upToNow(events)
    expect(tokens.watched()).toBe(1)
    tokens.deleteAll()
    expect(await events.next()).toMatchObject(ENDED)
    expect(await events.next()).toBeNull()
    await service.listening(0)
    expect(tokens.watched()).toBe(0)
  })

  test('sends nothing while its token is not confirmed, and the rest when it is', async () => {
    const tokens = createTokens()
    const feedLimits = { tickMs: 1, commentEveryMs: 5 }
    await using service = startFeedService({ verifyToken: tokens.verify, feedLimits })
    await using events = await service.events()
    await upToNow(events)
    const before = service.reads()
    tokens.state.isConfirmed = false
    await create(service, 'milk')
    for (let comments = 0; comments < 3; comments++)
      expect(await events.nextLine()).toMatchObject({ isComment: true })
    expect(service.reads()).toBe(before)
    tokens.state.isConfirmed = true
    expect(await events.next()).toMatchObject({ name: 'upsert', data: { task: { text: 'milk' } } })
  })

  test('watches no token after it could not be opened', async () => {
    const tokens = createTokens()
    const feedLimits = { heldPerUser: 1 }
    await using service = startFeedService({ verifyToken: tokens.verify, feedLimits })
    await using events = await service.events()
    await upToNow(events)
    expect((await service.send('/tasks/events')).status).toBe(429)
    expect(tokens.watched()).toBe(1)
  })
})

describe('a long poll', () => {
  /** Starts a poll that waits. */
  async function poll(service: ReturnType<typeof startFeedService>) {
    const { cursor } = await readChanges(await service.send('/tasks/changes'))
    const answer = service.send(`/tasks/changes?wait=25&cursor=${cursor}`).then(readChanges)
    await service.listening(1)
    return { answer }
  }

  test('ends when its token is deleted, and watches it no more', async () => {
    const tokens = createTokens()
    await using service = startFeedService({ verifyToken: tokens.verify })
    const { answer } = await poll(service)
    tokens.deleteAll()
    expect((await answer).changes).toStrictEqual([])
    expect(tokens.watched()).toBe(0)
  })

  test('returns no change while its token is not confirmed', async () => {
    const tokens = createTokens()
    await using service = startFeedService({ verifyToken: tokens.verify })
    const { answer } = await poll(service)
    tokens.state.isConfirmed = false
    await create(service, 'milk')
    expect((await answer).changes).toStrictEqual([])
  })

  test('ends when its token expires', async () => {
    const expiresAt = Date.now() + 300
    await using service = startFeedService({ expiresAt })
    const { answer } = await poll(service)
    expect((await answer).changes).toStrictEqual([])
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt - 1)
  })
})

describe('with an API token', () => {
  let app: Awaited<ReturnType<typeof compose>>
  let address: string

  beforeEach(async () => {
    app = await compose(testConfig(), () => {})
    app.http.listen({ port: 0, hostname: '127.0.0.1' })
    address = `http://127.0.0.1:${app.http.server?.port}`
  })

  afterEach(async () => {
    app.endWaiting()
    await app.http.server?.stop(true)
    await app.close()
  })

  async function createToken(more = {}) {
    const headers = { ...(await bearer('ann')), 'content-type': 'application/json' }
    const body = JSON.stringify({ name: 'CI', scopes: ['read'], ...more })
    const response = await fetch(`${address}/tokens`, { method: 'POST', headers, body })
    const { id, token } = Object(await response.json())
    return {
      headers: { authorization: `Bearer ${token}` },
      remove: () => fetch(`${address}/tokens/${id}`, { method: 'DELETE', headers }),
    }
  }

  test('a stream ends at once when the token is deleted in the same process', async () => {
    const { headers, remove } = await createToken()
    await using events = await readEvents(await fetch(`${address}/tasks/events`, { headers }))
    await upToNow(events)
    expect((await remove()).status).toBe(204)
    expect(await events.next()).toMatchObject(ENDED)
    expect(await events.next()).toBeNull()
  })

  test('a stream ends when the token expires', async () => {
    const expires_at = new Date(Date.now() + 1500).toISOString()
    const { headers } = await createToken({ expires_at })
    await using events = await readEvents(await fetch(`${address}/tasks/events`, { headers }))
    await upToNow(events)
    expect(await events.next()).toMatchObject(ENDED)
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expires_at))
  })
})
