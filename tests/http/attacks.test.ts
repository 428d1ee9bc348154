import { expect, test } from 'bun:test'
import { createTokenVerifier } from '../../adapters/auth/verifier.ts'
import { createHttpApp } from '../../adapters/http/app.ts'
import { createNewId } from '../../adapters/system/ids.ts'
import { attacks, bySecret, clockTolerance } from '../auth/attacks.ts'
import { audience, issuer, makeToken, secret, testTime } from '../support/tokens.ts'
import { useCasesInMemory } from './tasks-in-memory.ts'

const newId = createNewId()
const app = createHttpApp({
  ...useCasesInMemory(newId),
  verifyToken: createTokenVerifier({
    secrets: { current: secret, issuer, audience },
    keySet: null,
    clockToleranceSeconds: clockTolerance,
    now: () => testTime,
  }).verify,
  ping: async () => {},
  newId,
  onArrival: () => {},
  observe: () => {},
  version: '1.2.3',
  corsOrigins: [],
  maxBodyBytes: 1024,
  publicUrl: null,
  keepAliveSeconds: 75,
  rateLimit: null,
  trustedProxies: 0,
})

async function ask(...authorization: string[]) {
  const headers = new Headers({ 'x-request-id': 'a-request' })
  for (const value of authorization) headers.append('authorization', value)
  const response = await app.handle(new Request('http://localhost/tasks', { headers }))
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  }
}

const honest = await makeToken(bySecret)
const refusal = {
  status: 401,
  headers: {
    'content-length': '61',
    'content-type': 'application/json',
    vary: 'Origin',
    'www-authenticate': 'Bearer error="invalid_token"',
    'x-content-type-options': 'nosniff',
    'x-request-id': 'a-request',
  },
  body: '{"error":"UNAUTHORIZED","message":"Invalid or expired token"}',
}

test('accepts a valid token', async () => {
  expect((await ask(`Bearer ${honest}`)).status).toBe(200)
})

// A header cannot carry line breaks, and white space around its value is not part of it.
const sendable = await Promise.all(
  attacks.map(async ([what, , attack]) => [what, await attack(bySecret)] as const),
).then((rows) => rows.filter(([, token]) => token.trim() === token && /^[\x20-\x7e]+$/.test(token)))

test('most attacks can be sent in a header', () => {
  expect(sendable.length).toBeGreaterThan(attacks.length * 0.8)
})

test.each(sendable)(
  'refuses a forged token with the same response as any other: %s',
  async (_, token) => {
    expect(await ask(`Bearer ${token}`)).toStrictEqual(refusal)
  },
)

test('refuses two Authorization headers', async () => {
  expect(await ask(`Bearer ${honest}`, `Bearer ${honest}`)).toStrictEqual(refusal)
})
