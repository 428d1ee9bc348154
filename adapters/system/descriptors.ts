import { closeSync, openSync, readFileSync } from 'node:fs'

const INTERVAL_MS = 1000
// Kept free for files and connections to the store.
const MAXIMUM_RESERVE = 16

/**
 * Watches whether the process has almost used up its file descriptors.
 *
 * @returns stops watching.
 */
export function watchDescriptors(
  onChange: (areScarce: boolean, limit: number) => void,
): () => void {
  const limit = readLimit()
  const reserve = Math.min(MAXIMUM_RESERVE, Math.floor(limit / 8))
  let areScarce = false
  const timer = setInterval(() => {
    // The gap prevents a change every second.
    const now = lowestFree() >= limit - (areScarce ? 2 * reserve : reserve)
    if (now === areScarce) return
    // If this fails, it is repeated.
    onChange(now, limit)
    areScarce = now
  }, INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** The lowest descriptor that is free, which the next file gets; `Infinity` if none is. */
function lowestFree(): number {
  try {
    const descriptor = openSync('/dev/null', 'r')
    closeSync(descriptor)
    return descriptor
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

// Bun has raised it to the hard limit. Only Linux reports it; elsewhere, descriptors are scarce once none
// is free.
export function readLimit(): number {
  try {
    const [, limit] =
      /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return Number(limit ?? Number.MAX_SAFE_INTEGER)
  } catch {
    return Number.MAX_SAFE_INTEGER
  }
}
