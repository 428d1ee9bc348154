import type { Server } from 'bun'
import type { Logger } from 'pino'
import type { App } from './compose.ts'
import type { Config } from './config.ts'

// Effectively off: Bun's own 413 response would lack our body and headers. MAX_BODY_BYTES is lower.
const RUNTIME_BODY_LIMIT = Number.MAX_SAFE_INTEGER

/** Where the service listens. */
interface Listener {
  readonly port: number
  /** Closes the port. Open connections stay until their requests are finished. */
  pause(): void
  /** Opens the port again. */
  resume(): void
  isPaused(): boolean
  /** Closes the port. Resolves when all connections are closed. */
  stop(atOnce?: boolean): Promise<void>
  pendingRequests(): number
}

/** @param sharePort whether other processes may listen on the same port. */
export async function listen(
  app: App,
  config: Config,
  log: Logger,
  sharePort: boolean,
): Promise<Listener> {
  // Paused servers finish their requests.
  const servers = new Set<Server<unknown>>()
  let current: Server<unknown> | null = null

  function open(port: number): number {
    app.http.listen({
      hostname: config.host,
      port,
      // Elysia shares ports by default: a second instance would silently take part of the requests.
      reusePort: sharePort,
      idleTimeout: config.keepAliveSeconds,
      maxRequestBodySize: RUNTIME_BODY_LIMIT,
      // Only for errors in the error handler itself.
      error: (error) => {
        log.error({ err: error }, 'The error handler failed')
        return Response.json(
          { error: 'INTERNAL_ERROR', message: 'Internal server error' },
          { status: 500 },
        )
      },
    })
    const { server } = app.http
    if (!server?.port) throw new Error('The server did not start')
    current = server
    servers.add(server)
    return server.port
  }

  async function pause(): Promise<void> {
    const paused = current
    if (paused === null) return
    current = null
    await paused.stop()
    servers.delete(paused)
  }

  let port: number
  try {
    port = open(config.port)
  } catch (error) {
    await app.close()
    throw error
  }
  return {
    port,
    pause,
    resume() {
      open(port)
    },
    isPaused: () => current === null,
    async stop(atOnce) {
      await Promise.all(Array.from(servers, (server) => server.stop(atOnce)))
    },
    pendingRequests: () =>
      Array.from(servers, (server) => server.pendingRequests).reduce(
        (sum, count) => sum + count,
        0,
      ),
  }
}
