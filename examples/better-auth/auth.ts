import { Database } from 'bun:sqlite'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { bearer, jwt } from 'better-auth/plugins'

/**
 * Creates a Better Auth server with e-mail and password, and creates or updates its tables.
 *
 * @param options.baseUrl its public address: the `BETTER_AUTH_URL` of Taskport.
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
    // Does not log mistyped passwords.
    logger: { level: 'error' },
    plugins: [
      // Signs the tokens for Taskport, and publishes the keys that verify them.
      jwt(),
      // Lets clients without cookies send their session as a bearer token.
      bearer(),
    ],
  })
  await (await getMigrations(auth.options)).runMigrations()
  return auth
}
