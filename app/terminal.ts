import type { StopSignal } from './signals.ts'

/** The environment of a command: variables, input, outputs and signals. */
export interface Terminal {
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Adds the variables of the file `.env` to `variables`. @throws OperatorError if it is malformed. */
  addEnvFile(): void
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean
  print(text: string): void
  /** Like `print`, but resolves when more can be written, and rejects if writing fails. */
  write(text: string): Promise<void>
  /** Opens standard input. */
  input(): AsyncIterable<Uint8Array>
  printError(text: string): void
  /** Replaces what a signal to stop does. By default it ends the process. */
  onStopSignal(handle: (signal: StopSignal) => void): void
}
