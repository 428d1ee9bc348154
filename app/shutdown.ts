import type { Logger } from 'pino'
import type { Terminal } from './terminal.ts'

const FLUSH_MS = 1000
const MINIMUM_FLUSH_MS = 100

/** A service, or anything else that can be stopped. */
interface Stoppable {
  /** @returns whether all requests in flight were finished. */
  stop(): Promise<boolean>
}

/** Stops a process. */
export interface Shutdown {
  isStopping(): boolean
  /** Stops the service and ends the process. Further calls do nothing. */
  stop(): Promise<void>
}

/**
 * Ends the process within the time limit, whatever hangs: with exit code 0 if all requests were
 * finished, otherwise 1.
 *
 * @param starting the service, which may not have started yet.
 */
export function createShutdown(
  starting: Promise<Stoppable>,
  log: Logger,
  timeoutMs: number,
  onFinished: (finished: boolean) => void = () => {},
): Shutdown {
  let stopping = false
  return {
    isStopping: () => stopping,
    async stop() {
      if (stopping) return
      stopping = true
      const deadline = performance.now() + timeoutMs
      // If the service fails to start, there are no requests to finish.
      const stopped = starting.then((service) => service.stop()).catch(() => true)
      const finished = (await within(timeoutMs, stopped)) ?? false
      onFinished(finished)
      const left = Math.max(deadline - performance.now(), MINIMUM_FLUSH_MS)
      await within(Math.min(left, FLUSH_MS), flushed(log))
      process.exit(finished ? 0 : 1)
    },
  }
}

/** Stops the service and ends the process on a signal. A second signal ends it immediately. */
export function stopOnSignal(
  starting: Promise<Stoppable>,
  log: Logger,
  timeoutMs: number,
  onStopSignal: Terminal['onStopSignal'],
): Shutdown {
  const shutdown = createShutdown(starting, log, timeoutMs, (finished) => {
    if (finished) log.info('Stopped')
    else log.warn('Stopped before every request was finished')
  })
  onStopSignal((signal) => {
    if (shutdown.isStopping()) process.exit(1)
    log.info({ signal }, 'Stopping')
    shutdown.stop()
  })
  return shutdown
}

/** Resolves once the log lines so far are written. */
export function flushed(log: Logger): Promise<void> {
  return new Promise((resolve) => log.flush(() => resolve()))
}

/** Logs uncaught errors and keeps the process alive, so that other requests are not interrupted. */
export function logUncaughtErrors(log: Logger): void {
  function report(error: unknown): void {
    log.error({ err: error }, 'Uncaught error')
  }
  process.on('uncaughtException', report)
  process.on('unhandledRejection', report)
}

/** Resolves with the result of `work`, or with `undefined` after the time limit. */
export async function within<Result>(
  milliseconds: number,
  work: Promise<Result>,
): Promise<Result | undefined> {
  const late = Promise.withResolvers<undefined>()
  const timer = setTimeout(late.resolve, milliseconds)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
