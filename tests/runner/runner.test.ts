import { afterAll, describe, expect, test } from 'bun:test'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runBunTest } from './bun-test.ts'
import { checkCoverage } from './coverage.ts'

const folder = await mkdtemp(join(tmpdir(), 'taskport-runner-'))
afterAll(() => rm(folder, { recursive: true }))

const ok = `test('ok', () => {})`
const late = `test('ok', () => { setTimeout(() => { throw new Error('late') }, 5) })`

/** What the test files hold, and what must be counted. */
const cases: [name: string, bodies: string[], passed: number, failed: number][] = [
  ['tests that pass, nested ones too', [`${ok}; describe('in', () => { ${ok} })`, ok], 3, 0],
  ['a test that fails', [`${ok}; test('bad', () => { throw new Error('bad') })`], 1, 1],
  ['a test that times out', [`test('slow', () => Bun.sleep(60_000), 10)`], 0, 1],
  ['a skipped and a todo test', [`${ok}; test.skip('skip', () => {}); test.todo('todo')`], 1, 2],
  ['a focused test', [`test.only('only', () => {}); ${ok}`], 0, 1],
  ['a file that does not load', [`import './missing.ts'`, ok], 1, 1],
  ['a file that throws after its tests', [`${ok}; throw new Error('bad')`, ok], 1, 1],
  ['a file without tests', ['', ok], 1, 1],
  ['no tests at all', [], 0, 1],
  ['an error in a hook', [`${ok}; afterAll(() => { throw new Error('bad') })`], 1, 1],
  ['an error after the last test', [`${late}; afterAll(() => Bun.sleep(50))`], 1, 1],
  [
    'a rejection that nobody handles',
    [`test('bad', () => { Promise.reject(new Error('bad')) })`],
    0,
    1,
  ],
  ['a test that ends the process with 0', [ok, `test('exit', () => process.exit(0))`], 0, 2],
  ['a crash', [ok, `test('die', () => process.kill(process.pid, 'SIGKILL'))`], 0, 2],
  ['an exit code alone', [`test('code', () => { process.exitCode = 3 })`], 1, 1],
]

describe('the count of a run of bun test', () => {
  test.each(cases)('%s', async (name, bodies, passed, failed) => {
    const directory = join(folder, name)
    await mkdir(directory)
    const files = bodies.map((_, index) => `${index}.test.ts`)
    for (const [index, body] of bodies.entries())
      await Bun.write(
        join(directory, `${index}.test.ts`),
        `import { afterAll, describe, test } from 'bun:test'; ${body}`,
      )
    expect(await runBunTest(directory, files, { quiet: true })).toMatchObject({ passed, failed })
  })
})

describe('the share of lines', () => {
  test('counts a file that no test loads as not run, and one of types alone as nothing', async () => {
    const root = join(folder, 'covered')
    const lcov = 'TN:\nSF:core/loaded.ts\nLF:96\nLH:96\nend_of_record\nSF:tests/x.ts\nLF:9\nLH:0\n'
    await Bun.write(join(root, 'core/loaded.ts'), 'export const loaded = 1\n')
    await Bun.write(join(root, 'core/types.ts'), 'export interface Empty {}\n')
    expect(await checkCoverage(root, lcov, 0.95)).toEqual({
      passed: 1,
      failed: 0,
      message: 'coverage: 100.0 % of 96 lines',
    })
    await Bun.write(join(root, 'app/idle.ts'), 'console.log(1)\n'.repeat(6))
    expect(await checkCoverage(root, lcov, 0.95)).toEqual({
      passed: 0,
      failed: 1,
      message: 'coverage: 94.1 % of 102 lines\n    0.0 % of 6 lines: app/idle.ts',
    })
  })
})
