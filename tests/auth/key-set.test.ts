import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { TokenEvent } from '../../adapters/auth/events.ts'
import { createTokenVerifier, type TokenVerifier } from '../../adapters/auth/verifier.ts'
import { TaskportError } from '../../core/errors.ts'
import { type KeySetServer, startKeySetServer } from '../support/key-set-server.ts'
import {
  audience,
  issuer,
  type KeyPair,
  keyPair,
  makeToken,
  secret,
  secretSigner,
  testTime,
  validOwner,
} from '../support/tokens.ts'

const [first, second, elliptic] = await Promise.all([
  keyPair('EdDSA', 'key-1'),
  keyPair('EdDSA', 'key-2'),
  keyPair('ES256', 'key-3'),
])

const maxAgeMs = 600_000
const cooldownMs = 30_000
const retryMs = 1000

let server: KeySetServer
let clock: number
let events: TokenEvent[]
let verify: TokenVerifier['verify']
let arrived: (event: TokenEvent) => void

beforeEach(() => {
  server = startKeySetServer(first.publicJwk)
  clock = testTime
  events = []
  arrived = () => {}
  verify = createTokenVerifier({
    secrets: null,
    // Long enough for a machine that is busy, where the answer comes at all.
    keySet: { url: server.url, timeoutMs: 2000, maxBytes: 4096, maxAgeMs, cooldownMs, retryMs },
    clockToleranceSeconds: 0,
    now: () => clock,
    observe(event) {
      events.push(event)
      arrived(event)
    },
  }).verify
})

afterEach(() => server.close())

const happened = (type: TokenEvent['type']) => events.filter((event) => event.type === type).length

/** The next event of that type. */
const next = (type: TokenEvent['type']) =>
  new Promise<TokenEvent>((resolve) => {
    arrived = (event) => {
      if (event.type === type) resolve(event)
    }
  })

/** A token good for as long as any test goes on. */
const tokenOf = (pair: KeyPair, header: Record<string, unknown> = {}) =>
  makeToken(pair, { header, claims: { exp: testTime / 1000 + 86_400 } })

async function expectUnavailable(answer: ReturnType<TokenVerifier['verify']>): Promise<void> {
  const error: unknown = await Promise.resolve(answer).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TaskportError)
  expect(error).toMatchObject({ code: 'unavailable' })
}

/** An answer that is given when the test says so. */
function held(response: () => Response) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  server.respondWith(async () => {
    asked.resolve()
    await promise
    return response()
  })
  return { asked: asked.promise, release: resolve }
}

describe('the key set', () => {
  test('is asked for when the first token needs it, once for all that come meanwhile', async () => {
    const token = await tokenOf(first)
    expect(server.requests()).toBe(0)
    const answer = held(() => Response.json({ keys: [first.publicJwk] }))
    const answers = Array.from({ length: 20 }, () => verify(token))
    await answer.asked
    answer.release()
    const owners = (await Promise.all(answers)).map((verified) => verified?.owner)
    expect(owners).toEqual(Array(20).fill(validOwner))
    expect(server.requests()).toBe(1)
    expect(events).toContainEqual({ type: 'key_set_fetched', keys: 1, changed: true })
  })

  test('is not asked for by a token that is refused as it stands', async () => {
    await verify('nonsense')
    await verify(await makeToken(secretSigner(secret)))
    await verify(await makeToken(first, { header: { crit: ['exp'] } }))
    expect(server.requests()).toBe(0)
  })

  test.each([['jku'], ['x5u']])(
    'stays the only address: %s in a token is not asked',
    async (name) => {
      const trap = startKeySetServer(first.publicJwk)
      expect(await verify(await tokenOf(first, { [name]: trap.url }))).toBeNull()
      expect(trap.requests()).toBe(0)
      await trap.close()
    },
  )

  test('is asked for what the token must say of its issuer, which does not bind the secret', async () => {
    const { verify } = createTokenVerifier({
      secrets: { current: secret },
      keySet: { url: server.url, issuer, audience },
      clockToleranceSeconds: 0,
      now: () => clock,
    })
    const without = { claims: { iss: undefined, aud: undefined } }
    expect(await verify(await makeToken(first))).toMatchObject({ owner: validOwner })
    expect(await verify(await makeToken(first, without))).toBeNull()
    expect(await verify(await makeToken(secretSigner(secret), without))).toMatchObject({
      owner: validOwner,
    })
  })
})

describe('an unknown key', () => {
  test('is found without a restart', async () => {
    await verify(await tokenOf(first))
    server.publish(first.publicJwk, second.publicJwk)
    expect(await verify(await tokenOf(second))).toMatchObject({ owner: validOwner })
    expect(await verify(await tokenOf(first))).toMatchObject({ owner: validOwner })
    expect(server.requests()).toBe(2)
  })

  test('causes one fetch in a cool-down, however many tokens name one', async () => {
    expect(await verify(await tokenOf(first))).toMatchObject({ owner: validOwner })
    const unknown = (index: number) => tokenOf(second, { kid: `unknown-${index}` })
    const tokens = await Promise.all(Array.from({ length: 50 }, (_, index) => unknown(index)))
    expect(await Promise.all(tokens.map(verify))).toEqual(Array(50).fill(null))
    for (const token of tokens) expect(await verify(token)).toBeNull()
    expect(server.requests()).toBe(2)
    server.publish(first.publicJwk, second.publicJwk)
    clock += cooldownMs - 1
    expect(await verify(await tokenOf(second))).toBeNull()
    expect(server.requests()).toBe(2)
    clock += 1
    expect(await verify(await tokenOf(second))).toMatchObject({ owner: validOwner })
    expect(server.requests()).toBe(3)
  })

  test('is asked for once where it comes with the first token', async () => {
    expect(await verify(await tokenOf(second))).toBeNull()
    expect(await verify(await tokenOf(second))).toBeNull()
    expect(server.requests()).toBe(1)
  })

  test('is neither accepted nor refused while the issuer does not answer', async () => {
    expect(await verify(await tokenOf(first))).toMatchObject({ owner: validOwner })
    server.respondWith(() => new Response('down', { status: 500 }))
    for (let attempt = 0; attempt < 20; attempt += 1)
      await expectUnavailable(verify(await tokenOf(second)))
    expect(server.requests()).toBe(2)
    expect(await verify(await tokenOf(first, { more: 1 }))).toMatchObject({ owner: validOwner })
    server.publish(first.publicJwk, second.publicJwk)
    clock += retryMs
    expect(await verify(await tokenOf(second))).toMatchObject({ owner: validOwner })
    expect(server.requests()).toBe(3)
    // What failed counts for no cool-down once the issuer is back.
    server.publish(first.publicJwk, second.publicJwk, elliptic.publicJwk)
    expect(await verify(await tokenOf(elliptic))).toMatchObject({ owner: validOwner })
  })
})

describe('an issuer that fails', () => {
  const endless = () => {
    const bytes = new TextEncoder().encode(' '.repeat(1024))
    return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(bytes) }))
  }
  const failures: [string, () => Response][] = [
    ['with 500', () => new Response('no', { status: 500 })],
    ['with 404', () => Response.json({ keys: [first.publicJwk] }, { status: 404 })],
    ['with 204', () => new Response(null, { status: 204 })],
    ['with a page', () => new Response('<!doctype html>')],
    ['with nothing', () => new Response('')],
    ['with half of it', () => new Response('{"keys":[')],
    ['with null', () => Response.json(null)],
    ['with no keys', () => Response.json({})],
    ['with keys in a text', () => Response.json({ keys: 'key' })],
    ['with keys in an object', () => Response.json({ keys: { a: first.publicJwk } })],
    ['with an error', () => Response.json({ error: 'down' })],
    ['with too much', () => Response.json({ keys: [first.publicJwk], pad: 'x'.repeat(4096) })],
    ['without an end', endless],
  ]

  test.each(failures)(
    '%s is answered with `unavailable`, and asked again in time',
    async (_how, response) => {
      server.respondWith(response)
      const token = await tokenOf(first)
      await expectUnavailable(verify(token))
      clock += retryMs - 1
      await expectUnavailable(verify(token))
      expect(server.requests()).toBe(1)
      expect(happened('key_set_failed')).toBe(1)
      server.publish(first.publicJwk)
      clock += 1
      expect(await verify(token)).toMatchObject({ owner: validOwner })
    },
  )

  test.each([[301], [302], [303], [307], [308]])('with %i is not followed', async (status) => {
    const elsewhere = startKeySetServer(first.publicJwk)
    server.respondWith(() => new Response(null, { status, headers: { location: elsewhere.url } }))
    await expectUnavailable(verify(await tokenOf(first)))
    expect(elsewhere.requests()).toBe(0)
    await elsewhere.close()
  })

  test('to be there is answered with `unavailable`', async () => {
    await server.close()
    await expectUnavailable(verify(await tokenOf(first)))
  })

  const silent: [string, (released: Promise<void>) => Response | Promise<Response>][] = [
    ['to answer', (released) => released.then(() => new Response('late'))],
    [
      'to finish',
      (released) =>
        new Response(
          new ReadableStream({
            async start(controller) {
              controller.enqueue(new TextEncoder().encode('{"keys":['))
              await released
              controller.close()
            },
          }),
        ),
    ],
  ]
  test.each(silent)('%s in time is answered with `unavailable`', async (_how, respond) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    server.respondWith(() => respond(promise))
    const { verify } = createTokenVerifier({
      secrets: null,
      keySet: { url: server.url, timeoutMs: 20 },
      clockToleranceSeconds: 0,
      now: () => clock,
    })
    await expectUnavailable(verify(await tokenOf(first)))
    resolve()
  })
})

describe('keys that are old', () => {
  test('are fetched again while they go on working', async () => {
    const [known, other] = [await tokenOf(first), await tokenOf(first, { more: 1 })]
    await verify(known)
    const answer = held(() => Response.json({ keys: [second.publicJwk] }))
    clock += maxAgeMs - 1
    expect(verify(known)).toMatchObject({ owner: validOwner })
    expect(server.requests()).toBe(1)
    clock += 1
    expect(verify(known)).toMatchObject({ owner: validOwner })
    await answer.asked
    expect(await verify(other)).toMatchObject({ owner: validOwner })
    const fetched = next('key_set_fetched')
    answer.release()
    expect(await fetched).toEqual({ type: 'key_set_fetched', keys: 1, changed: true })
    expect(server.requests()).toBe(2)
    // The key is gone, and with it what was remembered of its tokens.
    expect(await verify(known)).toBeNull()
    expect(await verify(await tokenOf(second))).toMatchObject({ owner: validOwner })
  })

  test('leave what is remembered alone where they stay', async () => {
    const known = await tokenOf(first)
    await verify(known)
    clock += maxAgeMs
    const fetched = next('key_set_fetched')
    expect(verify(known)).toMatchObject({ owner: validOwner })
    expect(await fetched).toEqual({ type: 'key_set_fetched', keys: 1, changed: false })
    expect(verify(known)).toMatchObject({ owner: validOwner })
  })

  test('go on working for as long as the issuer is down', async () => {
    const known = await tokenOf(first)
    await verify(known)
    server.respondWith(() => new Response('down', { status: 500 }))
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      clock += maxAgeMs
      const failed = next('key_set_failed')
      expect(verify(known)).toMatchObject({ owner: validOwner })
      await failed
      // A new token of a known key, checked and not remembered.
      expect(await verify(await tokenOf(first, { attempt }))).toMatchObject({ owner: validOwner })
      expect(server.requests()).toBe(1 + attempt)
    }
    server.publish(second.publicJwk)
    clock += cooldownMs
    const fetched = next('key_set_fetched')
    expect(verify(known)).toMatchObject({ owner: validOwner })
    await fetched
    expect(await verify(known)).toBeNull()
  })
})

test('a token that was checked while the keys changed is checked again', async () => {
  await verify(await tokenOf(first))
  server.publish(first.publicJwk, second.publicJwk)
  const token = await tokenOf(second)
  expect(await verify(token)).toMatchObject({ owner: validOwner })
  expect(verify(token)).toBeInstanceOf(Promise)
  expect(await verify(token)).toMatchObject({ owner: validOwner })
  expect(verify(token)).toMatchObject({ owner: validOwner })
})
