/** Calls Better Auth on the page's own origin. The session is a cookie that scripts cannot read. */
import { Failure, send } from './http.js'

/** The signed-in user, `{ id, name, email }`, or `null`. */
export async function currentUser() {
  const session = await send('/api/auth/get-session')
  return session?.user ?? null
}

/** @param {{ name: string, email: string, password: string }} person */
export const signUp = (person) => enter('/api/auth/sign-up/email', person)

/** @param {{ email: string, password: string }} person */
export const signIn = (person) => enter('/api/auth/sign-in/email', person)

/** The request of an assistant that sent the user here to sign in; `undefined` if there is none. */
export const assistantRequest = new URLSearchParams(location.search).has('sig')
  ? location.search.slice(1)
  : undefined

async function enter(path, person) {
  const body = { ...person, oauth_query: assistantRequest }
  const { user, url } = await send(path, { method: 'POST', body })
  // To the page on which the user allows the assistant's request.
  if (assistantRequest && url) return await leaveFor(url)
  return user
}

/** Never returns, because the page ends. */
export function leaveFor(url) {
  location.assign(url)
  return new Promise(() => {})
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
    // To the store, any other error means that the session has ended, too.
    throw new TypeError(error.message)
  })
  const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')
  if (JSON.parse(atob(payload)).sub === userId) return token
  throw new Failure('Another user has signed in in this browser. Sign in again.', 401)
}
