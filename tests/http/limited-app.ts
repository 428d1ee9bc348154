import { expect } from 'bun:test'
import { createHttpApp } from '../../adapters/http/app.ts'
import type { HttpEvent, RateLimit } from '../../adapters/http/ports.ts'
import { createMemoryRateLimit } from '../../adapters/memory/rate-limit.ts'
import { createNewId } from '../../adapters/system/ids.ts'
import { TaskportError } from '../../core/errors.ts'
import { ownerNamed } from '../conformance/stores/store.ts'
import { ORIGIN } from '../support/config.ts'
import { signedIn } from './signed-in.ts'
import { useCasesInMemory } from './tasks-in-memory.ts'

/** The API with a limit of two requests a minute by default. A user's token is the user's name. */
export function createLimitedApp(
  options: { trustedProxies?: number; limit?: RateLimit | null } = {},
) {
  let milliseconds = 0
  const refused: HttpEvent[] = []
  const newId = createNewId()
  const now = () => milliseconds
  const app = createHttpApp({
    ...useCasesInMemory(newId),
    verifyToken(token) {
      if (token === 'unavailable') throw new TaskportError('unavailable', 'The issuer is down')
      return token === 'invalid' ? null : signedIn(ownerNamed(token))
    },
    ping: async () => {},
    newId,
    observe(event) {
      if (event.type === 'unexpected_error') throw event.error
      if (event.type === 'rate_limited') refused.push(event)
    },
    onArrival: () => {},
    version: '1.2.3',
    corsOrigins: [ORIGIN],
    maxBodyBytes: 1024,
    publicUrl: null,
    keepAliveSeconds: 75,
    rateLimit: createMemoryRateLimit({ requests: 2, windowSeconds: 60, now }),
    trustedProxies: 0,
    ...(options.limit === undefined ? {} : { rateLimit: options.limit }),
    ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
  })
  const send = async (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string,
  ) =>
    app.handle(
      new Request(`http://localhost${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      }),
    )
  return {
    app,
    send,
    refused,
    pass(seconds: number) {
      milliseconds += seconds * 1000
    },
    /** Uses up the limit of a caller. */
    async exhaust(headers: Record<string, string> = {}) {
      for (let n = 0; n < 2; n++)
        expect((await send('GET', '/tasks', headers)).headers.get('ratelimit')).toContain(
          `r=${1 - n}`,
        )
      expect((await send('GET', '/tasks', headers)).status).toBe(429)
    },
  }
}
