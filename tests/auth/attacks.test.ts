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
  leeway,
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
  const common = { clockToleranceSeconds: leeway, now: () => testTime }
  verifiers = {
    secret: createTokenVerifier({ ...common, secrets, keySet: null }),
    'key set': createTokenVerifier({ ...common, secrets: null, keySet }),
    both: createTokenVerifier({ ...common, secrets, keySet }),
  }
})

afterAll(() => server.close())

/** The honest token beside each attack is signed by the same signer and seen by the same verifier. */
const settings: [keyof typeof verifiers, string, Signer][] = [
  ['secret', 'HS256', bySecret],
  ['key set', 'EdDSA', byPublicKey],
  ['both', 'HS256', bySecret],
  ['both', 'EdDSA', byPublicKey],
]

describe.each(settings)('with %s, beside an honest %s token', (setting, _alg, signer) => {
  test.each([...attacks])('%s is refused (%s)', async (_what, _section, attack) => {
    const { verify } = verifiers[setting]
    expect(await verify(await makeToken(signer))).toMatchObject({ owner: validOwner })
    expect(await verify(await attack(signer))).toBeNull()
  })

  test('no other character anywhere is as good', async () => {
    const { verify } = verifiers[setting]
    const honest = await makeToken(signer)
    expect(await verify(honest)).toMatchObject({ owner: validOwner })
    await fc.assert(
      fc.asyncProperty(
        fc.nat(honest.length - 1),
        fc.string({ maxLength: 3 }),
        async (at, other) => {
          const token = honest.slice(0, at) + other + honest.slice(at + 1)
          fc.pre(token !== honest)
          expect(await verify(token)).toBeNull()
        },
      ),
    )
  })
})

describe('one way never stands in for the other', () => {
  test('a token of the secret where there is only a key set', async () => {
    const token = await makeToken(bySecret)
    expect(await verifiers.secret.verify(token)).toMatchObject({ owner: validOwner })
    expect(await verifiers['key set'].verify(token)).toBeNull()
  })

  test('a token of the key set where there is only a secret', async () => {
    const token = await makeToken(byPublicKey)
    expect(await verifiers['key set'].verify(token)).toMatchObject({ owner: validOwner })
    expect(await verifiers.secret.verify(token)).toBeNull()
  })
})
