import { Database } from 'bun:sqlite'
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

export interface BetterAuthServer {
  /** The value for `BETTER_AUTH_URL`. */
  readonly baseUrl: string
  readonly secret: string
  /** How many times the key set was requested. */
  keySetRequests(): number
  signUp(email: string): Promise<SignedUpUser>
  /** Issues a token with the `jwt()` plugin, as a front end requests it. */
  token(session: string): Promise<string>
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
 */
export async function startBetterAuth(
  options: {
    readonly host?: string
    readonly path?: string
    readonly keyPair?: NonNullable<JwtOptions['jwks']>['keyPairConfig']
  } = {},
): Promise<BetterAuthServer> {
  const { host = '127.0.0.1', path: basePath = '', keyPair } = options
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
    plugins: [jwt(keyPair && { jwks: { keyPairConfig: keyPair } }), bearer()],
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
