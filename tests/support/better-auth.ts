import { Database } from 'bun:sqlite'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { bearer, jwt } from 'better-auth/plugins'

/** Someone who signed up: their id, and the session that their tokens are asked for with. */
export interface SignedUp {
  readonly id: string
  readonly session: string
  /** What the browser was told to keep. */
  readonly cookies: readonly string[]
}

export interface BetterAuthServer {
  /** What `BETTER_AUTH_URL` is set to. */
  readonly baseUrl: string
  readonly secret: string
  /** How often the key set was asked for. */
  keySetRequests(): number
  signUp(email: string): Promise<SignedUp>
  /** A token of the `jwt()` plugin, as a front end gets it. */
  token(session: string): Promise<string>
  /** Lets the present key run out: the next token is signed with a new one. */
  rotateKey(): void
  /** Throws all keys away: the next token is signed with a new one, and only that is published. */
  replaceKeys(): void
  /** Takes the server away; nothing answers at its address. */
  stop(): Promise<void>
  /** Brings it back at the same address. */
  start(): void
  close(): Promise<void>
}

/** A real Better Auth server with e-mail and password, `jwt()` and `bearer()`, all in memory. */
export async function startBetterAuth(): Promise<BetterAuthServer> {
  const secret = 'a-secret-that-is-only-good-for-tests'
  const database = new Database(':memory:')
  let keySetRequests = 0
  let server = serve(0)
  const { port } = server
  const baseUrl = `http://127.0.0.1:${port}`
  const auth = betterAuth({
    baseURL: baseUrl,
    secret,
    database,
    emailAndPassword: { enabled: true },
    session: { cookieCache: { enabled: true, strategy: 'jwt' } },
    plugins: [jwt(), bearer()],
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
    const response = await fetch(`${baseUrl}/api/auth${path}`, init)
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
