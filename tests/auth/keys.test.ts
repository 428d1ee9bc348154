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

const [first, second, elliptic, rsa] = await Promise.all([
  keyPair('EdDSA', 'key-1'),
  keyPair('EdDSA', 'key-2'),
  keyPair('ES256', 'key-3'),
  keyPair('RS256', 'key-4'),
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
  test('is not asked again at once, unless told otherwise', async () => {
    for (const kid of ['a', 'b', 'c'])
      expect(await verify(await tokenOf(first, { kid }))).toBeNull()
    expect(server.requests()).toBe(1)
  })

  test('holds keys of all four kinds, each for its own algorithm', async () => {
    const pss = { ...(await asPs256(await keyPair('RS256', 'key-5'))), kid: 'key-5' }
    const pairs = [first, elliptic, rsa, pss]
    server.publish(...pairs.map((pair) => pair.publicJwk))
    for (const pair of pairs)
      expect(await verify(await tokenOf(pair))).toMatchObject({ owner: validOwner })
    expect(await verify(await tokenOf({ ...pss, alg: 'RS256', sign: pss.sign }))).toBeNull()
  })

  test('may leave the algorithm to the type of the key', async () => {
    const bare = [first, elliptic, rsa].map(
      ({ publicJwk: { alg: _alg, use: _use, ...jwk } }) => jwk,
    )
    server.publish(...bare)
    for (const pair of [first, elliptic, rsa, await asPs256(rsa)])
      expect(await verify(await tokenOf(pair))).toMatchObject({ owner: validOwner })
  })
})

describe('what cannot be used in a key set is passed over', async () => {
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
  const useless: [string, unknown][] = [
    ['nothing', null],
    ['text', 'key'],
    ['a list', []],
    ['no type', { kid: 'key-1' }],
    ['an unknown type', { ...jwk, kty: 'XYZ' }],
    ['no point', { ...jwk, x: undefined }],
    ['a point too short', { ...jwk, x: 'AAAA' }],
    ['a type that is no text', { ...jwk, kty: ['OKP'] }],
    ['an algorithm of another type', { ...jwk, alg: 'ES256' }],
    ['an algorithm that is not used here', { ...jwk, alg: 'RS512' }],
    ['another curve', { ...(await exportJWK(other.publicKey)), kid: 'key-1' }],
    ['a key for encryption', { ...jwk, use: 'enc' }],
    ['a key that only signs', { ...jwk, key_ops: ['sign'] }],
    ['a private key', { ...(await exportJWK(first.privateKey)), kid: 'key-1' }],
    ['a secret', { kty: 'oct', kid: 'key-1', alg: 'HS256', k: base64url(secret) }],
    ['a secret for EdDSA', { kty: 'oct', kid: 'key-1', alg: 'EdDSA', k: base64url(secret) }],
    ['a short RSA key', { ...(await exportJWK(short.publicKey)), kid: 'key-1' }],
  ]

  test.each(useless)('%s', async (_what, member) => {
    server.publish(member, second.publicJwk)
    expect(await verify(await tokenOf(second))).toMatchObject({ owner: validOwner })
    // Nor does it make the choice ambiguous for a token that names no key.
    expect(await verify(await tokenOf(second, { kid: undefined }))).toMatchObject({
      owner: validOwner,
    })
    expect(await verify(await tokenOf(first))).toBeNull()
  })

  test('and never checks anything', async () => {
    server.publish(...useless.map(([, member]) => member))
    const sign = async (text: string) =>
      new Uint8Array(
        await crypto.subtle.sign('RSASSA-PKCS1-v1_5', short.privateKey, Buffer.from(text)),
      )
    expect(await verify(await tokenOf({ ...rsa, kid: 'key-1', sign }))).toBeNull()
    expect(await verify(await makeToken({ ...secretSigner(secret), kid: 'key-1' }))).toBeNull()
    expect(await verify(await tokenOf(first))).toBeNull()
  })
})

describe('a token that names no key', () => {
  test('is accepted where exactly one key fits', async () => {
    server.publish(first.publicJwk, elliptic.publicJwk)
    expect(await verify(await tokenOf(first, { kid: undefined }))).toMatchObject({
      owner: validOwner,
    })
    expect(await verify(await tokenOf(elliptic, { kid: undefined }))).toMatchObject({
      owner: validOwner,
    })
  })

  test('is refused where several fit', async () => {
    server.publish(first.publicJwk, second.publicJwk)
    expect(await verify(await tokenOf(first))).toMatchObject({ owner: validOwner })
    expect(await verify(await tokenOf(first, { kid: undefined }))).toBeNull()
  })
})
