import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { type BetterAuthServer, type OAuthTokens, startBetterAuth } from '../support/better-auth.ts'
import { openMcpService } from './service.ts'

// Tokens of the real OAuth provider, and of the real `jwt()` plugin, which one key signs.
const PUBLIC_URL = 'https://tasks.example'
const RESOURCE = `${PUBLIC_URL}/mcp`
const OTHER_RESOURCE = 'https://other.example/mcp'

let auth: BetterAuthServer
let signIn: string
let ours: OAuthTokens
let others: OAuthTokens
beforeAll(async () => {
  auth = await startBetterAuth({ resources: [RESOURCE, OTHER_RESOURCE] })
  const { session } = await auth.signUp('ann@people.example')
  signIn = await auth.token(session)
  ours = await auth.oauthTokens(session, RESOURCE)
  others = await auth.oauthTokens(session, OTHER_RESOURCE)
})
afterAll(() => auth.close())

/** The statuses of `/mcp` and of `GET /tasks` with a token. */
async function statuses(variables: Record<string, string>, token: string) {
  await using service = await openMcpService({ PUBLIC_URL, ...variables })
  const headers = { authorization: `Bearer ${token}` }
  const params = { name: 'list_tasks', arguments: {} }
  const mcp = await fetch(service.url, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  })
  const rest = await fetch(new URL('/tasks', service.url), { headers })
  return { mcp: mcp.status, rest: rest.status }
}

test('the OAuth provider marks its tokens as the service expects', () => {
  const client = expect.stringMatching(/^\w+$/)
  const iss = `${auth.baseUrl}/api/auth`
  expect(decodeProtectedHeader(ours.access_token)).toMatchObject({ typ: 'at+jwt' })
  expect(decodeJwt(ours.access_token)).toMatchObject({
    iss,
    aud: [RESOURCE, `${iss}/oauth2/userinfo`],
    azp: client,
    client_id: client,
    scope: 'openid tasks:read tasks:write',
  })
  expect(decodeProtectedHeader(ours.id_token)).not.toHaveProperty('typ')
  const { iat: _iat, exp: _exp, ...idToken } = decodeJwt(ours.id_token)
  expect(idToken).toStrictEqual({
    iss,
    sub: expect.any(String),
    aud: client,
    nonce: 'a-nonce',
    at_hash: expect.any(String),
    acr: '0',
    auth_time: expect.any(Number),
  })
})

describe('with BETTER_AUTH_URL', () => {
  const all = { mcp: 200, rest: 200 }
  const none = { mcp: 401, rest: 401 }

  test('a token from signing in is accepted everywhere', async () => {
    expect(await statuses({ BETTER_AUTH_URL: auth.baseUrl }, signIn)).toEqual(all)
  })

  test('an access token is accepted at the resource that it is for, alone', async () => {
    const variables = { BETTER_AUTH_URL: auth.baseUrl }
    expect(await statuses(variables, ours.access_token)).toEqual({ mcp: 200, rest: 401 })
    expect(await statuses(variables, others.access_token)).toEqual(none)
  })

  test('an ID token is accepted nowhere, even if JWT_ISSUER and JWT_AUDIENCE fit it', async () => {
    const variables = { BETTER_AUTH_URL: auth.baseUrl }
    expect(await statuses(variables, ours.id_token)).toEqual(none)
    const { iss, aud } = decodeJwt(ours.id_token)
    const fitting = { ...variables, JWT_ISSUER: `${iss}`, JWT_AUDIENCE: `${aud}` }
    expect(await statuses(fitting, ours.id_token)).toEqual(none)
  })
})

describe('with JWKS_URL alone', () => {
  const variables = () => ({ JWKS_URL: `${auth.baseUrl}/api/auth/jwks` })

  test('a token from signing in is accepted everywhere', async () => {
    expect(await statuses(variables(), signIn)).toEqual({ mcp: 200, rest: 200 })
  })

  test.each([
    ['an access token', () => ours.access_token],
    ['an access token for another resource', () => others.access_token],
    ['an ID token', () => ours.id_token],
  ])('%s is accepted nowhere', async (_what, token) => {
    expect(await statuses(variables(), token())).toEqual({ mcp: 401, rest: 401 })
    expect(await statuses({ ...variables(), PUBLIC_URL: '' }, token())).toEqual({
      mcp: 401,
      rest: 401,
    })
  })
})
