import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { isOwner, type Owner } from '../../core/owner.ts'

/** The shared secret of the verifiers under test. */
export const secret = 'current-secret-of-more-than-32-bytes'
export const previousSecret = 'previous-secret-of-more-than-32-bytes'
export const issuer = 'https://issuer.example'
export const audience = 'https://tasks.example'

/** The fixed time of these tests, in milliseconds and in seconds as in tokens. */
export const testTime = Date.parse('2026-01-31T09:30:00Z')
export const testSeconds = testTime / 1000

/** Signs tokens with one key. */
export interface Signer {
  readonly alg: string
  readonly kid?: string
  sign(text: string): Promise<Uint8Array>
}

/** A signer whose public key can be published. */
export interface KeyPair extends Signer {
  readonly kid: string
  readonly publicJwk: JWK
  readonly publicKey: CryptoKey
  readonly privateKey: CryptoKey
}

const hashes: Record<string, string> = { HS256: 'SHA-256', HS384: 'SHA-384', HS512: 'SHA-512' }

export function secretSigner(key: string | Uint8Array, alg = 'HS256'): Signer {
  return {
    alg,
    async sign(text) {
      const bytes = typeof key === 'string' ? new TextEncoder().encode(key) : key
      const algorithm = { name: 'HMAC', hash: hashes[alg] ?? 'SHA-256' }
      const imported = await crypto.subtle.importKey(
        'raw',
        new Uint8Array(bytes),
        algorithm,
        false,
        ['sign'],
      )
      return new Uint8Array(
        await crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(text)),
      )
    },
  }
}

const signatures: Record<string, Parameters<typeof crypto.subtle.sign>[0]> = {
  EdDSA: { name: 'Ed25519' },
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  ES512: { name: 'ECDSA', hash: 'SHA-512' },
  RS256: { name: 'RSASSA-PKCS1-v1_5' },
  PS256: { name: 'RSA-PSS', saltLength: 32 },
}

export async function keyPair(alg: string, kid: string): Promise<KeyPair> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  return keyPairOf(alg, kid, publicKey, privateKey)
}

/** The same RSA key, for PS256 signatures. */
export async function asPs256({ kid, publicKey, privateKey }: KeyPair): Promise<KeyPair> {
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' }
  const bytes = await crypto.subtle.exportKey('pkcs8', privateKey)
  const other = await crypto.subtle.importKey('pkcs8', bytes, algorithm, true, ['sign'])
  return keyPairOf('PS256', kid, publicKey, other)
}

async function keyPairOf(
  alg: string,
  kid: string,
  publicKey: CryptoKey,
  privateKey: CryptoKey,
): Promise<KeyPair> {
  const algorithm = signatures[alg]
  if (algorithm === undefined) throw new Error(`Cannot sign with ${alg}`)
  return {
    alg,
    kid,
    publicKey,
    privateKey,
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    async sign(text) {
      const bytes = new TextEncoder().encode(text)
      return new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, bytes))
    },
  }
}

/** Claims that every verifier under test accepts. */
export const validClaims = {
  sub: 'user-1',
  iss: issuer,
  aud: audience,
  iat: testSeconds,
  exp: testSeconds + 900,
} as const

export const validOwner = ownerOf(validClaims.sub)

export function ownerOf(sub: string): Owner {
  if (!isOwner(sub)) throw new Error(`${sub} cannot own tasks`)
  return sub
}

/** What differs from a valid token. Members that are `undefined` are omitted. */
export interface TokenChanges {
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims?: Readonly<Record<string, unknown>>
  /** Replaces the JSON text of the header. */
  readonly headerText?: string
  /** Replaces the JSON text of the payload. */
  readonly payloadText?: string | Uint8Array
  /** Rewrites the encoded header and payload before they are signed. */
  readonly encoded?: (part: string, name: 'header' | 'payload') => string
}

export function base64url(data: string | Uint8Array): string {
  return Buffer.from(data).toString('base64url')
}

/** Creates a correctly signed token with any content. */
export async function makeToken(signer: Signer, changes: TokenChanges = {}): Promise<string> {
  const header = { alg: signer.alg, kid: signer.kid, ...changes.header }
  const claims = { ...validClaims, ...changes.claims }
  const { encoded = (part) => part } = changes
  const signed = `${encoded(base64url(changes.headerText ?? JSON.stringify(header)), 'header')}.${encoded(
    base64url(changes.payloadText ?? JSON.stringify(claims)),
    'payload',
  )}`
  return `${signed}.${base64url(await signer.sign(signed))}`
}
