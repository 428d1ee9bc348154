import { newApiToken } from '../../adapters/auth/api-token-format.ts'
import {
  type ApiTokenVerifierOptions,
  createApiTokenVerifier,
} from '../../adapters/auth/api-tokens.ts'
import type { TokenEvent } from '../../adapters/auth/events.ts'
import { createTokenVerifier } from '../../adapters/auth/verifier.ts'
import { createMemoryTokens } from '../../adapters/memory/tokens.ts'
import type { ApiToken } from '../../core/api-token.ts'
import { TaskportError } from '../../core/errors.ts'
import { ann, idNumber } from '../conformance/stores/store.ts'
import { secret, testTime } from '../support/tokens.ts'

export const SECOND = 1000
export const HOUR = 3_600_000

/** A verifier with clocks that tests move, on a store whose calls are counted and can fail. */
export function startVerifier(options: Partial<ApiTokenVerifierOptions> = {}) {
  const store = createMemoryTokens()
  const events: TokenEvent[] = []
  const found: string[] = []
  const touched: string[] = []
  const clock = { time: testTime, uptime: 50_000 }
  const hooks: {
    fail: Error | null
    beforeFind: () => Promise<void>
    afterFind: () => Promise<void>
  } = { fail: null, beforeFind: async () => {}, afterFind: async () => {} }
  let created = 0
  const verifier = createApiTokenVerifier({
    signIn: createTokenVerifier({
      secrets: { current: secret },
      keySet: null,
      clockToleranceSeconds: 5,
      now: () => clock.time,
      observe: (event) => events.push(event),
    }),
    store: {
      async find(hash) {
        found.push(hash)
        if (hooks.fail) throw hooks.fail
        await hooks.beforeFind()
        const result = await store.find(hash)
        await hooks.afterFind()
        return result
      },
      async touch(owner, id, at) {
        touched.push(at)
        if (hooks.fail) throw hooks.fail
        await store.touch(owner, id, at)
      },
    },
    now: () => clock.time,
    uptime: () => clock.uptime,
    observe: (event) => events.push(event),
    ...options,
  })
  return {
    ...verifier,
    store,
    events,
    found,
    touched,
    clock,
    hooks,
    pass(milliseconds: number): void {
      clock.time += milliseconds
      clock.uptime += milliseconds
    },
    async create(members: Partial<ApiToken> = {}, owner = ann): Promise<string> {
      const { text, hash } = newApiToken()
      const token: ApiToken = {
        id: idNumber(++created),
        name: 'CI',
        scopes: ['read', 'write'],
        created_at: new Date(testTime).toISOString(),
        expires_at: null,
        last_used_at: null,
        ...members,
      }
      await store.create(owner, token, hash, 100_000)
      return text
    },
    reasons: () =>
      events.flatMap((event) => (event.type === 'token_refused' ? [event.refusal.reason] : [])),
  }
}

export const unavailable = new TaskportError('unavailable', 'The store is down')
