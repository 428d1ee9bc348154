import { expect } from 'bun:test'
import type { RefusalReason } from '../../adapters/auth/refusal.ts'
import {
  audience,
  issuer,
  keyPair,
  type Signer,
  secret,
  secretSigner,
  type TokenChanges,
  testSeconds,
  validClaims,
} from '../support/tokens.ts'

export const [key, otherKey, unknownKey] = await Promise.all([
  keyPair('EdDSA', 'key-1'),
  keyPair('EdDSA', 'key-2'),
  keyPair('EdDSA', 'key-3'),
])
export const bySecret = secretSigner(secret)
export const byStranger = secretSigner('another secret of more than 32 bytes')

const now = '2026-01-31T09:30:00.000Z'
const issuers = { expected: issuer, actual: issuer }
const nothing = { expected: null, actual: null }

/** A token, and the refusal that is reported for it. */
interface RefusedToken {
  readonly what: string
  readonly reason: RefusalReason
  readonly method: 'secret' | 'key_set' | null
  readonly expected: string | null
  readonly actual: string | null
  readonly signer?: Signer
  readonly changes?: TokenChanges
}

export const refusedTokens: readonly RefusedToken[] = [
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
    (claim): RefusedToken => ({
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
