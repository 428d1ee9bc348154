import { createState } from '../observable.ts'

/** The users of demo mode. */
export const USERS = [
  { id: 'demo', name: 'Demo' },
  { id: 'guest', name: 'Guest' },
] as const

export type User = (typeof USERS)[number]
type Tokens = Readonly<Record<string, string>>

const STORED = 'taskport-playground-tokens'
const NO_TOKENS: Tokens = {}

export type Session = ReturnType<typeof createSession>

/**
 * Signs the page in with the secret in its address. Browsers do not send this part of an address, and it
 * leaves the address bar once it is read.
 */
export function createSession(tokenUrl: string) {
  const tokens = createState(storedTokens())
  const problem = createState<string | null>(null)

  async function exchange(secret: string, user: string): Promise<string> {
    const response = await fetch(tokenUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ secret, user }),
    })
    const { token, message } = Object(await response.json())
    if (typeof token !== 'string') throw new Error(message)
    return token
  }

  return {
    tokens,
    problem,

    /** Resolves at once if the address has no secret. */
    async signIn(): Promise<void> {
      const secret = /^#demo=([A-Za-z0-9_-]+)$/.exec(location.hash)?.[1]
      if (secret === undefined) return
      history.replaceState(null, '', location.pathname + location.search)
      try {
        const pairs = USERS.map(async ({ id }) => [id, await exchange(secret, id)] as const)
        const all = Object.fromEntries(await Promise.all(pairs))
        localStorage.setItem(STORED, JSON.stringify(all))
        problem.set(null)
        tokens.set(all)
      } catch (error) {
        problem.set(error instanceof Error ? error.message : `${error}`)
      }
    },
  }
}

function storedTokens(): Tokens {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? '{}')
  } catch {
    return NO_TOKENS
  }
}
