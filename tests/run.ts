/**
 * The test command. `bun tests/run.ts` runs the static checks and every test but those of
 * tests/system; `check` runs the static checks alone; `system` the tests of tests/system, which
 * need programs that no package registry has; `packages` prints the Debian packages of the missing
 * ones. The last line of a run is `N passed, N failed`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Glob } from 'bun'
import { type Outcome, runBunTest } from './runner/bun-test.ts'
import { checkCoverage } from './runner/coverage.ts'

const checks: Record<string, string[]> = {
  'format and lint': ['biome', 'ci', '--error-on-warnings', '--colors=off'],
  'types of the core': ['tsc', '--project', 'core'],
  'types of the client': ['tsc', '--project', 'client'],
  types: ['tsc', '--project', '.'],
  'dead code': ['knip', '--no-progress'],
}

/** What the tests of tests/system start, and the Debian package that holds it. */
const programs: Record<string, string> = {
  nginx: 'nginx',
  pgbouncer: 'pgbouncer',
  promtool: 'prometheus',
  'redis-server': 'redis-server',
}

const minimumCoverage = 0.95

const runs: Record<string, (() => Promise<Outcome[]>)[]> = {
  all: [runChecks, runTests],
  check: [runChecks],
  system: [runSystemTests],
}

const root = join(import.meta.dir, '..')

// Debian keeps servers where not everybody's PATH looks.
const path = `${process.env['PATH']}:/usr/sbin`
process.env['PATH'] = path

async function main(what: string): Promise<void> {
  if (what === 'packages') return print(missingPackages().join(' '))
  let passed = 0
  let failed = 0
  for (const run of runs[what] ?? []) {
    for (const outcome of await run()) {
      print(`${outcome.failed === 0 ? '✓' : '✗'} ${outcome.message}`)
      passed += outcome.passed
      failed += outcome.failed
    }
  }
  print(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
}

/** All at once: together they take about a second. */
async function runChecks(): Promise<Outcome[]> {
  return Promise.all(
    Object.entries(checks).map(async ([name, command]) => {
      const run = Bun.$`${process.execPath} run ${command}`.cwd(root)
      const { exitCode, stdout, stderr } = await run.nothrow().quiet()
      if (exitCode === 0) return { passed: 1, failed: 0, message: name }
      return { passed: 0, failed: 1, message: `${name}\n${stdout}${stderr}` }
    }),
  )
}

async function runTests(): Promise<Outcome[]> {
  const directory = await mkdtemp(join(tmpdir(), 'taskport-coverage-'))
  try {
    const tests = await runBunTest(
      root,
      testFiles().filter((file) => !file.startsWith('tests/system/')),
      { flags: ['--coverage', '--coverage-reporter=lcov', `--coverage-dir=${directory}`] },
    )
    const lcov = Bun.file(join(directory, 'lcov.info'))
    const report = (await lcov.exists()) ? await lcov.text() : ''
    return [tests, await checkCoverage(root, report, minimumCoverage)]
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function runSystemTests(): Promise<Outcome[]> {
  const missing = missingPackages()
  if (missing.length > 0) {
    const message = `not installed; run: apt-get install --yes ${missing.join(' ')}`
    return [{ passed: 0, failed: missing.length, message }]
  }
  const files = testFiles().filter((file) => file.startsWith('tests/system/'))
  // bunfig.toml makes Bun pass over these files; this takes that back.
  return [await runBunTest(root, files, { flags: ['--path-ignore-patterns='] })]
}

function missingPackages(): string[] {
  return Object.entries(programs)
    .filter(([program]) => Bun.which(program, { PATH: path }) === null)
    .map(([, debianPackage]) => debianPackage)
}

function testFiles(): string[] {
  return [...new Glob('tests/**/*.test.ts').scanSync(root)].sort()
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

await main(process.argv[2] ?? 'all')
