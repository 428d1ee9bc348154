/**
 * The test command. `bun tests/run.ts` runs the static checks and all tests except those of
 * tests/system; `check` runs the static checks; `system` runs the tests of tests/system, which need
 * programs that no package registry has; `packages` prints the Debian packages of those that are
 * missing. The last line of a run is `N passed, N failed`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Glob } from 'bun'
import { runTestFile } from './runner/bun-test.ts'
import { checkCoverage } from './runner/coverage.ts'
import { runStages, type Stage, type Task } from './runner/stages.ts'
import { postgresPrograms } from './support/debian-postgres.ts'
import { startServer } from './support/postgres-server.ts'

const CHECKS: Record<string, string[]> = {
  'format and lint': ['biome', 'ci', '--error-on-warnings', '--colors=off'],
  'types of the core': ['tsc', '--project', 'core'],
  'types of the client': ['tsc', '--project', 'client'],
  types: ['tsc', '--project', '.'],
  'dead code': ['knip', '--no-progress'],
}

/** The programs that the tests of tests/system start, and their Debian packages. */
const PROGRAMS: Record<string, string> = {
  initdb: 'postgresql',
  nginx: 'nginx',
  pgbouncer: 'pgbouncer',
  promtool: 'prometheus',
  'redis-server': 'redis-server',
}

/** Files that take several seconds each. They run after the quick ones. */
const SLOW = /^tests\/(browser|client|contract|e2e|postgres|simulation)\//
/** Files that hold the service to time limits. They run last, with less beside them. */
const TIMED = /^tests\/(e2e\/(limits|outages)|postgres\/resilience)/
const SYSTEM = /^tests\/system\//

const FILE_TIME_LIMIT_MS = 300_000
const MINIMUM_COVERAGE = 0.95

const ROOT = join(import.meta.dir, '..')
// Debian keeps servers in directories that are not on every PATH.
const PATH = [process.env['PATH'], '/usr/sbin', ...postgresPrograms()].join(':')

async function main(what: string): Promise<void> {
  if (what === 'packages') {
    process.stdout.write(`${missingPackages().join(' ')}\n`)
    return
  }
  await using cleanUp = new AsyncDisposableStack()
  const stages = {
    all: () => allStages(cleanUp),
    check: () => [checks()],
    system: () => systemStages(cleanUp),
  }
  if (!isKeyOf(what, stages)) throw new Error(`${what}: use ${Object.keys(stages).join(', ')}`)
  const isTTY = process.stdout.isTTY && !process.env['CI']
  const { columns } = process.stdout
  const write = (text: string) => process.stdout.write(text)
  const ok = await runStages(await stages[what](), { isTTY, columns, write })
  process.exitCode = ok ? 0 : 1
}

async function allStages(cleanUp: AsyncDisposableStack): Promise<Stage[]> {
  const directory = await mkdtemp(join(tmpdir(), 'taskport-coverage-'))
  cleanUp.defer(() => rm(directory, { recursive: true }))
  const reports: string[] = []
  const flags = (file: string) => {
    const report = join(directory, file)
    reports.push(join(report, 'lcov.info'))
    return ['--coverage', '--coverage-reporter=lcov', `--coverage-dir=${report}`]
  }
  const databaseUrl = await postgresUrl(cleanUp)
  const files = testFiles().filter((file) => !SYSTEM.test(file))
  const timed = files.filter((file) => TIMED.test(file))
  const others = files.filter((file) => !TIMED.test(file))
  const quickFirst = others.sort((a, b) => Number(SLOW.test(a)) - Number(SLOW.test(b)))
  const processors = availableParallelism()
  return [
    checks(),
    // One more than there are processors, because most files spend their time waiting.
    { parallel: processors + 1, tasks: tests(quickFirst, databaseUrl, flags) },
    { parallel: processors, tasks: tests(timed, databaseUrl, flags) },
    coverage(reports),
  ]
}

async function systemStages(cleanUp: AsyncDisposableStack): Promise<Stage[]> {
  const missing = missingPackages()
  if (missing.length > 0) return [notInstalled(missing)]
  const files = testFiles().filter((file) => SYSTEM.test(file))
  // bunfig.toml excludes these files; the flag includes them again.
  const tasks = tests(files, await postgresUrl(cleanUp), () => ['--path-ignore-patterns='])
  return [{ parallel: 1, tasks }]
}

/** The static checks, all at once. */
function checks(): Stage {
  const tasks = Object.entries(CHECKS).map(([name, command]) => ({
    name,
    async run() {
      const check = Bun.$`${process.execPath} run ${command}`.cwd(ROOT)
      const { exitCode, stdout, stderr } = await check.nothrow().quiet()
      return result(exitCode === 0, `${stdout}${stderr}`)
    },
  }))
  return { parallel: tasks.length, tasks }
}

function tests(
  files: readonly string[],
  databaseUrl: string,
  flags: (file: string) => readonly string[],
): Task[] {
  const options = {
    timeLimitMs: FILE_TIME_LIMIT_MS,
    environment: { PATH, TEST_DATABASE_URL: databaseUrl },
  }
  return files.map((file) => ({
    name: file,
    run: () => runTestFile(ROOT, file, { ...options, flags: flags(file) }),
  }))
}

function coverage(reports: readonly string[]): Stage {
  async function run() {
    const files = reports.map((path) => Bun.file(path))
    // A file that crashed has none, and has failed already.
    const texts = files.map(async (file) => ((await file.exists()) ? file.text() : ''))
    const { ok, message } = await checkCoverage(ROOT, await Promise.all(texts), MINIMUM_COVERAGE)
    return { ...result(ok), note: message }
  }
  return { parallel: 1, tasks: [{ name: 'coverage', run }] }
}

function notInstalled(packages: readonly string[]): Stage {
  const details = `not installed; run: apt-get install --yes ${packages.join(' ')}`
  return { parallel: 1, tasks: [{ name: 'programs', run: async () => result(false, details) }] }
}

function result(ok: boolean, details = '') {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, details }
}

/** One server for all files, which take databases of their own. */
async function postgresUrl(cleanUp: AsyncDisposableStack): Promise<string> {
  const given = process.env['TEST_DATABASE_URL']
  if (given) return given
  const server = await startServer({ durable: false })
  cleanUp.defer(() => server.remove())
  return server.url
}

function missingPackages(): string[] {
  return Object.entries(PROGRAMS)
    .filter(([program]) => Bun.which(program, { PATH }) === null)
    .map(([, debianPackage]) => debianPackage)
}

function testFiles(): string[] {
  return [...new Glob('tests/**/*.test.ts').scanSync(ROOT)].sort()
}

function isKeyOf<T extends object>(key: PropertyKey, object: T): key is keyof T {
  return Object.hasOwn(object, key)
}

await main(process.argv[2] ?? 'all')
