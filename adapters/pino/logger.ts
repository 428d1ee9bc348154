import { type DestinationStream, type Logger, pino } from 'pino'
import { PinoPretty } from 'pino-pretty'

// Lines are written some at a time: one write for each would cost more than the line.
const CHUNK_LENGTH = 64_000
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
    timestamp: createTimestamp(),
  }
  if (format === 'pretty') return pino(settings, PinoPretty({ sync: true }))
  return pino(settings, openOutput())
}

/**
 * Standard output, for lines. They are put together here, because the stream would measure all that
 * it holds again with each: 7 µs a line, where this takes 0.1.
 */
function openOutput(): DestinationStream {
  const stream = pino.destination({ dest: 1, sync: false, maxLength: MAX_WAITING_BYTES })
  let chunk = ''
  function handOver(): void {
    if (chunk === '') return
    stream.write(chunk)
    chunk = ''
  }
  setInterval(handOver, LONGEST_DELAY_MS).unref()
  // What the stream was given last it would begin to write, and not be there to end it.
  process.on('exit', () => {
    stream.flushSync()
    if (chunk !== '') pino.destination({ dest: 1, sync: true }).write(chunk)
  })
  return {
    write(line) {
      chunk += line
      if (chunk.length >= CHUNK_LENGTH) handOver()
    },
  }
}

/** pino's ISO time, made once a millisecond: many lines share one. */
function createTimestamp(): () => string {
  let at = 0
  let member = ''
  return () => {
    const now = Date.now()
    if (now !== at) {
      at = now
      member = `,"time":"${new Date(now).toISOString()}"`
    }
    return member
  }
}

// Not all that an error carries: a database repeats in its details the rows that it refuses, and so
// whose tasks they are and what they say.
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { type, message, stack, code } = pino.stdSerializers.err(error)
  return { type, message, stack, code }
}
