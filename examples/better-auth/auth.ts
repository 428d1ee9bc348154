import { Database } from 'bun:sqlite'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { bearer, jwt } from 'better-auth/plugins'

/**
 * A Better Auth server with e-mail and password. Its tables are made, or brought up to date, first.
 *
 * @param options.baseUrl where people reach it; Taskport's `BETTER_AUTH_URL`.
 */
export async function createAuth(options: {
  readonly baseUrl: string
  readonly secret: string
  readonly databasePath: string
}) {
  const auth = betterAuth({
    baseURL: options.baseUrl,
    secret: options.secret,
    database: new Database(options.databasePath),
    emailAndPassword: { enabled: true },
    // A mistyped password is nothing to log.
    logger: { level: 'error' },
    plugins: [
      // Signs the tokens that Taskport takes, and publishes the keys that it checks them with.
      jwt(),
      // For clients that keep no cookies: they send the session as a bearer token.
      bearer(),
    ],
  })
  await (await getMigrations(auth.options)).runMigrations()
  return auth
}
