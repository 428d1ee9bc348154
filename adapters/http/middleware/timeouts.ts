/** How long a request may take without progress. */
const REQUEST_SECONDS = 30
/** Longer than the longest wait of a long poll and the store's time limits before and after it. */
const WAITING_SECONDS = 120
/** The shortest time limit that the server supports. */
const SHORTEST_SECONDS = 1

/** The part of Bun's server that is used here. */
interface Server {
  timeout(request: Request, seconds: number): void
}

export type Timeouts = ReturnType<typeof createTimeouts>

/**
 * Sets the idle timeout of a connection for each phase of a request. Bun has one timeout per connection,
 * which covers upload, handler, stream and keep-alive. Keep-alive must last longer than that of a load
 * balancer in front.
 *
 * @param serverOf returns the server; `null` if there is none.
 */
export function createTimeouts(keepAliveSeconds: number, serverOf: () => Server | null) {
  const uploadSeconds = Math.min(REQUEST_SECONDS, keepAliveSeconds)
  const handlerSeconds = Math.max(REQUEST_SECONDS, keepAliveSeconds)
  const set = (seconds: number) => (request: Request) => serverOf()?.timeout(request, seconds)
  return {
    /** Whether handlers need a longer time limit than idle connections. */
    mustExtendHandlers: handlerSeconds > keepAliveSeconds,
    beforeUpload: set(uploadSeconds),
    beforeHandler: set(handlerSeconds),
    beforeWait: set(WAITING_SECONDS),
    beforeStream: set(REQUEST_SECONDS),
    /** Closes a connection soon unless its client reads. */
    closeSoon: set(SHORTEST_SECONDS),
    /** For the connection after the response. */
    beforeIdle: set(keepAliveSeconds),
  }
}
