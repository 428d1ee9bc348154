import { type Logger, pino } from 'pino'
import { PinoPretty } from 'pino-pretty'

// Lines are written some at a time: one write for each would cost more than the line.
const CHUNK_BYTES = 16_000
const LONGEST_DELAY_MS = 200
// What a reader of standard output that has stalled can cost; lines beyond it are lost.
const MAX_WAITING_BYTES = 4 * 1024 * 1024

/**
 * One line an event on standard output: JSON for machines, or something to read. It never makes a
 * request wait, and at the end of the process writes what it still holds.
 */
export function createLogger(options: {
  readonly level: string
  readonly format: 'json' | 'pretty'
}): Logger {
  const { level, format } = options
  const settings = {
    level,
    base: null,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  if (format === 'pretty') return pino(settings, PinoPretty({ sync: true }))
  const output = pino.destination({
    dest: 1,
    sync: false,
    minLength: CHUNK_BYTES,
    maxLength: MAX_WAITING_BYTES,
  })
  setInterval(() => output.flush(), LONGEST_DELAY_MS).unref()
  process.on('exit', () => output.flushSync())
  return pino(settings, output)
}

// Not all that an error carries: a database repeats in its details the rows that it refuses, and so
// whose tasks they are and what they say.
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { type, message, stack, code } = pino.stdSerializers.err(error)
  return { type, message, stack, code }
}
