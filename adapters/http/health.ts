import { Elysia } from 'elysia'
import { headersTooLarge, jsonResponse } from './docs/responses.ts'

// The contract promises a response within a second, on a busy machine too.
const PING_TIMEOUT_MS = 800

/** `GET /health`, for load balancers and people. Needs no token. */
export function createHealthRoutes(deps: {
  readonly ping: () => Promise<void>
  readonly version: string
}) {
  const { ping, version } = deps
  const healthy = { status: 'healthy', database: 'connected', version }
  const unhealthy = { status: 'unhealthy', database: 'disconnected', version }
  return new Elysia({ name: 'health' }).get(
    '/health',
    async ({ set }) => {
      const isHealthy = await answersInTime(ping)
      set.status = isHealthy ? 200 : 503
      set.headers['content-type'] = 'application/json'
      set.headers['cache-control'] = 'no-store'
      return JSON.stringify(isHealthy ? healthy : unhealthy)
    },
    {
      detail: {
        tags: ['Health'],
        security: [],
        operationId: 'healthCheck',
        summary: 'Check the health of the service',
        description:
          'Reports whether the service can reach its database. Responds within a second, even if the database does not.',
        responses: {
          200: jsonResponse('The database responds.', 'Health', healthy),
          ...headersTooLarge,
          503: jsonResponse('The database does not respond.', 'Health', unhealthy),
        },
      },
    },
  )
}

/** Whether the store responds within a second. */
export async function answersInTime(ping: () => Promise<void>): Promise<boolean> {
  const timeout = Promise.withResolvers<boolean>()
  const timer = setTimeout(timeout.resolve, PING_TIMEOUT_MS, false)
  const answer = Promise.try(ping).then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answer, timeout.promise])
  } finally {
    clearTimeout(timer)
  }
}
