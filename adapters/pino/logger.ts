import { type Logger, pino } from 'pino'
import { prettyFactory } from 'pino-pretty'
import { TaskportError } from '../../core/errors.ts'
import { type Output, openOutput } from './output.ts'

/**
 * Logs one line per event: JSON, or text for people. Logging never makes a
 * request wait. `flush` calls back when the lines so far are written.
 */
export function createLogger(options: {
  readonly level: string
  readonly format: 'json' | 'pretty'
  /** Standard output by default. */
  readonly to?: 'stdout' | 'stderr'
}): Logger {
  const { level, format, to = 'stdout' } = options
  const settings = {
    level,
    base: null,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: serializeError },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  const output = openOutput(to)
  return pino(settings, format === 'pretty' ? prettify(output) : output)
}

function prettify(output: Output): Output {
  const toText = prettyFactory({})
  return { write: (line) => output.write(toText(line)), flush: output.flush }
}

// Only these members, because the details of database errors contain the rejected row, and would leak user
// ids and task texts into the log.
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { type, message, stack, code } = pino.stdSerializers.err(error)
  // The stack of an outage is of no use.
  if (error instanceof TaskportError && error.code === 'unavailable') return { type, message, code }
  return { type, message, stack, code }
}
