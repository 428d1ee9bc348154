import { describe, expect, test } from 'bun:test'
import type { TokenEvent } from '../../adapters/auth/events.ts'
import { signToken } from '../../adapters/auth/sign.ts'
import { createTokenVerifier, type TokenVerifierOptions } from '../../adapters/auth/verifier.ts'
import {
  audience,
  issuer,
  makeToken,
  ownerOf,
  previousSecret,
  secret,
  secretSigner,
  type TokenChanges,
  testSeconds,
  testTime,
  validClaims,
  validOwner,
} from '../support/tokens.ts'

const signer = secretSigner(secret)

/** Creates a verifier with a clock that the test sets, and counts its events. */
function start(options: Partial<TokenVerifierOptions> = {}) {
  const events: TokenEvent[] = []
  const clock = { time: testTime }
  const verifier = createTokenVerifier({
    secrets: { current: secret, previous: previousSecret },
    keySet: null,
    clockToleranceSeconds: 5,
    now: () => clock.time,
    observe: (event) => events.push(event),
    ...options,
  })
  const count = (type: TokenEvent['type']) => events.filter((event) => event.type === type).length
  return { ...verifier, clock, count }
}

describe('a token', () => {
  const longest = '😀'.repeat(255)
  const accepted: [string, TokenChanges][] = [
    ['typ JWT', { header: { typ: 'JWT' } }],
    ['typ at+jwt', { header: { typ: 'at+jwt' } }],
    ['typ application/at+jwt', { header: { typ: 'application/at+jwt' } }],
    ['a kid, which a secret ignores', { header: { kid: 'key-1' } }],
    ['unknown members', { header: { more: 1 }, claims: { more: [{ a: 1 }, { a: 1 }] } }],
    ['many objects side by side', { claims: { more: Array(100).fill({ a: {} }) } }],
    ['a list of audiences', { claims: { aud: ['https://other.example', audience] } }],
    ['an exp within the clock tolerance', { claims: { exp: testSeconds - 4 } }],
    ['an nbf within the clock tolerance', { claims: { nbf: testSeconds + 5 } }],
    ['an exp with a fraction', { claims: { exp: testSeconds + 900.5 } }],
    ['an nbf with a fraction', { claims: { nbf: testSeconds - 0.5 } }],
    ['an iat with a fraction', { claims: { iat: testSeconds - 0.5 } }],
    ['JSON with spaces', { payloadText: JSON.stringify(validClaims, null, 2) }],
    [
      'JSON with escapes',
      { payloadText: JSON.stringify(validClaims).replace('user', '\\u0075ser') },
    ],
    ['member names in its values', { claims: { more: ['"sub":', 'sub', '{', '\\'] } }],
  ]
  test.each(accepted)('is accepted with %s', async (_what, changes) => {
    const { verify } = start({ secrets: { current: secret, issuer, audience } })
    expect(await verify(await makeToken(signer, changes))).toMatchObject({ owner: validOwner })
  })

  test('is accepted with a subject of 255 code points', async () => {
    const token = await makeToken(signer, { claims: { sub: longest } })
    expect(await start().verify(token)).toMatchObject({ owner: ownerOf(longest) })
  })

  test('is accepted with any issuer and audience if none is configured', async () => {
    const { verify } = start()
    expect(await verify(await makeToken(signer, { claims: { iss: 'x', aud: 'y' } }))).toMatchObject(
      { owner: validOwner },
    )
    expect(
      await verify(await makeToken(signer, { claims: { iss: undefined, aud: undefined } })),
    ).toMatchObject({ owner: validOwner })
  })

  test('is accepted up to 8 KiB and refused above', async () => {
    const shortest = (await makeToken(signer, { claims: { pad: '' } })).length
    const sized = (length: number) =>
      makeToken(signer, { claims: { pad: 'x'.repeat(Math.floor(((length - shortest) * 3) / 4)) } })
    const token = await sized(8192)
    expect(token.length).toBe(8192)
    expect(await start().verify(token)).toMatchObject({ owner: validOwner })
    expect(await start().verify(await sized(8194))).toBeNull()
  })
})

describe.each([0, 5])('with a clock tolerance of %d seconds, a token', (clockToleranceSeconds) => {
  const tolerance = clockToleranceSeconds * 1000

  test.each([0, 0.25, 0.999])(
    'ends at exp plus the tolerance, and %d seconds',
    async (fraction) => {
      const { verify, clock } = start({ clockToleranceSeconds })
      const exp = validClaims.exp + fraction
      const token = await makeToken(signer, { claims: { exp } })
      clock.time = Math.round(exp * 1000) + tolerance - 1
      expect(await verify(token)).toMatchObject({ owner: validOwner })
      clock.time += 1
      expect(await verify(token)).toBeNull()
    },
  )

  test.each([0, 0.25, 0.999])(
    'begins at nbf minus the tolerance, and %d seconds',
    async (fraction) => {
      const { verify, clock } = start({ clockToleranceSeconds })
      const nbf = testSeconds + 60 + fraction
      const token = await makeToken(signer, { claims: { nbf } })
      clock.time = Math.round(nbf * 1000) - tolerance - 1
      expect(await verify(token)).toBeNull()
      clock.time += 1
      expect(await verify(token)).toMatchObject({ owner: validOwner })
    },
  )
})

describe('a cached token', () => {
  test('is answered synchronously', async () => {
    const { verify, count } = start()
    const token = await makeToken(signer)
    expect(verify(token)).toBeInstanceOf(Promise)
    expect(await verify(token)).toMatchObject({ owner: validOwner })
    expect(verify(token)).toMatchObject({ owner: validOwner })
    expect(count('cache_hit')).toBe(1)
    expect(count('cache_miss')).toBe(2)
  })

  test('is answered with the same object, which contains its expiry', async () => {
    const { verify } = start()
    const token = await makeToken(signer)
    const verified = await verify(token)
    expect(verified?.expiresAt).toBe(validClaims.exp * 1000)
    expect(verify(token)).toBe(verified)
  })

  test.each([0, 0.5])(
    'is forgotten at its exp plus %d seconds, even within the clock tolerance',
    async (fraction) => {
      const { verify, clock, count } = start()
      const exp = validClaims.exp + fraction
      const token = await makeToken(signer, { claims: { exp } })
      expect((await verify(token))?.expiresAt).toBe(exp * 1000)
      clock.time = exp * 1000 - 1
      expect(verify(token)).toMatchObject({ owner: validOwner })
      clock.time += 1
      expect(await verify(token)).toMatchObject({ owner: validOwner })
      expect(await verify(token)).toMatchObject({ owner: validOwner })
      expect(count('cache_hit')).toBe(1)
    },
  )

  test('is evicted when other tokens were used more recently', async () => {
    const { verify, count } = start({ cacheSize: 2 })
    const tokens = ['a', 'b', 'c'].map((sub) => makeToken(signer, { claims: { sub } }))
    const [a = '', b = '', c = ''] = await Promise.all(tokens)
    for (const token of [a, b, a, c, a]) await verify(token)
    expect(count('cache_hit')).toBe(2)
    expect(verify(c)).toMatchObject({ owner: ownerOf('c') })
    expect(verify(b)).toBeInstanceOf(Promise)
  })

  test('is never one that was refused', async () => {
    const { verify, count } = start()
    const token = await makeToken(secretSigner('another secret of more than 32 bytes'))
    expect(await verify(token)).toBeNull()
    expect(await verify(token)).toBeNull()
    expect(count('cache_miss')).toBe(2)
  })
})

describe('the previous secret', () => {
  test('is accepted, and each use is reported', async () => {
    const { verify, count } = start()
    const token = await makeToken(secretSigner(previousSecret))
    expect(await verify(token)).toMatchObject({ owner: validOwner })
    expect(verify(token)).toMatchObject({ owner: validOwner })
    expect(count('previous_secret_used')).toBe(2)
    await verify(await makeToken(signer))
    expect(count('previous_secret_used')).toBe(2)
  })

  test('does not make an expired token valid', async () => {
    const { verify, count } = start()
    const changes = { claims: { exp: testSeconds - 60 } }
    expect(await verify(await makeToken(secretSigner(previousSecret), changes))).toBeNull()
    expect(count('previous_secret_used')).toBe(0)
  })

  test('is refused if none is configured', async () => {
    const { verify } = start({ secrets: { current: secret } })
    expect(await verify(await makeToken(signer))).toMatchObject({ owner: validOwner })
    expect(await verify(await makeToken(secretSigner(previousSecret)))).toBeNull()
  })
})

test('encodes secrets as UTF-8', async () => {
  const current = 'pässwörd-😀-of-more-than-32-bytes'
  const { verify } = start({ secrets: { current } })
  expect(await verify(await makeToken(secretSigner(Buffer.from(current, 'utf8'))))).toMatchObject({
    owner: validOwner,
  })
})

test('accepts a token of signToken until it expires', async () => {
  const { verify, clock } = start()
  const token = await signToken({ secret, sub: 'demo', expiresInSeconds: 60, now: testTime + 999 })
  expect(await verify(token)).toMatchObject({ owner: ownerOf('demo') })
  clock.time += 64_999
  expect(await verify(token)).toMatchObject({ owner: ownerOf('demo') })
  clock.time += 1
  expect(await verify(token)).toBeNull()
})
