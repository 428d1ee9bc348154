import { join } from 'node:path'
import { Glob } from 'bun'

/** How often each line of each file ran. */
type Hits = Map<string, Map<number, number>>

interface Covered {
  readonly lines: number
  readonly hit: number
}

/**
 * The share of the lines of core, adapters and app that the tests ran. Lines of a file that no test
 * loads, and that no report has therefore, count as not run.
 *
 * @param reports one lcov report for each test process, with paths relative to `root`.
 */
export async function checkCoverage(
  root: string,
  reports: readonly string[],
  minimum: number,
): Promise<{ readonly ok: boolean; readonly message: string }> {
  const measured = merge(reports)
  const files = new Map<string, Covered>()
  for (const file of [...new Glob('{core,adapters,app}/**/*.ts').scanSync(root)].sort()) {
    const hits = measured.get(file)
    files.set(file, hits ? summary(hits) : { lines: await linesOfCode(join(root, file)), hit: 0 })
  }
  const whole = {
    lines: files.values().reduce((sum, { lines }) => sum + lines, 0),
    hit: files.values().reduce((sum, { hit }) => sum + hit, 0),
  }
  const low = Array.from(files)
    .filter(([, covered]) => share(covered) < minimum)
    .map(([file, covered]) => `\n    ${percent(covered)} of ${covered.lines} lines: ${file}`)
  const message = `    ${percent(whole)} of ${whole.lines} lines${low.join('')}`
  return { ok: share(whole) >= minimum, message }
}

function merge(reports: readonly string[]): Hits {
  const merged: Hits = new Map()
  for (const record of reports.flatMap((report) => report.split('end_of_record'))) {
    const file = record.match(/^SF:(.*)$/m)?.[1] ?? ''
    const lines = merged.get(file) ?? new Map<number, number>()
    merged.set(file, lines)
    for (const [, line, hits] of record.matchAll(/^DA:(\d+),(\d+)/gm))
      lines.set(Number(line), (lines.get(Number(line)) ?? 0) + Number(hits))
  }
  return merged
}

function summary(lines: ReadonlyMap<number, number>): Covered {
  return {
    lines: lines.size,
    hit: lines
      .values()
      .filter((hits) => hits > 0)
      .toArray().length,
  }
}

/** Without types: a file of types alone has none. */
async function linesOfCode(path: string): Promise<number> {
  const code = new Bun.Transpiler({ loader: 'ts' }).transformSync(await Bun.file(path).text())
  return code.split('\n').filter((line) => line.trim() !== '').length
}

function share({ lines, hit }: Covered): number {
  return lines === 0 ? 1 : hit / lines
}

function percent(covered: Covered): string {
  return `${(Math.floor(share(covered) * 1000) / 10).toFixed(1)} %`
}
