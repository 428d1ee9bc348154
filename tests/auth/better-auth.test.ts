import { afterAll, describe, expect, test } from 'bun:test'
import { decodeProtectedHeader } from 'jose'
import { createTokenVerifier } from '../../adapters/auth/verifier.ts'
import { readConfig } from '../../app/config.ts'
import { startBetterAuth } from '../support/better-auth.ts'
import { ownerOf } from '../support/tokens.ts'

const cleanUp = new AsyncDisposableStack()
afterAll(() => cleanUp.disposeAsync())

/** Verifies a token of a new Better Auth server with nothing but its address. */
async function signIn(options: Parameters<typeof startBetterAuth>[0]) {
  const auth = await startBetterAuth(options)
  cleanUp.defer(auth.close)
  const { tokens } = readConfig({ BETTER_AUTH_URL: auth.baseUrl }, false)
  const { verify } = createTokenVerifier({ ...tokens, now: Date.now })
  const { id, session } = await auth.signUp('ann@people.example')
  const token = await auth.token(session)
  expect(await verify(token)).toMatchObject({ owner: ownerOf(id) })
  return token
}

describe('accepts a token of Better Auth', () => {
  test.each(['EdDSA', 'ES256', 'ES512', 'RS256', 'PS256'] as const)(
    'signed with %s',
    async (alg) => {
      expect(decodeProtectedHeader(await signIn({ keyPair: { alg } }))).toMatchObject({ alg })
    },
  )

  test.each(['', '/', '/api/auth', '/api/auth/', '/v1/auth'])(
    'whose base URL has the path "%s"',
    async (path) => {
      await signIn({ path })
    },
  )

  test('whose base URL has a host name in upper case', async () => {
    await signIn({ host: 'LOCALHOST' })
  })
})
