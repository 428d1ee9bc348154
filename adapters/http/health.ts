import { Elysia } from 'elysia'
import { json } from './json.ts'
import { jsonResponse } from './schemas.ts'

// The promise is an answer within a second, on a busy machine too.
const PATIENCE_MS = 800

/** `GET /health`, for load balancers and people; needs no token. */
export function createHealthRoutes(deps: {
  readonly ping: () => Promise<void>
  readonly version: string
}) {
  const { ping, version } = deps
  return new Elysia({ name: 'health' }).get(
    '/health',
    async ({ set }) => {
      const healthy = await answersInTime(ping)
      set.status = healthy ? 200 : 503
      set.headers['cache-control'] = 'no-store'
      return json(
        set.headers,
        healthy
          ? { status: 'healthy', database: 'connected', version }
          : { status: 'unhealthy', database: 'disconnected', version },
      )
    },
    {
      detail: {
        tags: ['Health'],
        security: [],
        operationId: 'healthCheck',
        summary: 'Ask whether the service works',
        description: 'Answers within a second, whatever the store does.',
        responses: {
          200: jsonResponse('The store answers.', 'Health', {
            status: 'healthy',
            database: 'connected',
            version,
          }),
          431: {
            description:
              'The headers of the request are too large. It has not reached the service: this is what the HTTP parser answers to any such request, without a body.',
          },
          503: jsonResponse('The store does not answer.', 'Health', {
            status: 'unhealthy',
            database: 'disconnected',
            version,
          }),
        },
      },
    },
  )
}

/** Whether the store answers, known within a second. */
export async function answersInTime(ping: () => Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(late.resolve, PATIENCE_MS, false)
  const answer = Promise.try(ping).then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
