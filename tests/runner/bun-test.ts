import { closeSync, openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Result } from './progress.ts'

/**
 * Runs one test file in a `bun test` process of its own and counts by its JUnit report.
 *
 * The report alone would miss failures: there is none if the file does not load or the process
 * ends early, possibly with exit code 0, and an error after the last test shows only in the exit
 * code. So the file must report a test, and the exit code must be 0.
 *
 * @param file a path in `folder`.
 * @param options.flags more flags for `bun test`.
 * @param options.environment variables to add to those of this process.
 */
export async function runTestFile(
  folder: string,
  file: string,
  options: {
    readonly timeLimitMs: number
    readonly flags?: readonly string[]
    readonly environment?: Readonly<Record<string, string>>
  },
): Promise<Result> {
  const start = performance.now()
  const scratch = await mkdtemp(join(tmpdir(), 'taskport-report-'))
  const report = join(scratch, 'junit.xml')
  // A file, because a pipe stays open as long as a process that the test left behind.
  const log = openSync(join(scratch, 'log'), 'a')
  try {
    const child = Bun.spawn({
      cmd: [
        ...[process.execPath, 'test', '--only-failures'],
        ...['--reporter=junit', `--reporter-outfile=${report}`],
        ...(options.flags ?? []),
        `./${file}`,
      ],
      cwd: folder,
      // CI makes Bun refuse `test.only` and new snapshots.
      env: { ...process.env, ...options.environment, CI: 'true' },
      stdio: ['ignore', log, log],
      timeout: options.timeLimitMs,
      killSignal: 'SIGKILL',
    })
    const exitCode = await child.exited
    const hung = performance.now() - start >= options.timeLimitMs
    const { reason, ...counts } = count(await textOf(report), exitCode, hung)
    return { ...counts, details: `${await textOf(join(scratch, 'log'))}${reason}` }
  } finally {
    closeSync(log)
    await rm(scratch, { recursive: true })
  }
}

function count(report: string, exitCode: number, hung: boolean) {
  const tests = total(report, 'tests')
  const notPassed = total(report, 'failures') + total(report, 'skipped')
  const passed = tests - notPassed
  if (hung) return { passed, failed: notPassed + 1, reason: 'killed at its time limit\n' }
  if (tests === 0) return { passed, failed: 1, reason: `no test reported, exit code ${exitCode}\n` }
  if (notPassed === 0 && exitCode !== 0)
    return { passed, failed: 1, reason: `error outside of the tests, exit code ${exitCode}\n` }
  return { passed, failed: notPassed, reason: '' }
}

function total(report: string, attribute: string): number {
  const [, number] = report.match(new RegExp(`<testsuites [^>]*\\b${attribute}="(\\d+)"`)) ?? []
  return Number(number ?? 0)
}

async function textOf(path: string): Promise<string> {
  const file = Bun.file(path)
  return (await file.exists()) ? file.text() : ''
}
