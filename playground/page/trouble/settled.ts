import type { Observable } from '../observable.ts'

/** Resolves once a condition on some values is true. Rejects when the signal aborts. */
export function until(
  observables: readonly Pick<Observable<unknown>, 'subscribe'>[],
  isTrue: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stops = observables.map(({ subscribe }) => subscribe(check))
    signal.addEventListener('abort', () => end(() => reject(signal.reason)))
    function end(settle: () => void): void {
      for (const stop of stops) stop()
      settle()
    }
    function check(): void {
      if (isTrue()) end(resolve)
    }
    check()
  })
}
