import { Database } from 'bun:sqlite'
import { hash, randomBytes } from 'node:crypto'
import { oauthProvider } from '@better-auth/oauth-provider'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { bearer, type JwtOptions, jwt } from 'better-auth/plugins'

/** A user who signed up, with the session that requests their tokens. */
export interface SignedUpUser {
  readonly id: string
  readonly session: string
  /** The `Set-Cookie` headers of the sign-up. */
  readonly cookies: readonly string[]
}

export interface OAuthTokens {
  readonly access_token: string
  readonly id_token: string
}

export interface BetterAuthServer {
  /** The value for `BETTER_AUTH_URL`. */
  readonly baseUrl: string
  readonly secret: string
  /** How many times the key set was requested. */
  keySetRequests(): number
  signUp(email: string): Promise<SignedUpUser>
  /** Issues a token with the `jwt()` plugin, as a front end requests it. */
  token(session: string): Promise<string>
  /** Issues tokens to a new client that the user allows to use a resource. */
  oauthTokens(session: string, resource: string): Promise<OAuthTokens>
  /** Expires the current key. The next token is signed with a new key. */
  rotateKey(): void
  /** Deletes all keys. The next token is signed with a new key, the only one published. */
  replaceKeys(): void
  /** Stops the server and closes its connections. */
  stop(): Promise<void>
  /** Starts the server again at the same address. */
  start(): void
  close(): Promise<void>
}

/**
 * Starts a real Better Auth server, in memory, with e-mail sign-up, `jwt()` and `bearer()`.
 *
 * @param options.host the name of the server in its base URL.
 * @param options.path the path of the base URL, if it has one.
 * @param options.keyPair how keys are generated. Default: EdDSA.
 * @param options.resources what clients can get tokens for with OAuth.
 */
export async function startBetterAuth(
  options: {
    readonly host?: string
    readonly path?: string
    readonly keyPair?: NonNullable<JwtOptions['jwks']>['keyPairConfig']
    readonly resources?: readonly string[]
  } = {},
): Promise<BetterAuthServer> {
  const { host = '127.0.0.1', path: basePath = '', keyPair, resources = [] } = options
  const secret = 'a-secret-that-is-only-good-for-tests'
  const database = new Database(':memory:')
  let keySetRequests = 0
  let server = serve(0)
  const { port } = server
  const baseUrl = `http://${host}:${port}${basePath}`
  const api = `http://127.0.0.1:${port}${basePath.replace(/\/$/, '') || '/api/auth'}`
  const auth = betterAuth({
    baseURL: baseUrl,
    secret,
    database,
    emailAndPassword: { enabled: true },
    session: { cookieCache: { enabled: true, strategy: 'jwt' } },
    plugins: [
      jwt(keyPair && { jwks: { keyPairConfig: keyPair } }),
      bearer(),
      oauthProvider({
        loginPage: '/',
        consentPage: '/',
        scopes: ['openid', 'tasks:read', 'tasks:write'],
        resources: [...resources],
        clientRegistrationDefaultResources: resources,
        allowDynamicClientRegistration: true,
        allowUnauthenticatedClientRegistration: true,
      }),
    ],
    logger: { disabled: true },
    telemetry: { enabled: false },
  })
  await (await getMigrations(auth.options)).runMigrations()

  function serve(at: number): Bun.Server<undefined> {
    return Bun.serve({
      hostname: '127.0.0.1',
      port: at,
      fetch(request) {
        if (request.url.endsWith('/jwks')) keySetRequests += 1
        return auth.handler(request)
      },
    })
  }

  async function call(path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(`${api}${path}`, init)
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response
  }

  return {
    baseUrl,
    secret,
    keySetRequests: () => keySetRequests,

    async signUp(email) {
      const response = await call('/sign-up/email', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: email, email, password: 'correct horse battery staple' }),
      })
      const { user }: { user: { id: string } } = Object(await response.json())
      const session = response.headers.get('set-auth-token')
      if (session === null) throw new Error('Better Auth gave no session')
      return { id: user.id, session, cookies: response.headers.getSetCookie() }
    },

    async token(session) {
      const response = await call('/token', { headers: { authorization: `Bearer ${session}` } })
      const { token }: { token: string } = Object(await response.json())
      return token
    },

    async oauthTokens(session, resource) {
      const redirect_uri = 'https://client.example/callback'
      const json = { 'content-type': 'application/json' }
      const registered = await call('/oauth2/register', {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ redirect_uris: [redirect_uri], token_endpoint_auth_method: 'none' }),
      })
      const { client_id }: { client_id: string } = Object(await registered.json())
      const verifier = randomBytes(32).toString('base64url')
      const request = new URLSearchParams({
        client_id,
        redirect_uri,
        resource,
        response_type: 'code',
        scope: 'openid tasks:read tasks:write',
        nonce: 'a-nonce',
        code_challenge: hash('sha256', verifier, 'base64url'),
        code_challenge_method: 'S256',
      })
      const headers = { ...json, accept: 'application/json', authorization: `Bearer ${session}` }
      const asked = await call(`/oauth2/authorize?${request}`, { headers })
      const question: { url: string } = Object(await asked.json())
      const answered = await call('/oauth2/consent', {
        method: 'POST',
        headers: { ...headers, origin: new URL(baseUrl).origin },
        body: JSON.stringify({ accept: true, oauth_query: question.url.split('?')[1] }),
      })
      const answer: { url: string } = Object(await answered.json())
      const code = new URL(answer.url).searchParams.get('code') ?? ''
      const given = await call('/oauth2/token', {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          client_id,
          redirect_uri,
          resource,
          code_verifier: verifier,
        }),
      })
      return Object(await given.json())
    },

    rotateKey() {
      database.run('UPDATE jwks SET expiresAt = ?', [new Date(Date.now() - 1000).toISOString()])
    },

    replaceKeys() {
      database.run('DELETE FROM jwks')
    },

    stop: () => server.stop(true),

    start() {
      server = serve(Number(port))
    },

    async close() {
      await server.stop(true)
      database.close()
    },
  }
}
