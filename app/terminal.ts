/** Where a command comes from and where its words go. */
export interface Terminal {
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Whether a person reads along. */
  readonly isTerminal: boolean
  print(text: string): void
  /** As `print`, resolving when more can be taken; rejects when it cannot be written. */
  write(text: string): Promise<void>
  /** Standard input, which is not read before. */
  input(): AsyncIterable<Uint8Array>
  printError(text: string): void
}
