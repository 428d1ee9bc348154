import { Elysia } from 'elysia'

export interface AdminDeps {
  /** Why the service is not ready for requests; empty if it is. */
  readonly reasonsNotReady: () => Promise<readonly string[]>
  /** The metrics in the text format of Prometheus. */
  readonly metrics: () => Promise<string>
  readonly metricsType: string
}

/**
 * The endpoints for operators, on a separate port that clients cannot reach: whether the process is
 * alive (`/livez`), whether it is ready for requests (`/readyz`), and its metrics (`/metrics`).
 */
export function createAdminApp({ reasonsNotReady, metrics, metricsType }: AdminDeps) {
  const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
  return new Elysia({ handler: { standardHostname: false } })
    .onError(({ code }) =>
      code === 'NOT_FOUND'
        ? Response.json(
            { error: 'NOT_FOUND', message: 'Route not found' },
            { status: 404, headers },
          )
        : Response.json(
            { error: 'INTERNAL_ERROR', message: 'Internal server error' },
            { status: 500, headers },
          ),
    )
    .get('/livez', () => Response.json({ status: 'alive' }, { headers }))
    .get('/readyz', async () => {
      const reasons = await reasonsNotReady()
      return reasons.length === 0
        ? Response.json({ status: 'ready' }, { headers })
        : Response.json({ status: 'not ready', reasons }, { status: 503, headers })
    })
    .get(
      '/metrics',
      async () =>
        new Response(await metrics(), { headers: { ...headers, 'content-type': metricsType } }),
    )
}
