import { join } from 'node:path'
import { Glob } from 'bun'
import type { Outcome } from './bun-test.ts'

interface Covered {
  readonly lines: number
  readonly hit: number
}

/**
 * The share of the lines of core, adapters and app that the tests ran. A file that no test loads
 * is not in Bun's report: all its lines count as not run.
 *
 * @param lcov Bun's report, with paths as seen from `root`.
 */
export async function checkCoverage(root: string, lcov: string, minimum: number): Promise<Outcome> {
  const measured = readLcov(lcov)
  const files = new Map<string, Covered>()
  for (const file of [...new Glob('{core,adapters,app}/**/*.ts').scanSync(root)].sort())
    files.set(file, measured.get(file) ?? { lines: await linesOfCode(join(root, file)), hit: 0 })
  const whole = {
    lines: files.values().reduce((sum, { lines }) => sum + lines, 0),
    hit: files.values().reduce((sum, { hit }) => sum + hit, 0),
  }
  const low = Array.from(files)
    .filter(([, covered]) => share(covered) < minimum)
    .map(([file, covered]) => `\n    ${percent(covered)} of ${covered.lines} lines: ${file}`)
  const ok = share(whole) >= minimum
  const message = `coverage: ${percent(whole)} of ${whole.lines} lines${low.join('')}`
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, message }
}

function readLcov(lcov: string): Map<string, Covered> {
  const number = (record: string, key: string) =>
    Number(record.match(new RegExp(`^${key}:(\\d+)$`, 'm'))?.[1] ?? 0)
  return new Map(
    lcov
      .split('end_of_record')
      .map((record) => [
        record.match(/^SF:(.*)$/m)?.[1] ?? '',
        { lines: number(record, 'LF'), hit: number(record, 'LH') },
      ]),
  )
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
