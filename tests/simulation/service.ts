import { newApiToken } from '../../adapters/auth/api-token-format.ts'
import { createTokenVerifier } from '../../adapters/auth/verifier.ts'
import { createHttpApp } from '../../adapters/http/app.ts'
import { createClock } from '../../adapters/system/clock.ts'
import { createNewId } from '../../adapters/system/ids.ts'
import { migrate } from '../../app/migrations.ts'
import { openStore } from '../../app/store.ts'
import { createSend } from '../../core/calling.ts'
import { createListService } from '../../core/lists.ts'
import { createTaskService } from '../../core/tasks.ts'
import { createTokenService } from '../../core/tokens.ts'
import { testConfig } from '../support/config.ts'
import type { Answer, Call } from './network.ts'
import type { Random } from './random.ts'
import { createUnreliable } from './unreliable.ts'
import { purgeAll, type World } from './world.ts'

/** Opens the service in this process, on a store that fails now and then. */
export async function openService(
  variables: Record<string, string>,
  random: Random,
  harm: () => Promise<void>,
): Promise<World & { close(): Promise<void> }> {
  const config = testConfig(variables)
  const store = await openStore(config)
  if (store.migrations) await migrate(store.migrations, () => {})
  const { repository, makeReliable } = createUnreliable(store.repository, random)
  const newId = createNewId()
  const now = createClock()
  const errors: unknown[] = []
  const useCases = {
    repository,
    send: createSend({ repository, now, newId, maxTasks: 100_000 }),
    newId,
    keepsTrash: true,
    requireVersion: false,
  }
  const http = createHttpApp({
    tasks: createTaskService({ ...useCases, watch: store.watch.watch }),
    lists: createListService(useCases),
    tokens: createTokenService({
      store: store.tokens,
      newSecret: newApiToken,
      newId,
      now,
      onRemoved: () => {},
    }),
    verifyToken: createTokenVerifier({ ...config.tokens, now: Date.now, observe: () => {} }).verify,
    ping: store.ping,
    newId,
    onArrival: () => {},
    observe(event) {
      if (event.type === 'unexpected_error') errors.push(event.error)
    },
    version: '1.2.3',
    corsOrigins: [],
    maxBodyBytes: config.maxBodyBytes,
    publicUrl: null,
    keepAliveSeconds: 75,
    rateLimit: null,
    trustedProxies: 0,
  })
  return {
    send: async (call) => answerOf(await http.handle(requestOf('http://localhost', call))),
    purge: () => purgeAll(store.maintenance.run),
    harm,
    async spare() {
      makeReliable()
    },
    async close() {
      await store.close()
      if (errors.length > 0) throw new AggregateError(errors, 'The service reported errors')
    },
  }
}

export function requestOf(origin: string, { method, path, headers, body }: Call): Request {
  return new Request(`${origin}${path}`, { method, headers, ...(body !== undefined && { body }) })
}

export async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response
  const text = await response.text()
  return { status, headers, body: text === '' ? null : JSON.parse(text) }
}
