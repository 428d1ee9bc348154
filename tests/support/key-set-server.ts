import type { JWK } from 'jose'

/** Serves an issuer's key set. Tests can make it slow, wrong or silent. */
export interface KeySetServer {
  readonly url: string
  /** The number of requests so far. */
  requests(): number
  publish(...keys: unknown[]): void
  /** Replaces the key set with another response, from now on. */
  respondWith(respond: () => Response | Promise<Response>): void
  /** Stops the server and closes its connections. */
  close(): Promise<void>
}

export function startKeySetServer(...keys: JWK[]): KeySetServer {
  let requests = 0
  let respond: () => Response | Promise<Response> = () => Response.json({ keys })
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch() {
      requests += 1
      return respond()
    },
  })
  return {
    url: `http://127.0.0.1:${server.port}/jwks`,
    requests: () => requests,
    publish(...published) {
      respond = () => Response.json({ keys: published })
    },
    respondWith(next) {
      respond = next
    },
    close: () => server.stop(true),
  }
}
