import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { TokenEvent } from '../../adapters/auth/events.ts'
import { printable, REFUSAL_REASONS, type RefusalReason } from '../../adapters/auth/refusal.ts'
import { createTokenVerifier, type TokenVerifierOptions } from '../../adapters/auth/verifier.ts'
import { type KeySetServer, startKeySetServer } from '../support/key-set-server.ts'
import {
  audience,
  issuer,
  keyPair,
  makeToken,
  previousSecret,
  type Signer,
  secret,
  secretSigner,
  type TokenChanges,
  testSeconds,
  testTime,
  validClaims,
  validOwner,
} from '../support/tokens.ts'

const [key, otherKey, unknownKey] = await Promise.all([
  keyPair('EdDSA', 'key-1'),
  keyPair('EdDSA', 'key-2'),
  keyPair('EdDSA', 'key-3'),
])
const bySecret = secretSigner(secret)
const byStranger = secretSigner('another secret of more than 32 bytes')

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

const now = '2026-01-31T09:30:00.000Z'
const issuers = { expected: issuer, actual: issuer }
const nothing = { expected: null, actual: null }

interface Case {
  readonly what: string
  readonly reason: RefusalReason
  readonly method: 'secret' | 'key_set' | null
  readonly expected: string | null
  readonly actual: string | null
  readonly signer?: Signer
  readonly changes?: TokenChanges
}

const cases: Case[] = [
  {
    what: 'more than 8 KiB',
    reason: 'too_long',
    method: null,
    expected: '8192',
    actual: expect.stringMatching(/^\d{5}$/),
    changes: { claims: { pad: 'x'.repeat(9000) } },
  },
  {
    what: 'a header that is not JSON',
    reason: 'malformed',
    method: null,
    ...nothing,
    changes: { headerText: '{alg' },
  },
  {
    what: 'no algorithm',
    reason: 'malformed',
    method: null,
    ...nothing,
    changes: { header: { alg: undefined } },
  },
  {
    what: 'a payload that is not an object',
    reason: 'malformed',
    method: 'secret',
    ...nothing,
    changes: { payloadText: '[]' },
  },
  {
    what: 'an exp that is not a number',
    reason: 'malformed',
    method: 'secret',
    ...nothing,
    changes: { claims: { exp: 'soon' } },
  },
  {
    what: 'an nbf that is not a number',
    reason: 'malformed',
    method: 'secret',
    ...nothing,
    changes: { claims: { nbf: 'soon' } },
  },
  {
    what: 'a member twice in its header',
    reason: 'ambiguous_json',
    method: null,
    ...nothing,
    changes: { headerText: '{"alg":"HS256","alg":"HS256"}' },
  },
  {
    what: 'a member twice in its payload',
    reason: 'ambiguous_json',
    method: 'secret',
    ...nothing,
    changes: { payloadText: JSON.stringify(validClaims).replace('{', '{"sub":"user-2",') },
  },
  {
    what: 'the type of a log-out token',
    reason: 'wrong_type',
    method: null,
    expected: 'JWT or at+jwt',
    actual: 'logout+jwt',
    changes: { header: { typ: 'logout+jwt' } },
  },
  ...['at_hash', 'nonce', 'acr'].map(
    (claim): Case => ({
      what: `the claim ${claim} of an ID token`,
      reason: 'wrong_type',
      method: 'key_set',
      expected: 'JWT or at+jwt',
      actual: 'ID token',
      signer: key,
      changes: { claims: { [claim]: 'x' } },
    }),
  ),
  {
    what: 'an extension',
    reason: 'critical_header',
    method: null,
    ...nothing,
    changes: { header: { crit: ['exp'] } },
  },
  {
    what: 'its own key',
    reason: 'embedded_key',
    method: null,
    ...nothing,
    changes: { header: { jwk: key.publicJwk } },
  },
  {
    what: 'an algorithm of neither kind',
    reason: 'algorithm_not_accepted',
    method: null,
    expected: 'HS256, EdDSA, Ed25519, ES256, ES512, RS256, PS256',
    actual: 'HS512',
    signer: secretSigner(secret, 'HS512'),
  },
  {
    what: 'an unknown key',
    reason: 'unknown_key',
    method: 'key_set',
    ...issuers,
    signer: unknownKey,
  },
  {
    what: 'no key, if several fit',
    reason: 'ambiguous_key',
    method: 'key_set',
    ...nothing,
    signer: key,
    changes: { header: { kid: undefined } },
  },
  {
    what: 'the signature of another secret',
    reason: 'bad_signature',
    method: 'secret',
    ...issuers,
    signer: byStranger,
  },
  {
    what: 'the signature of another key',
    reason: 'bad_signature',
    method: 'key_set',
    expected: issuer,
    actual: 'https://staging.example',
    signer: { ...otherKey, kid: key.kid },
    changes: { claims: { iss: 'https://staging.example' } },
  },
  {
    what: 'a bad signature and a payload that is not JSON',
    reason: 'bad_signature',
    method: 'secret',
    expected: issuer,
    actual: null,
    signer: byStranger,
    changes: { payloadText: '{' },
  },
  {
    what: 'another issuer',
    reason: 'wrong_issuer',
    method: 'key_set',
    expected: issuer,
    actual: 'https://staging.example',
    signer: key,
    changes: { claims: { iss: 'https://staging.example' } },
  },
  {
    what: 'no issuer',
    reason: 'wrong_issuer',
    method: 'secret',
    expected: issuer,
    actual: null,
    changes: { claims: { iss: undefined } },
  },
  {
    what: 'other audiences',
    reason: 'wrong_audience',
    method: 'secret',
    expected: audience,
    actual: '["a","b"]',
    changes: { claims: { aud: ['a', 'b'] } },
  },
  {
    what: 'no audience',
    reason: 'wrong_audience',
    method: 'secret',
    expected: audience,
    actual: null,
    changes: { claims: { aud: undefined } },
  },
  {
    what: 'no subject',
    reason: 'bad_subject',
    method: 'secret',
    ...nothing,
    changes: { claims: { sub: undefined } },
  },
  {
    what: 'no exp',
    reason: 'no_expiry',
    method: 'secret',
    ...nothing,
    changes: { claims: { exp: undefined } },
  },
  {
    what: 'an exp in the past',
    reason: 'expired',
    method: 'secret',
    expected: now,
    actual: '2026-01-31T09:29:00.000Z',
    changes: { claims: { exp: testSeconds - 60 } },
  },
  {
    what: 'an exp less than a second too old',
    reason: 'expired',
    method: 'key_set',
    expected: now,
    actual: '2026-01-31T09:29:55.000Z',
    signer: key,
    changes: { claims: { exp: testSeconds - 5 } },
  },
  {
    what: 'an nbf in the future',
    reason: 'not_yet_valid',
    method: 'secret',
    expected: now,
    actual: '2026-01-31T09:31:00.000Z',
    changes: { claims: { nbf: testSeconds + 60 } },
  },
  {
    what: 'an nbf less than a second too early',
    reason: 'not_yet_valid',
    method: 'secret',
    expected: now,
    actual: '2026-01-31T09:30:05.500Z',
    changes: { claims: { nbf: testSeconds + 5.5 } },
  },
  {
    what: 'an nbf that no date can be',
    reason: 'not_yet_valid',
    method: 'secret',
    expected: now,
    actual: '1e+200',
    changes: { claims: { nbf: 1e200 } },
  },
]

describe('a token', () => {
  test.each(cases)('with $what is refused as $reason', async (example) => {
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
    const tested = new Set([...cases.map(({ reason }) => reason), 'bad_checksum', 'unknown_token'])
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
