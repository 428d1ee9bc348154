import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import {
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
} from '@modelcontextprotocol/client'
import { type KeySetServer, startKeySetServer } from '../support/key-set-server.ts'
import { type KeyPair, keyPair, makeToken } from '../support/tokens.ts'
import { openMcpService } from './service.ts'

const PUBLIC_URL = 'https://tasks.example/todo'
const RESOURCE = `${PUBLIC_URL}/mcp`
const METADATA = '/.well-known/oauth-protected-resource/mcp'

let keys: KeyPair
let issuing: KeySetServer
/** The base URL of Better Auth, and the issuer of its OAuth provider. */
let base: string
let issuer: string
beforeAll(async () => {
  keys = await keyPair('EdDSA', 'key-1')
  issuing = startKeySetServer(keys.publicJwk)
  base = new URL(issuing.url).origin
  issuer = `${base}/api/auth`
})
afterAll(() => issuing.close())

const open = (variables: Record<string, string> = {}) =>
  openMcpService({ PUBLIC_URL, BETTER_AUTH_URL: base, ...variables })
type Service = Awaited<ReturnType<typeof open>>

function makeAccessToken(claims: Record<string, unknown> = {}): Promise<string> {
  const seconds = Math.floor(Date.now() / 1000)
  const scope = 'openid tasks:read tasks:write'
  const times = { iat: seconds, nbf: undefined, exp: seconds + 600 }
  return makeToken(keys, {
    claims: {
      sub: 'ann',
      iss: issuer,
      aud: [RESOURCE, `${issuer}/oauth2/userinfo`],
      scope,
      ...times,
      ...claims,
    },
  })
}

/** Calls a tool with a token. */
function callTool({ url }: Service, token: string, name: string, args: object = {}) {
  return fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: args },
    }),
  })
}

async function statuses(service: Service, token: string) {
  const headers = { authorization: `Bearer ${token}` }
  const mcp = await callTool(service, token, 'list_tasks')
  const rest = await fetch(new URL('/tasks', service.url), { headers })
  return [mcp.status, rest.status]
}

describe('the metadata', () => {
  test('says where to get a token, to pages of any site', async () => {
    await using service = await open()
    const response = await fetch(new URL(METADATA, service.url))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(await response.json()).toStrictEqual({
      resource: RESOURCE,
      authorization_servers: [issuer],
      scopes_supported: ['tasks:read', 'tasks:write'],
      bearer_methods_supported: ['header'],
      resource_name: 'Taskport',
    })
  })

  test.each<[string, Record<string, string>]>([
    ['PUBLIC_URL', { PUBLIC_URL: '' }],
    ['BETTER_AUTH_URL', { BETTER_AUTH_URL: '' }],
    ['MCP', { MCP: 'false' }],
  ])('does not exist without %s', async (_name, variables) => {
    await using service = await open(variables)
    expect((await fetch(new URL(METADATA, service.url))).status).toBe(404)
  })

  test('is found by the official client', async () => {
    await using service = await open()
    const refused = await callTool(service, 'x', 'list_tasks')
    const { resourceMetadataUrl } = extractWWWAuthenticateParams(refused)
    expect(resourceMetadataUrl?.href).toBe(`${PUBLIC_URL}${METADATA}`)
    const found = await discoverOAuthProtectedResourceMetadata(
      RESOURCE,
      { resourceMetadataUrl: resourceMetadataUrl ?? '' },
      // In place of the proxy at PUBLIC_URL.
      (address) => fetch(`${address}`.replace(PUBLIC_URL, service.url.origin)),
    )
    expect(found).toMatchObject({ resource: RESOURCE, authorization_servers: [issuer] })
  })
})

describe('401 at /mcp', () => {
  const at = `resource_metadata="${PUBLIC_URL}${METADATA}"`

  test.each<[string, Record<string, string>, string]>([
    ['without a token', {}, `Bearer ${at}`],
    ['with a wrong token', { authorization: 'Bearer x' }, `Bearer error="invalid_token", ${at}`],
  ])('names the metadata %s', async (_name, headers, challenge) => {
    await using service = await open()
    const response = await fetch(service.url, { method: 'POST', headers })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(challenge)
    const other = await fetch(new URL('/tasks', service.url), { headers })
    expect(other.headers.get('www-authenticate')).not.toContain('resource_metadata')
  })
})

describe('an access token', () => {
  test('is accepted at /mcp alone, for the user that it names', async () => {
    await using service = await open()
    const token = await makeAccessToken()
    // Twice, because the second time it is remembered.
    for (const _ of [1, 2]) expect(await statuses(service, token)).toStrictEqual([200, 401])
    await callTool(service, token, 'add_task', { text: 'of ann' })
    const list = await callTool(service, token, 'list_tasks')
    expect(await list.text()).toContain('of ann')
    const bob = await makeAccessToken({ sub: 'bob' })
    expect(await (await callTool(service, bob, 'list_tasks')).text()).not.toContain('of ann')
  })

  test.each<[string, Record<string, string>]>([
    ['JWT_ISSUER and JWT_AUDIENCE fit it', { JWT_ISSUER: 'ISSUER', JWT_AUDIENCE: RESOURCE }],
    ['JWT_ISSUER and JWT_AUDIENCE are others', { JWT_ISSUER: 'x', JWT_AUDIENCE: 'y' }],
  ])('is accepted at /mcp alone if %s', async (_name, variables) => {
    const { JWT_ISSUER, ...rest } = variables
    await using service = await open({
      ...rest,
      JWT_ISSUER: `${JWT_ISSUER}`.replace('ISSUER', issuer),
    })
    for (const _ of [1, 2])
      expect(await statuses(service, await makeAccessToken())).toStrictEqual([200, 401])
  })

  test('is accepted nowhere with JWKS_URL alone, where no issuer is known', async () => {
    await using service = await open({ BETTER_AUTH_URL: '', JWKS_URL: issuing.url })
    expect(await statuses(service, await makeAccessToken())).toStrictEqual([401, 401])
    const other = await makeAccessToken({ iss: undefined, aud: undefined })
    expect(await statuses(service, other)).toStrictEqual([200, 200])
  })

  test.each<[string, Record<string, unknown>]>([
    ['for another resource', { aud: 'https://other.example/mcp' }],
    ['for a resource that begins the same', { aud: `${RESOURCE}/x` }],
    ['for the service without /mcp', { aud: PUBLIC_URL }],
    ['for a client, as an ID token', { aud: 'client-1', nonce: 'n' }],
    ['for nothing', { aud: undefined }],
    ['of another issuer', { iss: 'https://other.example/api/auth' }],
    ['that has expired', { exp: 1 }],
    ['without a user', { sub: undefined }],
  ])('is accepted nowhere %s', async (_name, claims) => {
    await using service = await open()
    expect(await statuses(service, await makeAccessToken(claims))).toStrictEqual([401, 401])
  })

  test('is refused if another key signed it', async () => {
    await using service = await open()
    const forger = await keyPair('EdDSA', 'key-1')
    const [head, body] = (await makeAccessToken()).split('.')
    const [, , signature] = (await makeToken(forger)).split('.')
    expect(await statuses(service, `${head}.${body}.${signature}`)).toStrictEqual([401, 401])
  })

  test('allows what its scopes say', async () => {
    await using service = await open()
    const at = `resource_metadata="${PUBLIC_URL}${METADATA}"`
    const [none, reader, writer] = await Promise.all(
      ['openid', 'tasks:read', 'tasks:read tasks:write'].map((scope) => makeAccessToken({ scope })),
    )
    const add = (token = '') => callTool(service, token, 'add_task', { text: 'x' })
    const list = (token = '') => callTool(service, token, 'list_tasks')
    expect((await list(reader)).status).toBe(200)
    expect((await list(writer)).status).toBe(200)
    expect((await add(writer)).status).toBe(200)
    for (const [response, scope] of [
      [await list(none), 'tasks:read'],
      [await add(reader), 'tasks:write'],
    ] as const) {
      expect(response.status).toBe(403)
      expect(response.headers.get('www-authenticate')).toBe(
        `Bearer error="insufficient_scope", scope="${scope}", ${at}`,
      )
    }
  })
})

test('a token from signing in is accepted at /mcp and elsewhere', async () => {
  await using service = await open()
  const token = await makeAccessToken({ iss: base, aud: base, scope: undefined })
  expect(await statuses(service, token)).toStrictEqual([200, 200])
})
