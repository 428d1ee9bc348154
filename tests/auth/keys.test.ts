import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { exportJWK, generateKeyPair } from 'jose'
import { createTokenVerifier, type TokenVerifier } from '../../adapters/auth/verifier.ts'
import { type KeySetServer, startKeySetServer } from '../support/key-set-server.ts'
import {
  asPs256,
  base64url,
  type KeyPair,
  keyPair,
  makeToken,
  secret,
  secretSigner,
  testTime,
  validOwner,
} from '../support/tokens.ts'

const [first, second, elliptic, rsa, longElliptic] = await Promise.all([
  keyPair('EdDSA', 'key-1'),
  keyPair('EdDSA', 'key-2'),
  keyPair('ES256', 'key-3'),
  keyPair('RS256', 'key-4'),
  keyPair('ES512', 'key-6'),
])

let server: KeySetServer
let verify: TokenVerifier['verify']

beforeEach(() => {
  server = startKeySetServer()
  verify = createTokenVerifier({
    secrets: null,
    keySet: { url: server.url },
    clockToleranceSeconds: 0,
    now: () => testTime,
  }).verify
})

afterEach(() => server.close())

const tokenOf = (pair: KeyPair, header: Record<string, unknown> = {}) => makeToken(pair, { header })

describe('a key set', () => {
  test('is fetched once for several unknown keys, by default', async () => {
    for (const kid of ['a', 'b', 'c'])
      expect(await verify(await tokenOf(first, { kid }))).toBeNull()
    expect(server.requests()).toBe(1)
  })

  test('may hold keys for all algorithms, each for its own only', async () => {
    const pss = { ...(await asPs256(await keyPair('RS256', 'key-5'))), kid: 'key-5' }
    const pairs = [first, elliptic, rsa, longElliptic, pss]
    server.publish(...pairs.map((pair) => pair.publicJwk))
    for (const pair of pairs)
      expect(await verify(await tokenOf(pair))).toMatchObject({ owner: validOwner })
    expect(await verify(await tokenOf({ ...pss, alg: 'RS256', sign: pss.sign }))).toBeNull()
  })

  test('may omit the algorithm, which then follows from the key type', async () => {
    const bare = [first, elliptic, rsa, longElliptic].map(
      ({ publicJwk: { alg: _alg, use: _use, ...jwk } }) => jwk,
    )
    server.publish(...bare)
    for (const pair of [first, elliptic, rsa, longElliptic, await asPs256(rsa)])
      expect(await verify(await tokenOf(pair))).toMatchObject({ owner: validOwner })
  })

  test.each([
    ['EdDSA', 'EdDSA'],
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'EdDSA'],
    ['Ed25519', 'Ed25519'],
    [undefined, 'Ed25519'],
  ])('may name the algorithm of an Ed25519 key %s if tokens name it %s', async (ofKey, ofToken) => {
    server.publish({ ...first.publicJwk, alg: ofKey })
    expect(await verify(await tokenOf(first, { alg: ofToken }))).toMatchObject({
      owner: validOwner,
    })
    expect(await verify(await tokenOf(second, { alg: ofToken, kid: 'key-1' }))).toBeNull()
  })
})

describe('an unusable member of a key set', async () => {
  const short = await crypto.subtle.generateKey(
    {
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: 1024,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: 'SHA-256',
    },
    true,
    ['sign', 'verify'],
  )
  const other = await generateKeyPair('ES384', { extractable: true })
  const jwk = first.publicJwk
  const unusable: [string, unknown][] = [
    ['null', null],
    ['a string', 'key'],
    ['a list', []],
    ['a missing type', { kid: 'key-1' }],
    ['an unknown type', { ...jwk, kty: 'XYZ' }],
    ['a missing point', { ...jwk, x: undefined }],
    ['a point that is too short', { ...jwk, x: 'AAAA' }],
    ['a type that is not a string', { ...jwk, kty: ['OKP'] }],
    ['an algorithm of another type', { ...jwk, alg: 'ES256' }],
    ['an unsupported algorithm', { ...jwk, alg: 'RS512' }],
    ['another spelling of its algorithm', { ...jwk, alg: 'ed25519' }],
    ['a name of EdDSA on another type', { ...elliptic.publicJwk, kid: 'key-1', alg: 'Ed25519' }],
    ['the algorithm of another curve', { ...elliptic.publicJwk, kid: 'key-1', alg: 'ES512' }],
    ['another curve', { ...(await exportJWK(other.publicKey)), kid: 'key-1' }],
    ['a key for encryption', { ...jwk, use: 'enc' }],
    ['a key that only signs', { ...jwk, key_ops: ['sign'] }],
    ['a private key', { ...(await exportJWK(first.privateKey)), kid: 'key-1' }],
    ['a secret', { kty: 'oct', kid: 'key-1', alg: 'HS256', k: base64url(secret) }],
    ['a secret for EdDSA', { kty: 'oct', kid: 'key-1', alg: 'EdDSA', k: base64url(secret) }],
    ['a short RSA key', { ...(await exportJWK(short.publicKey)), kid: 'key-1' }],
  ]

  test.each(unusable)('is ignored: %s', async (_what, member) => {
    server.publish(member, second.publicJwk)
    expect(await verify(await tokenOf(second))).toMatchObject({ owner: validOwner })
    // It does not make the choice ambiguous for a token that names no key either.
    expect(await verify(await tokenOf(second, { kid: undefined }))).toMatchObject({
      owner: validOwner,
    })
    expect(await verify(await tokenOf(first))).toBeNull()
  })

  test('never verifies a token', async () => {
    server.publish(...unusable.map(([, member]) => member))
    const sign = async (text: string) =>
      new Uint8Array(
        await crypto.subtle.sign('RSASSA-PKCS1-v1_5', short.privateKey, Buffer.from(text)),
      )
    expect(await verify(await tokenOf({ ...rsa, kid: 'key-1', sign }))).toBeNull()
    expect(await verify(await makeToken({ ...secretSigner(secret), kid: 'key-1' }))).toBeNull()
    expect(await verify(await tokenOf({ ...elliptic, kid: 'key-1' }))).toBeNull()
    expect(await verify(await tokenOf(first))).toBeNull()
  })
})

describe('a token that names no key', () => {
  test('is accepted if exactly one key fits', async () => {
    server.publish(first.publicJwk, elliptic.publicJwk)
    expect(await verify(await tokenOf(first, { kid: undefined }))).toMatchObject({
      owner: validOwner,
    })
    expect(await verify(await tokenOf(elliptic, { kid: undefined }))).toMatchObject({
      owner: validOwner,
    })
  })

  test('is refused if several keys fit', async () => {
    server.publish(first.publicJwk, second.publicJwk)
    expect(await verify(await tokenOf(first))).toMatchObject({ owner: validOwner })
    expect(await verify(await tokenOf(first, { kid: undefined }))).toBeNull()
  })
})
