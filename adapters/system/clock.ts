import type { Clock } from '../../core/ports.ts'
import type { Instant } from '../../core/task.ts'

/**
 * The machine's clock, held at its last reading while the machine sets it back.
 *
 * @param milliseconds the time since the Unix epoch; another source only in tests.
 */
export function createClock(milliseconds: () => number = Date.now): Clock {
  let latest = Number.NEGATIVE_INFINITY
  let instant: Instant = ''
  return () => {
    const reading = milliseconds()
    if (reading > latest) {
      latest = reading
      instant = new Date(reading).toISOString()
    }
    return instant
  }
}
