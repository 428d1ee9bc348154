import { pino } from 'pino'
import { PinoPretty } from 'pino-pretty'

/**
 * One line an event on standard output: JSON for machines, or something to read. Written at once,
 * without a worker, so that the last words of a process that ends are not lost.
 */
export function createLogger(options: {
  readonly level: string
  readonly format: 'json' | 'pretty'
}) {
  return pino(
    {
      level: options.level,
      base: null,
      formatters: { level: (level) => ({ level }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    options.format === 'pretty'
      ? PinoPretty({ sync: true })
      : pino.destination({ dest: 1, sync: true }),
  )
}
