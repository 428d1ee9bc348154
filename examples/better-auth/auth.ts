import { Database } from 'bun:sqlite'
import { oauthProvider } from '@better-auth/oauth-provider'
import { betterAuth } from 'better-auth'
import { createAuthMiddleware } from 'better-auth/api'
import { getMigrations } from 'better-auth/db/migration'
import { bearer, jwt } from 'better-auth/plugins'

export type Auth = Awaited<ReturnType<typeof createAuth>>

/**
 * Creates a Better Auth server with e-mail and password, and creates or updates its tables.
 *
 * @param options.baseUrl its public address: the `BETTER_AUTH_URL` of Taskport.
 * @param options.taskportUrl the public address of Taskport: its `PUBLIC_URL`.
 */
export async function createAuth(options: {
  readonly baseUrl: string
  readonly taskportUrl: string
  readonly secret: string
  readonly databasePath: string
}) {
  const mcpUrl = `${options.taskportUrl}/mcp`
  const auth = betterAuth({
    baseURL: options.baseUrl,
    secret: options.secret,
    database: new Database(options.databasePath),
    emailAndPassword: { enabled: true },
    // Does not log mistyped passwords.
    logger: { level: 'error' },
    hooks: { before: acceptLocalAssistants },
    plugins: [
      // Signs the tokens for Taskport, and publishes the keys that verify them.
      jwt(),
      // Lets clients without cookies send their session as a bearer token.
      bearer(),
      // Lets assistants sign in by themselves. Without the scope `openid`, there are no ID tokens.
      oauthProvider({
        loginPage: '/',
        consentPage: '/consent.html',
        scopes: ['tasks:read', 'tasks:write', 'offline_access'],
        resources: [mcpUrl],
        // Any program can register, but it gets a token only from a user who allows it.
        allowDynamicClientRegistration: true,
        allowUnauthenticatedClientRegistration: true,
        clientRegistrationDefaultResources: [mcpUrl],
      }),
    ],
  })
  await (await getMigrations(auth.options)).runMigrations()
  return auth
}

/**
 * Lets programs on the user's own machine register. Without `application_type`, the plugin expects a web site and
 * refuses their addresses. It refuses all of a program's addresses if one has a scheme such as `cursor:`.
 */
const acceptLocalAssistants = createAuthMiddleware(async ({ path, body }) => {
  if (path !== '/oauth2/register' || !Array.isArray(body?.redirect_uris)) return
  const redirect_uris = body.redirect_uris.filter((uri: unknown) => /^https?:/.test(`${uri}`))
  return { context: { body: { ...body, application_type: 'native', redirect_uris } } }
})
