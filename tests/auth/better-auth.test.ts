import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { createTokenVerifier, type TokenVerifier } from '../../adapters/auth/verifier.ts'
import { TaskportError } from '../../core/errors.ts'
import { type BetterAuthServer, startBetterAuth } from '../support/better-auth.ts'
import { makeToken, ownerOf, secretSigner } from '../support/tokens.ts'

let auth: BetterAuthServer
let verifier: TokenVerifier
let people = 0

beforeAll(async () => {
  auth = await startBetterAuth()
})

// All that is told of the issuer is its address and, for the other way, the secret.
beforeEach(() => {
  verifier = createTokenVerifier({
    secrets: { current: auth.secret },
    keySet: {
      url: `${auth.baseUrl}/api/auth/jwks`,
      issuer: auth.baseUrl,
      audience: auth.baseUrl,
    },
    clockToleranceSeconds: 5,
    now: Date.now,
  })
})

afterAll(() => auth.close())

function someone() {
  people += 1
  return auth.signUp(`person-${people}@people.example`)
}

test('tokens of two people stand for the two', async () => {
  const [one, other] = [await someone(), await someone()]
  expect(await verifier.verify(await auth.token(one.session))).toMatchObject({
    owner: ownerOf(one.id),
  })
  expect(await verifier.verify(await auth.token(other.session))).toMatchObject({
    owner: ownerOf(other.id),
  })
})

test('a token that a front end signs with the shared secret is accepted', async () => {
  const { id } = await someone()
  const claims = { sub: id, email: 'a@people.example', name: 'A', iss: undefined, aud: undefined }
  const exp = Math.floor(Date.now() / 1000) + 60
  const token = await makeToken(secretSigner(auth.secret), { claims: { ...claims, exp } })
  expect(await verifier.verify(token)).toMatchObject({ owner: ownerOf(id) })
})

test("a key that rotates at the issuer needs no restart, and the former's tokens stay good", async () => {
  const { id, session } = await someone()
  const former = await auth.token(session)
  expect(await verifier.verify(former)).toMatchObject({ owner: ownerOf(id) })
  auth.rotateKey()
  expect(await verifier.verify(await auth.token(session))).toMatchObject({ owner: ownerOf(id) })
  expect(await verifier.verify(former)).toMatchObject({ owner: ownerOf(id) })
})

test('tokens of a key that the issuer gave up end when that is known', async () => {
  const { id, session } = await someone()
  const former = await auth.token(session)
  expect(await verifier.verify(former)).toMatchObject({ owner: ownerOf(id) })
  auth.replaceKeys()
  expect(await verifier.verify(await auth.token(session))).toMatchObject({ owner: ownerOf(id) })
  expect(await verifier.verify(former)).toBeNull()
})

test('with the issuer down, keys that are known go on working and others are not judged', async () => {
  const [one, other] = [await someone(), await someone()]
  const tokens = [await auth.token(one.session), await auth.token(other.session)] as const
  expect(await verifier.verify(tokens[0])).toMatchObject({ owner: ownerOf(one.id) })
  auth.rotateKey()
  const ofNewKey = await auth.token(one.session)
  await auth.stop()
  expect(await verifier.verify(tokens[0])).toMatchObject({ owner: ownerOf(one.id) })
  expect(await verifier.verify(tokens[1])).toMatchObject({ owner: ownerOf(other.id) })
  const error: unknown = await Promise.resolve(verifier.verify(ofNewKey)).catch((reason) => reason)
  expect(error).toBeInstanceOf(TaskportError)
  auth.start()
})

test('the token of the session cookie is refused', async () => {
  const { id, session, cookies } = await someone()
  const cookie = cookies.find((line) => line.startsWith('better-auth.session_data='))
  const [, token = ''] = cookie?.match(/=([^;]*)/) ?? []
  expect(token.split('.').length).toBe(3)
  expect(await verifier.verify(await auth.token(session))).toMatchObject({ owner: ownerOf(id) })
  expect(await verifier.verify(token)).toBeNull()
})
