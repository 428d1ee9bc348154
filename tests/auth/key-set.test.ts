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
let onEvent: (event: TokenEvent) => void

beforeEach(() => {
  server = startKeySetServer(first.publicJwk)
  clock = testTime
  events = []
  onEvent = () => {}
  verify = createTokenVerifier({
    secrets: null,
    // Long enough for a busy machine.
    keySet: { url: server.url, timeoutMs: 2000, maxBytes: 4096, maxAgeMs, cooldownMs, retryMs },
    clockToleranceSeconds: 0,
    now: () => clock,
    observe(event) {
      events.push(event)
      onEvent(event)
    },
  }).verify
})

afterEach(() => server.close())

const count = (type: TokenEvent['type']) => events.filter((event) => event.type === type).length

/** Resolves with the next event of that type. */
const nextEvent = (type: TokenEvent['type']) =>
  new Promise<TokenEvent>((resolve) => {
    onEvent = (event) => {
      if (event.type === type) resolve(event)
    }
  })

/** A token that stays valid for the whole of any test. */
const tokenOf = (pair: KeyPair, header: Record<string, unknown> = {}) =>
  makeToken(pair, { header, claims: { exp: testTime / 1000 + 86_400 } })

async function expectUnavailable(answer: ReturnType<TokenVerifier['verify']>): Promise<void> {
  const error: unknown = await Promise.resolve(answer).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TaskportError)
  expect(error).toMatchObject({ code: 'unavailable' })
}

/** Holds the response back until the test releases it. */
function holdResponse(response: () => Response) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const requested = Promise.withResolvers<void>()
  server.respondWith(async () => {
    requested.resolve()
    await promise
    return response()
  })
  return { requested: requested.promise, release: resolve }
}

describe('a key set', () => {
  test('is fetched once when several first tokens need it', async () => {
    const token = await tokenOf(first)
    expect(server.requests()).toBe(0)
    const response = holdResponse(() => Response.json({ keys: [first.publicJwk] }))
    const verifications = Array.from({ length: 20 }, () => verify(token))
    await response.requested
    response.release()
    const owners = (await Promise.all(verifications)).map((verified) => verified?.owner)
    expect(owners).toEqual(Array(20).fill(validOwner))
    expect(server.requests()).toBe(1)
    expect(events).toContainEqual({ type: 'key_set_fetched', keys: 1, changed: true })
  })

  test('is not fetched for a token that is invalid without it', async () => {
    await verify('nonsense')
    await verify(await makeToken(secretSigner(secret)))
    await verify(await makeToken(first, { header: { crit: ['exp'] } }))
    expect(server.requests()).toBe(0)
  })

  test.each([['jku'], ['x5u']])('is not fetched from the %s of a token', async (name) => {
    const trap = startKeySetServer(first.publicJwk)
    expect(await verify(await tokenOf(first, { [name]: trap.url }))).toBeNull()
    expect(trap.requests()).toBe(0)
    await trap.close()
  })

  test('requires issuer and audience of its own tokens, but not of tokens signed with the secret', async () => {
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
  test('is fetched without a restart', async () => {
    await verify(await tokenOf(first))
    server.publish(first.publicJwk, second.publicJwk)
    expect(await verify(await tokenOf(second))).toMatchObject({ owner: validOwner })
    expect(await verify(await tokenOf(first))).toMatchObject({ owner: validOwner })
    expect(server.requests()).toBe(2)
  })

  test('causes one fetch per cool-down, however many tokens name one', async () => {
    expect(await verify(await tokenOf(first))).toMatchObject({ owner: validOwner })
    const unknown = (index: number) => tokenOf(second, { kid: `unknown-${index}` })
    const tokens = await Promise.all(Array.from({ length: 50 }, (_, index) => unknown(index)))
    expect(await Promise.all(tokens.map((token) => verify(token)))).toEqual(Array(50).fill(null))
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

  test('causes no second fetch if the first token names it', async () => {
    expect(await verify(await tokenOf(second))).toBeNull()
    expect(await verify(await tokenOf(second))).toBeNull()
    expect(server.requests()).toBe(1)
  })

  test('is neither accepted nor refused while the issuer is down', async () => {
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
    // Failed fetches do not start a cool-down.
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
    ['status 500', () => new Response('no', { status: 500 })],
    ['status 404', () => Response.json({ keys: [first.publicJwk] }, { status: 404 })],
    ['status 204', () => new Response(null, { status: 204 })],
    ['an HTML page', () => new Response('<!doctype html>')],
    ['an empty body', () => new Response('')],
    ['truncated JSON', () => new Response('{"keys":[')],
    ['null', () => Response.json(null)],
    ['an object without keys', () => Response.json({})],
    ['a string for keys', () => Response.json({ keys: 'key' })],
    ['an object for keys', () => Response.json({ keys: { a: first.publicJwk } })],
    ['an error', () => Response.json({ error: 'down' })],
    [
      'a body that is too large',
      () => Response.json({ keys: [first.publicJwk], pad: 'x'.repeat(4096) }),
    ],
    ['a body without an end', endless],
  ]

  test.each(failures)(
    'makes the verifier unavailable until a retry succeeds: %s',
    async (_how, response) => {
      server.respondWith(response)
      const token = await tokenOf(first)
      await expectUnavailable(verify(token))
      clock += retryMs - 1
      await expectUnavailable(verify(token))
      expect(server.requests()).toBe(1)
      expect(count('key_set_failed')).toBe(1)
      server.publish(first.publicJwk)
      clock += 1
      expect(await verify(token)).toMatchObject({ owner: validOwner })
    },
  )

  test.each([[301], [302], [303], [307], [308]])(
    'cannot redirect the verifier with %i',
    async (status) => {
      const elsewhere = startKeySetServer(first.publicJwk)
      server.respondWith(() => new Response(null, { status, headers: { location: elsewhere.url } }))
      await expectUnavailable(verify(await tokenOf(first)))
      expect(elsewhere.requests()).toBe(0)
      await elsewhere.close()
    },
  )

  test('makes the verifier unavailable if it refuses connections', async () => {
    await server.close()
    await expectUnavailable(verify(await tokenOf(first)))
  })

  const silent: [string, (released: Promise<void>) => Response | Promise<Response>][] = [
    ['send a response', (released) => released.then(() => new Response('late'))],
    [
      'finish its response',
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
  test.each(silent)(
    'makes the verifier unavailable if it does not %s in time',
    async (_how, respond) => {
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
    },
  )
})

describe('expired keys', () => {
  test('keep working while they are fetched again', async () => {
    const [known, other] = [await tokenOf(first), await tokenOf(first, { more: 1 })]
    await verify(known)
    const response = holdResponse(() => Response.json({ keys: [second.publicJwk] }))
    clock += maxAgeMs - 1
    expect(verify(known)).toMatchObject({ owner: validOwner })
    expect(server.requests()).toBe(1)
    clock += 1
    expect(verify(known)).toMatchObject({ owner: validOwner })
    await response.requested
    expect(await verify(other)).toMatchObject({ owner: validOwner })
    const fetched = nextEvent('key_set_fetched')
    response.release()
    expect(await fetched).toEqual({ type: 'key_set_fetched', keys: 1, changed: true })
    expect(server.requests()).toBe(2)
    // The key is gone, so its cached tokens are forgotten.
    expect(await verify(known)).toBeNull()
    expect(await verify(await tokenOf(second))).toMatchObject({ owner: validOwner })
  })

  test('keep their cached tokens if the key set has not changed', async () => {
    const known = await tokenOf(first)
    await verify(known)
    clock += maxAgeMs
    const fetched = nextEvent('key_set_fetched')
    expect(verify(known)).toMatchObject({ owner: validOwner })
    expect(await fetched).toEqual({ type: 'key_set_fetched', keys: 1, changed: false })
    expect(verify(known)).toMatchObject({ owner: validOwner })
  })

  test('keep working while the issuer is down', async () => {
    const known = await tokenOf(first)
    await verify(known)
    server.respondWith(() => new Response('down', { status: 500 }))
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      clock += maxAgeMs
      const failed = nextEvent('key_set_failed')
      expect(verify(known)).toMatchObject({ owner: validOwner })
      await failed
      // A new token of a known key is verified, not served from the cache.
      expect(await verify(await tokenOf(first, { attempt }))).toMatchObject({ owner: validOwner })
      expect(server.requests()).toBe(1 + attempt)
    }
    server.publish(second.publicJwk)
    clock += cooldownMs
    const fetched = nextEvent('key_set_fetched')
    expect(verify(known)).toMatchObject({ owner: validOwner })
    await fetched
    expect(await verify(known)).toBeNull()
  })
})

test('does not cache a token that was verified while the keys changed', async () => {
  await verify(await tokenOf(first))
  server.publish(first.publicJwk, second.publicJwk)
  const token = await tokenOf(second)
  expect(await verify(token)).toMatchObject({ owner: validOwner })
  expect(verify(token)).toBeInstanceOf(Promise)
  expect(await verify(token)).toMatchObject({ owner: validOwner })
  expect(verify(token)).toMatchObject({ owner: validOwner })
})
