import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import {
  Client,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client'
import { decodeJwt } from 'jose'
import type { Page } from 'playwright-core'
import { createAuth } from '../../examples/better-auth/auth.ts'
import { startServer } from '../../examples/better-auth/server.ts'
import { openPage } from '../support/browser.ts'
import { freePort } from '../support/port.ts'
import { startService, temporaryDirectory } from '../support/process.ts'

const PASSWORD = 'correct horse battery staple'

const cleanUp = new AsyncDisposableStack()
let baseUrl: string
let taskportUrl: string
let auth: Awaited<ReturnType<typeof createAuth>>

beforeAll(async () => {
  const port = await freePort()
  taskportUrl = `http://127.0.0.1:${port}`
  baseUrl = `http://localhost:${await freePort()}`
  const data = cleanUp.use(await temporaryDirectory()).path
  cleanUp.use(
    await startService({
      directory: data,
      environment: {
        BETTER_AUTH_URL: baseUrl,
        CORS_ORIGINS: baseUrl,
        DATABASE_URL: 'sqlite:./tasks.db',
        PORT: `${port}`,
        PUBLIC_URL: taskportUrl,
      },
    }),
  )
  auth = await createAuth({
    baseUrl,
    taskportUrl,
    secret: 'a-secret-that-is-only-good-for-tests',
    databasePath: join(data, 'auth.db'),
  })
  const server = startServer({ auth, baseUrl, taskportUrl })
  cleanUp.defer(() => server.stop(true))
}, 30_000)

afterAll(() => cleanUp.disposeAsync())

test('lets an assistant sign in by itself, and call tools for the user who allowed it', async () => {
  await using assistant = openAssistant()
  const { page, errors, blockedRequests, close } = await openPage()

  await page.goto(await assistant.askForAccess())
  await signUp(page, 'ann@people.example')
  await page.getByRole('heading', { name: 'Allow Test assistant to use your tasks?' }).waitFor()
  expect(await page.getByRole('listitem').allTextContents()).toEqual([
    'See your tasks and lists',
    'Add, change and delete tasks and lists',
    'Stay signed in',
  ])
  await page.getByText('ann@people.example', { exact: true }).waitFor()
  await page.getByText(assistant.host, { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Allow' }).click()

  const client = await assistant.finish()
  await client.callTool({ name: 'add_task', arguments: { text: 'Call the dentist' } })
  const { structuredContent } = await client.callTool({ name: 'list_tasks' })
  expect(structuredContent).toMatchObject({ tasks: [{ text: 'Call the dentist' }], open: 1 })

  // The user's own page shows the task of the assistant.
  await page.goto(baseUrl)
  await page.getByText('Call the dentist').waitFor()

  const { access_token: token, refresh_token, id_token } = assistant.tokens()
  const claims = decodeJwt(token)
  expect(claims).toMatchObject({
    iss: `${baseUrl}/api/auth`,
    aud: `${taskportUrl}/mcp`,
    scope: 'tasks:read tasks:write offline_access',
  })
  expect([refresh_token, id_token]).toEqual([expect.any(String), undefined])
  expect(await statuses(token)).toEqual({ mcp: 200, rest: 401 })

  // The same token, for another service.
  const payload = { ...claims, aud: 'https://other.example/mcp' }
  const other = await auth.api.signJWT({ body: { payload } })
  expect(await statuses(other.token)).toEqual({ mcp: 401, rest: 401 })
  await close()
  expect({ errors, blockedRequests }).toEqual({ errors: [], blockedRequests: [] })
}, 60_000)

test('gives an assistant nothing if the user denies it, and asks again the next time', async () => {
  await using assistant = openAssistant('<b>Bank</b>')
  const { page, errors, close } = await openPage()
  const address = await assistant.askForAccess()
  await page.goto(address)
  await signUp(page, 'bob@people.example')
  await page.getByRole('heading', { name: 'Allow <b>Bank</b> to use your tasks?' }).waitFor()
  await page.getByRole('button', { name: 'Deny' }).click()
  await expect(assistant.finish()).rejects.toThrow('User denied access')
  expect(() => assistant.tokens()).toThrow('has no token')
  await page.getByText('You can close this page.').waitFor()

  // Now that the user is signed in, the assistant's request leads to the question at once.
  await page.goto(address)
  await page.getByRole('button', { name: 'Allow' }).waitFor()

  // If the assistant wants the user to sign in again, the page asks for the password, and not for tasks.
  await page.goto(address.replace('prompt=consent', 'prompt=login'))
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.getByLabel('E-mail').fill('bob@people.example')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Allow' }).waitFor()

  // A request that the OAuth provider has not signed.
  await page.goto(page.url().replace('tasks%3Aread+', ''))
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.getByRole('alert').getByText('status 400').waitFor()
  await close()
  expect(errors).toEqual([expect.stringContaining('400 (Bad Request)')])
}, 60_000)

test.each([
  [
    'that does not say that it runs on the machine of its user',
    ['http://127.0.0.1:19876/callback'],
  ],
  ['with an address of its own scheme', ['cursor://cursor.example/x', 'http://localhost:8787/x']],
])('registers an assistant %s', async (_what, redirect_uris) => {
  const registered = await fetch(`${baseUrl}/api/auth/oauth2/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris, token_endpoint_auth_method: 'none' }),
  })
  expect(registered.status).toBe(201)
  expect(await registered.json()).toMatchObject({
    redirect_uris: redirect_uris.slice(-1),
    resources: [`${taskportUrl}/mcp`],
  })
})

async function signUp(page: Page, email: string): Promise<void> {
  await page.getByRole('button', { name: 'Create an account' }).click()
  await page.getByLabel('Name').fill('Ann')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.keyboard.press('Enter')
}

/** An assistant that its user has just started: the official client, without a token. */
function openAssistant(name = 'Test assistant') {
  const asked = Promise.withResolvers<string>()
  const answered = Promise.withResolvers<URLSearchParams>()
  const listener = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch(request) {
      const { pathname, searchParams } = new URL(request.url)
      if (pathname === '/callback') answered.resolve(searchParams)
      return new Response('You can close this page.')
    },
  })
  const redirectUrl = `http://localhost:${listener.port}/callback`
  let information: StoredOAuthClientInformation | undefined
  let tokens: StoredOAuthTokens | undefined
  let discovered: OAuthDiscoveryState | undefined
  let verifier = ''
  const authProvider: OAuthClientProvider = {
    redirectUrl,
    clientMetadata: {
      client_name: name,
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    },
    clientInformation: () => information,
    saveClientInformation(value) {
      information = value
    },
    tokens: () => tokens,
    saveTokens(value) {
      tokens = value
    },
    discoveryState: () => discovered,
    saveDiscoveryState(value) {
      discovered = value
    },
    codeVerifier: () => verifier,
    saveCodeVerifier(value) {
      verifier = value
    },
    redirectToAuthorization: ({ href }) => asked.resolve(href),
  }
  const client = new Client({ name: 'tests', version: '1.0.0' })
  const connection = () =>
    new StreamableHTTPClientTransport(new URL('/mcp', taskportUrl), { authProvider })
  return {
    host: new URL(redirectUrl).host,
    /** Connects without a token, finds the authorization server and registers. */
    async askForAccess(): Promise<string> {
      await expect(client.connect(connection())).rejects.toThrow(UnauthorizedError)
      return await asked.promise
    },
    /** Connects with what the user's answer gives. */
    async finish(): Promise<Client> {
      await connection().finishAuth(await answered.promise)
      await client.connect(connection())
      return client
    },
    tokens(): StoredOAuthTokens {
      if (!tokens) throw new Error('The assistant has no token')
      return tokens
    },
    async [Symbol.asyncDispose]() {
      await client.close()
      await listener.stop(true)
    },
  }
}

async function statuses(token: string) {
  const headers = { authorization: `Bearer ${token}` }
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_tasks' } }
  const mcp = await fetch(new URL('/mcp', taskportUrl), {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify(call),
  })
  const rest = await fetch(new URL('/tasks', taskportUrl), { headers })
  return { mcp: mcp.status, rest: rest.status }
}
