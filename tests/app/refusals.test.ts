import { expect, test } from 'bun:test'
import { REFUSAL_REASONS, type RefusalReason, refusal } from '../../adapters/auth/refusal.ts'
import { describeRefusal, loggable } from '../../app/refusals.ts'

const SENTENCES = /^[A-Z][^\n]*\.$/

test.each(REFUSAL_REASONS.map((reason) => [reason]))('describes %s in sentences', (reason) => {
  for (const method of ['secret', 'key_set', null] as const)
    for (const actual of ['ACTUAL', null]) {
      const text = describeRefusal(refusal(reason, method, 'EXPECTED', actual))
      expect(text).toMatch(SENTENCES)
      expect(text).not.toMatch(/null|undefined| {2}/)
    }
})

test.each<[RefusalReason, string | null, string]>([
  [
    'wrong_issuer',
    'https://a.example',
    'The token\'s issuer (iss) is "https://a.example", but JWT_ISSUER or BETTER_AUTH_URL expects "https://b.example".',
  ],
  [
    'wrong_issuer',
    null,
    'The token has no issuer (iss), but JWT_ISSUER or BETTER_AUTH_URL expects "https://b.example".',
  ],
  [
    'wrong_audience',
    'x',
    'The token\'s audience (aud) is "x", but JWT_AUDIENCE or BETTER_AUTH_URL expects "https://b.example".',
  ],
  [
    'unknown_key',
    'https://a.example',
    'The key set at BETTER_AUTH_URL or JWKS_URL has no key that fits the token. The token\'s issuer is "https://a.example"; "https://b.example" is expected.',
  ],
])('says what was expected and what came: %s, %s', (reason, actual, sentence) => {
  expect(describeRefusal(refusal(reason, 'key_set', 'https://b.example', actual))).toBe(sentence)
})

test('says how to accept a token of another resource if none is expected', () => {
  expect(describeRefusal(refusal('wrong_audience'))).toStartWith(
    'A client obtained the token with OAuth. If',
  )
  expect(describeRefusal(refusal('wrong_audience', 'key_set', null, 'x'))).toBe(
    'A client obtained the token with OAuth for "x". If it is meant for the REST API, set JWT_ISSUER and JWT_AUDIENCE.',
  )
})

test('describes a bad signature by what should have made it', () => {
  expect(describeRefusal(refusal('bad_signature', 'secret'))).toContain('BETTER_AUTH_SECRET')
  expect(describeRefusal(refusal('bad_signature', 'key_set'))).toContain('another key')
  expect(describeRefusal(refusal('bad_signature', 'secret'))).toEndWith('any is accepted.')
})

test('keeps nothing of a token for the log but its iss and aud', () => {
  const kept = REFUSAL_REASONS.filter(
    (reason) => loggable(refusal(reason, 'secret', 'x', 'ACTUAL')).actual !== null,
  )
  expect(kept).toStrictEqual(['unknown_key', 'bad_signature', 'wrong_issuer', 'wrong_audience'])
})
