/** Calls Better Auth on the page's own origin. The session is a cookie that scripts cannot read. */
import { Failure, send } from './http.js'

/** The signed-in user, `{ id, name, email }`, or `null`. */
export async function currentUser() {
  const session = await send('/api/auth/get-session')
  return session?.user ?? null
}

/** @param {{ name: string, email: string, password: string }} person */
export async function signUp(person) {
  return (await send('/api/auth/sign-up/email', { method: 'POST', body: person })).user
}

/** @param {{ email: string, password: string }} person */
export async function signIn(person) {
  return (await send('/api/auth/sign-in/email', { method: 'POST', body: person })).user
}

export async function signOut() {
  await send('/api/auth/sign-out', { method: 'POST', body: {} })
}

/**
 * Gets a token for Taskport, valid for 15 minutes.
 *
 * @param {string} userId the user that the page shows. All tabs share the cookie, and another user may
 *   have signed in in another tab.
 */
export async function fetchToken(userId) {
  const { token } = await send('/api/auth/token').catch((error) => {
    if (error.status === 401) throw new Failure('Your session has ended. Sign in again.', 401)
    throw error
  })
  const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')
  if (JSON.parse(atob(payload)).sub === userId) return token
  throw new Failure('Another user has signed in in this browser. Sign in again.', 401)
}
