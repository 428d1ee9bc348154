import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { TokenEvent } from '../../adapters/auth/events.ts'
import { printable, REFUSAL_REASONS } from '../../adapters/auth/refusal.ts'
import { createTokenVerifier, type TokenVerifierOptions } from '../../adapters/auth/verifier.ts'
import { type KeySetServer, startKeySetServer } from '../support/key-set-server.ts'
import {
  audience,
  issuer,
  makeToken,
  previousSecret,
  secret,
  testSeconds,
  testTime,
  validOwner,
} from '../support/tokens.ts'
import { bySecret, byStranger, key, otherKey, refusedTokens, unknownKey } from './refused-tokens.ts'

let server: KeySetServer

beforeAll(() => {
  server = startKeySetServer(key.publicJwk, otherKey.publicJwk)
})

afterAll(() => server.close())

/** A verifier of both kinds of tokens, and the refusals that it reports. */
function start(options: Partial<TokenVerifierOptions> = {}) {
  const events: Extract<TokenEvent, { type: 'token_refused' }>[] = []
  const claims = { issuer, audience }
  const verifier = createTokenVerifier({
    secrets: { current: secret, previous: previousSecret, ...claims },
    keySet: { url: server.url, ...claims },
    clockToleranceSeconds: 5,
    now: () => testTime,
    observe(event) {
      if (event.type === 'token_refused') events.push(event)
    },
    ...options,
  })
  return { ...verifier, events }
}

describe('a token', () => {
  test.each(refusedTokens)('with $what is refused as $reason', async (example) => {
    const { what: _, signer = bySecret, changes = {}, ...refusal } = example
    const { verify, inspect, events } = start()
    const token = await makeToken(signer, changes)
    expect(await verify(token, 'a-request')).toBeNull()
    expect(events).toStrictEqual([
      { type: 'token_refused', requestId: 'a-request', refusal, acceptedBefore: false },
    ])
    expect(await inspect(token)).toStrictEqual(refusal)
    expect(events).toHaveLength(1)
  })

  test('is refused for every reason on the list in these tests', () => {
    // The reasons of API tokens are tested in api-tokens.test.ts.
    const tested = new Set([
      ...refusedTokens.map(({ reason }) => reason),
      'bad_checksum',
      'unknown_token',
    ])
    expect([...tested].toSorted()).toStrictEqual([...REFUSAL_REASONS].toSorted())
  })

  test.each(['EdDSA', 'HS256'])('is inspected without a trace if it is valid: %s', async (alg) => {
    const { inspect, verify, events } = start()
    const token = await makeToken(alg === 'HS256' ? bySecret : key)
    expect(await inspect(token)).toMatchObject({ owner: validOwner })
    expect(verify(token)).toBeInstanceOf(Promise)
    expect(events).toBeEmpty()
  })

  test('that is refused has no expectation if none is configured', async () => {
    const { inspect } = start({ secrets: { current: secret }, keySet: null })
    expect(await inspect(await makeToken(byStranger))).toMatchObject({ expected: null })
    expect(await inspect(await makeToken(key))).toMatchObject({
      reason: 'algorithm_not_accepted',
      expected: 'HS256',
    })
  })

  test.each<[string, Record<string, unknown>]>([
    ['has scopes', { scope: 'tasks' }],
    ['has scopes, as Microsoft names them', { scp: 'tasks' }],
    ['names its client', { client_id: 'app' }],
  ])('with the claims of an ID token is accepted if it %s', async (_what, claims) => {
    const token = await makeToken(key, { claims: { nonce: 'n', acr: '1', ...claims } })
    expect(await start().inspect(token)).toMatchObject({ owner: validOwner })
  })

  test('with a nonce is accepted if a secret signed it', async () => {
    const token = await makeToken(bySecret, { claims: { nonce: 'n' } })
    expect(await start().inspect(token)).toMatchObject({ owner: validOwner })
  })

  test.each([['azp'], ['client_id']])(
    'that a client obtained (%s) is refused if neither an issuer nor an audience is required',
    async (claim) => {
      const token = await makeToken(key, { claims: { [claim]: 'app', scope: 'tasks' } })
      const required = [{ issuer }, { audience }, {}].map((claims) =>
        start({ keySet: { url: server.url, ...claims } }),
      )
      const [byIssuer, byAudience, byNothing] = await Promise.all(
        required.map(({ inspect }) => inspect(token)),
      )
      expect(byIssuer).toMatchObject({ owner: validOwner })
      expect(byAudience).toMatchObject({ owner: validOwner })
      expect(byNothing).toStrictEqual({
        reason: 'wrong_audience',
        method: 'key_set',
        expected: null,
        actual: audience,
      })
    },
  )

  test('without scopes is accepted if it names the page that it was given to', async () => {
    const token = await makeToken(key, { claims: { azp: 'https://app.example' } })
    expect(await start({ keySet: { url: server.url } }).inspect(token)).toMatchObject({
      owner: validOwner,
    })
  })

  test.each([
    [secret, previousSecret],
    [previousSecret, secret],
  ])('that has expired is refused as such with either secret', async (current, previous) => {
    const { inspect } = start({ secrets: { current, previous } })
    const token = await makeToken(bySecret, { claims: { exp: testSeconds - 60 } })
    expect(await inspect(token)).toMatchObject({ reason: 'expired' })
  })
})

describe('a refusal', () => {
  test('says whether a token was accepted before in the same way', async () => {
    const { verify, events } = start()
    const refuse = async () => {
      events.length = 0
      await verify(await makeToken(byStranger))
      await verify(await makeToken(unknownKey))
      await verify('not-a-token')
      return events.map(({ acceptedBefore }) => acceptedBefore)
    }
    expect(await refuse()).toStrictEqual([false, false, false])
    await verify(await makeToken(key))
    expect(await refuse()).toStrictEqual([false, true, true])
    await verify(await makeToken(bySecret))
    expect(await refuse()).toStrictEqual([true, true, true])
  })

  test('names no request if there is none', async () => {
    const { verify, events } = start()
    await verify('not-a-token')
    await verify('x'.repeat(9000))
    expect(events.map(({ requestId }) => requestId)).toStrictEqual([null, null])
  })

  test('bounds and escapes what the token has', async () => {
    const iss = `https://${'x'.repeat(300)}`
    const { inspect } = start()
    expect(await inspect(await makeToken(key, { claims: { iss } }))).toMatchObject({
      actual: `${iss.slice(0, 200)}…`,
    })
    expect(
      await inspect(await makeToken(key, { claims: { iss: 'a\n{"level":"error"}\u001b[2J' } })),
    ).toMatchObject({ actual: 'a\\u{a}{"level":"error"}\\u{1b}[2J' })
  })

  test('survives a claim that is nested very deeply', async () => {
    const nested = `${'['.repeat(2900)}${']'.repeat(2900)}`
    const { inspect } = start()
    const token = await makeToken(byStranger, { payloadText: `{"iss":${nested}}` })
    expect(await inspect(token)).toMatchObject({ reason: 'bad_signature' })
  })
})

test.each([
  [undefined, null],
  [null, 'null'],
  ['', ''],
  ['é 😀 \\', 'é 😀 \\'],
  ['\u0000\u007f\u0085', '\\u{0}\\u{7f}\\u{85}'],
  ['\u2028\u202e\ufeff', '\\u{2028}\\u{202e}\\u{feff}'],
  ['\ud800x', '\\u{d800}x'],
  [`${'x'.repeat(199)}😀`, `${'x'.repeat(199)}\\u{d83d}…`],
  [7, '7'],
  [['a', { b: 'c' }], '["a",{"b":"c"}]'],
])('prints %p of a token as %p', (value, text) => {
  expect(printable(value)).toBe(text)
})
