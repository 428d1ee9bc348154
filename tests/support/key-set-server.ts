import type { JWK } from 'jose'

/** An issuer's key set on a port of its own, to be made slow, wrong or silent. */
export interface KeySetServer {
  readonly url: string
  /** How often it was asked. */
  requests(): number
  publish(...keys: unknown[]): void
  /** What it answers from now on, in place of keys. */
  respondWith(respond: () => Response | Promise<Response>): void
  /** Nothing answers at its address from here on. */
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
