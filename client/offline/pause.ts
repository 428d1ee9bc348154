import { pause } from '../timing.ts'

/** Waits for a time, or until one of the two aborts. */
export async function pauseOrEnd(
  ms: number,
  waking: AbortController,
  signal: AbortSignal,
): Promise<void> {
  const end = () => waking.abort()
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  await pause(ms, waking.signal).catch(() => {})
  signal.removeEventListener('abort', end)
}
