import { serveMcpOverStdio } from '../adapters/mcp/stdio.ts'
import { createLogger } from '../adapters/pino/logger.ts'
import { OperatorError } from '../core/errors.ts'
import { isOwner } from '../core/owner.ts'
import { version } from '../package.json'
import { compose } from './compose.ts'
import type { Config } from './config.ts'
import { DEMO_USER } from './demo.ts'
import { createLogObserver } from './observe.ts'
import { logUncaughtErrors } from './shutdown.ts'
import type { Terminal } from './terminal.ts'
import { createUserHash } from './user-hash.ts'

/**
 * Serves an assistant over standard input and output until it closes them, or a signal stops the process.
 * Standard output carries nothing but the protocol.
 *
 * @returns the exit code: 1 if calls in flight got no answer within the time limit.
 */
export async function mcpCommand(
  config: Config,
  user: string = DEMO_USER,
  { onStopSignal }: Terminal,
): Promise<number> {
  if (!isOwner(user))
    throw new OperatorError(
      '--user must be 1 to 255 characters, without control characters, for example --user ann',
    )
  const log = createLogger({ level: config.logLevel, format: config.logFormat, to: 'stderr' })
  logUncaughtErrors(log)
  const { observe, close } = createLogObserver(log, createUserHash(undefined))
  // Nothing but the store: there are no tokens to verify, and no requests to count.
  const tokens = { ...config.tokens, secrets: null, keySet: null }
  const app = await compose({ ...config, tokens, demo: false, rateLimitPerMinute: 0 }, observe)
  try {
    await app.migrate((name) => log.info({ migration: name }, 'Migration applied'))
    app.startMaintenance()
    const { tasks, lists } = app
    const { closed, close: stop } = serveMcpOverStdio(
      { tasks, lists, version },
      user,
      (call) => observe({ ...call, requestId: 'stdio' }),
      config.shutdownTimeoutMs,
    )
    onStopSignal(() => void stop())
    if (await closed) return 0
    log.warn('Stopped before every call was answered')
    return 1
  } finally {
    await app.close()
    close()
  }
}
