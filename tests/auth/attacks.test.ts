import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { createTokenVerifier, type TokenVerifier } from '../../adapters/auth/verifier.ts'
import { type KeySetServer, startKeySetServer } from '../support/key-set-server.ts'
import {
  audience,
  base64url,
  issuer,
  makeToken,
  previousSecret,
  type Signer,
  secret,
  testTime,
  validOwner,
} from '../support/tokens.ts'
import {
  attacks,
  byEllipticKey,
  byPublicKey,
  byRsaKey,
  bySecret,
  clockTolerance,
  publishedSecret,
} from './attacks.ts'

let server: KeySetServer
let verifiers: Record<'secret' | 'key set' | 'both', TokenVerifier>

beforeAll(() => {
  const oct = { kty: 'oct', kid: 'published-secret', alg: 'HS256', k: base64url(publishedSecret) }
  server = startKeySetServer(
    byPublicKey.publicJwk,
    byEllipticKey.publicJwk,
    byRsaKey.publicJwk,
    oct,
  )
  const claims = { issuer, audience }
  const secrets = { current: secret, previous: previousSecret, ...claims }
  const keySet = { url: server.url, ...claims }
  const common = { clockToleranceSeconds: clockTolerance, now: () => testTime }
  verifiers = {
    secret: createTokenVerifier({ ...common, secrets, keySet: null }),
    'key set': createTokenVerifier({ ...common, secrets: null, keySet }),
    both: createTokenVerifier({ ...common, secrets, keySet }),
  }
})

afterAll(() => server.close())

/** Each attack starts from a valid token of this signer, which this verifier accepts. */
const settings: [keyof typeof verifiers, string, Signer][] = [
  ['secret', 'HS256', bySecret],
  ['key set', 'EdDSA', byPublicKey],
  ['both', 'HS256', bySecret],
  ['both', 'EdDSA', byPublicKey],
]

describe.each(settings)(
  'a verifier with %s that accepts a valid %s token',
  (setting, _alg, signer) => {
    test.each([...attacks])('refuses %s (%s)', async (_what, _section, attack) => {
      const { verify } = verifiers[setting]
      expect(await verify(await makeToken(signer))).toMatchObject({ owner: validOwner })
      expect(await verify(await attack(signer))).toBeNull()
    })

    test('refuses a valid token after any edit of one character', async () => {
      const { verify } = verifiers[setting]
      const valid = await makeToken(signer)
      expect(await verify(valid)).toMatchObject({ owner: validOwner })
      await fc.assert(
        fc.asyncProperty(
          fc.nat(valid.length - 1),
          fc.string({ maxLength: 3 }),
          async (at, other) => {
            const token = valid.slice(0, at) + other + valid.slice(at + 1)
            fc.pre(token !== valid)
            expect(await verify(token)).toBeNull()
          },
        ),
      )
    })
  },
)

describe('a verifier with one kind of key', () => {
  test('refuses a token signed with the secret if only a key set is configured', async () => {
    const token = await makeToken(bySecret)
    expect(await verifiers.secret.verify(token)).toMatchObject({ owner: validOwner })
    expect(await verifiers['key set'].verify(token)).toBeNull()
  })

  test('refuses a token signed with a published key if only a secret is configured', async () => {
    const token = await makeToken(byPublicKey)
    expect(await verifiers['key set'].verify(token)).toMatchObject({ owner: validOwner })
    expect(await verifiers.secret.verify(token)).toBeNull()
  })
})
