import type { Clock } from '../../core/ports.ts'
import type { Instant } from '../../core/task.ts'

/**
 * The system clock, made monotonic: if the system time is set back, the clock stands still.
 *
 * @param milliseconds the time since the Unix epoch. Tests pass their own.
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
