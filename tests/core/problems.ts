/** The problems that a reader of `core/validation.ts` finds in a value. */
export function problemsOf(
  read: (value: unknown, problems: string[]) => unknown,
  value: unknown,
): string[] {
  const problems: string[] = []
  read(value, problems)
  return problems
}
