import type { Logger } from 'pino'
import type { TokenEvent } from '../adapters/auth/events.ts'
import { createPreviousSecretReport } from '../adapters/auth/rotation.ts'

/** What happens in the service that somebody may want to know of. */
export type ServiceEvent =
  /** A fault of ours, met by the request with that id. */
  { readonly type: 'fault'; readonly fault: unknown; readonly requestId: string } | TokenEvent

export type Observe = (event: ServiceEvent) => void

/** Makes log lines of events. `close` writes what is still to be said. */
export function createLogObserver(log: Logger): { readonly observe: Observe; close(): void } {
  const previousSecret = createPreviousSecretReport((requests) =>
    log.warn({ requests }, 'Requests came with tokens of BETTER_AUTH_SECRET_PREVIOUS'),
  )
  return {
    observe(event) {
      switch (event.type) {
        case 'fault':
          log.error({ err: event.fault, request_id: event.requestId }, 'A request met a fault')
          break
        case 'previous_secret_used':
          previousSecret.count()
          break
        case 'key_set_fetched':
          log.info({ keys: event.keys, changed: event.changed }, 'Fetched the key set')
          break
        case 'key_set_failed':
          log.warn({ err: event.error }, 'The key set could not be fetched')
          break
      }
    },
    close: previousSecret.close,
  }
}
