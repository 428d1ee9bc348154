/** Rows in columns as wide as their widest cell, each with a line feed. */
export function inColumns(rows: readonly (readonly string[])[]): string {
  const widthOf = (column: number) =>
    Math.max(...rows.map((row) => Bun.stringWidth(row[column] ?? '')))
  const widths = rows[0]?.map((_, column) => widthOf(column)) ?? []
  const lines = rows.map((row) =>
    row
      .map((cell, column) => `${cell}${' '.repeat((widths[column] ?? 0) - Bun.stringWidth(cell))}`)
      .join('  ')
      .trimEnd(),
  )
  return lines.map((line) => `${line}\n`).join('')
}
