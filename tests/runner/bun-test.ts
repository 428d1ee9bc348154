import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What came of a part of the run, and what to tell of it. */
export interface Outcome {
  readonly passed: number
  readonly failed: number
  readonly message: string
}

/**
 * Runs the test files with `bun test` and counts by its JUnit report.
 *
 * The report alone would let failures through: a file that does not load is missing from it, a
 * test that ends the process prevents it while the exit code is 0, an error after the last test is
 * in the exit code only. So every file must report a test, and the exit code must be 0.
 *
 * @param files paths in `folder`.
 * @param options.quiet whether to drop what the tests print.
 */
export async function runBunTest(
  folder: string,
  files: readonly string[],
  options: { readonly flags?: readonly string[]; readonly quiet?: boolean } = {},
): Promise<Outcome> {
  // Without a file named, Bun would run every test there is.
  if (files.length === 0) return { passed: 0, failed: 1, message: 'tests: there are none' }
  const scratch = await mkdtemp(join(tmpdir(), 'taskport-report-'))
  try {
    const path = join(scratch, 'junit.xml')
    const output = options.quiet ? 'ignore' : 'inherit'
    const child = Bun.spawn({
      cmd: [
        ...[process.execPath, 'test', '--only-failures'],
        ...['--reporter=junit', `--reporter-outfile=${path}`],
        ...(options.flags ?? []),
        ...files.map((file) => `./${file}`),
      ],
      cwd: folder,
      // Makes Bun refuse `test.only` and the writing of new snapshots.
      env: { ...process.env, CI: 'true' },
      stdio: ['ignore', output, output],
    })
    const exitCode = await child.exited
    const report = Bun.file(path)
    return countTests((await report.exists()) ? await report.text() : '', files, exitCode)
  } finally {
    await rm(scratch, { recursive: true })
  }
}

function countTests(report: string, files: readonly string[], exitCode: number): Outcome {
  const tests = total(report, 'tests')
  const notPassed = total(report, 'failures') + total(report, 'skipped')
  const silent = files.filter((file) => !report.includes(`<testsuite name="${file}"`))
  const unexplained = notPassed + silent.length === 0 && exitCode !== 0 ? 1 : 0
  const failed = notPassed + silent.length + unexplained
  const message = [
    `tests: ${failed} failed or were skipped, of ${tests}; exit code ${exitCode}`,
    ...silent.map((file) => `    no test reported (not loaded, or the run ended): ${file}`),
    ...(unexplained > 0 ? ['    the run failed outside of its tests'] : []),
  ].join('\n')
  return { passed: tests - notPassed, failed, message }
}

function total(report: string, attribute: string): number {
  const [, count] = report.match(new RegExp(`<testsuites [^>]*\\b${attribute}="(\\d+)"`)) ?? []
  return Number(count ?? 0)
}
