/** Formats a table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, n) =>
    Math.max(...[head, ...rows].map((row) => row[n]?.length ?? 0), name.length),
  )
  const lines = [head, widths.map((width) => '-'.repeat(width)), ...rows]
  return lines
    .map((row) => `| ${row.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`)
    .join('\n')
}

/** @returns a dash for `null`, which means unknown. */
export function format(value: number | null, digits: number): string {
  return value === null ? '–' : value.toFixed(digits)
}
