import type { Instant } from '../../core/item.ts'
import type { Clock } from '../../core/ports.ts'

/**
 * The system clock, made monotonic. If the system time is set back, each new reading is one millisecond
 * later than the last, until the system time has caught up.
 *
 * @param milliseconds the time since the Unix epoch. Tests pass their own.
 */
export function createClock(milliseconds: () => number = Date.now): Clock {
  let latest = Number.NEGATIVE_INFINITY
  let instant: Instant = ''
  return () => {
    const reading = milliseconds()
    if (reading !== latest) {
      latest = Math.max(reading, latest + 1)
      instant = new Date(latest).toISOString()
    }
    return instant
  }
}
