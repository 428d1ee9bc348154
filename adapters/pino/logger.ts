import { type DestinationStream, type Logger, pino } from 'pino'
import { PinoPretty } from 'pino-pretty'

const CHUNK_LENGTH = 64_000
const MAX_DELAY_MS = 200
// Bounds the memory if the reader of standard output stalls. Lines beyond it are dropped.
const MAX_PENDING_BYTES = 4 * 1024 * 1024

/**
 * Logs to standard output, one line per event: JSON, or text for people. Logging never makes a
 * request wait. Pending lines are written when the process exits.
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
    serializers: { err: serializeError },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  if (format === 'pretty') return pino(settings, PinoPretty({ sync: true }))
  return pino(settings, openOutput())
}

/**
 * Standard output, written in chunks. pino's own destination could collect the lines too (`minLength`),
 * but it loses the last ones on Bun: a write that it starts just before the process exits never ends.
 */
function openOutput(): DestinationStream {
  const stream = pino.destination({ dest: 1, sync: false, maxLength: MAX_PENDING_BYTES })
  let chunk = ''
  function writeChunk(): void {
    if (chunk === '') return
    stream.write(chunk)
    chunk = ''
  }
  setInterval(writeChunk, MAX_DELAY_MS).unref()
  process.on('exit', () => {
    stream.flushSync()
    if (chunk !== '') pino.destination({ dest: 1, sync: true }).write(chunk)
  })
  return {
    write(line) {
      chunk += line
      if (chunk.length >= CHUNK_LENGTH) writeChunk()
    },
  }
}

// Only these members: database errors repeat the rejected row in their details, which would leak
// user ids and task texts into the log.
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { type, message, stack, code } = pino.stdSerializers.err(error)
  return { type, message, stack, code }
}
