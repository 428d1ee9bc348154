const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
// Their default is to end the process.
const IGNORED_SIGNALS = ['SIGUSR1', 'SIGUSR2'] as const

/** A signal that asks the process to stop. */
export type StopSignal = (typeof STOP_SIGNALS)[number]

/**
 * Handles signals from now on. Call it before anything else is loaded: the kernel discards signals
 * that process 1 of a container does not handle yet.
 *
 * @returns replaces what a signal to stop does.
 */
export function handleSignals(
  onStop: (signal: StopSignal) => void,
): (onStop: (signal: StopSignal) => void) => void {
  let current = onStop
  for (const signal of STOP_SIGNALS) process.on(signal, () => current(signal))
  for (const signal of IGNORED_SIGNALS) process.on(signal, () => {})
  return (next) => {
    current = next
  }
}
