import { afterAll, describe, expect, test } from 'bun:test'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runTestFile } from './bun-test.ts'
import { checkCoverage } from './coverage.ts'
import { runStages, type Stage } from './stages.ts'

const folder = await mkdtemp(join(tmpdir(), 'taskport-runner-'))
afterAll(() => rm(folder, { recursive: true }))

const ok = `test('ok', () => {})`
const late = `test('ok', () => { setTimeout(() => { throw new Error('late') }, 5) })`

/** Test files, and what the runner must count. */
const cases: [name: string, body: string, passed: number, failed: number][] = [
  ['tests that pass, nested ones too', `${ok}; describe('in', () => { ${ok} })`, 2, 0],
  ['a test that fails', `${ok}; test('bad', () => { throw new Error('bad') })`, 1, 1],
  ['a test that times out', `test('slow', () => Bun.sleep(60_000), 10)`, 0, 1],
  ['a skipped and a todo test', `${ok}; test.skip('skip', () => {}); test.todo('todo')`, 1, 2],
  ['a focused test', `test.only('only', () => {}); ${ok}`, 0, 1],
  ['a file that does not load', `import './missing.ts'`, 0, 1],
  ['a file that throws after its tests', `${ok}; throw new Error('bad')`, 0, 1],
  ['a file without tests', '', 0, 1],
  ['a file that exits with 0 before its tests', `process.exit(0); ${ok}`, 0, 1],
  ['an error in a hook', `${ok}; afterAll(() => { throw new Error('bad') })`, 1, 1],
  ['an error after the last test', `${late}; afterAll(() => Bun.sleep(50))`, 1, 1],
  ['an unhandled rejection', `test('bad', () => { Promise.reject(new Error('bad')) })`, 0, 1],
  ['a test that exits with 0', `${ok}; test('exit', () => process.exit(0))`, 0, 1],
  ['a crash', `${ok}; test('die', () => process.kill(process.pid, 'SIGKILL'))`, 0, 1],
  ['an exit code alone', `test('code', () => { process.exitCode = 3 })`, 1, 1],
]

async function runFile(name: string, body: string, timeLimitMs = 60_000) {
  const directory = join(folder, name)
  await mkdir(directory)
  await Bun.write(
    join(directory, 'a.test.ts'),
    `import { afterAll, describe, test } from 'bun:test'; ${body}`,
  )
  return runTestFile(directory, 'a.test.ts', { timeLimitMs })
}

describe('the run of a test file', () => {
  test.each(cases)('counts %s', async (name, body, passed, failed) => {
    expect(await runFile(name, body)).toMatchObject({ passed, failed })
  })

  test('ends and counts as failed when the file hangs', async () => {
    const result = await runFile('hangs', `${ok}; test('loop', () => { for (;;); })`, 500)
    expect(result).toMatchObject({ passed: 0, failed: 1 })
    expect(result.details).toEndWith('killed at its time limit\n')
  })

  test('does not wait for a process that the file leaves behind', async () => {
    const body = `test('leave', () => { Bun.spawn(['sleep', '20'], { stdio: ['ignore', 'inherit', 'inherit'] }).unref() })`
    expect(await runFile('leaves', body)).toMatchObject({ passed: 1, failed: 0 })
  })

  test('returns the whole output', async () => {
    const body = `test('bad', () => { console.log('printed'); throw new Error('thrown') })`
    const { details } = await runFile('prints', body)
    expect(details).toContain('printed\n')
    expect(details).toContain('error: thrown')
  })
})

describe('a run', () => {
  const passing = { name: 'good', run: async () => ({ passed: 2, failed: 0, details: 'quiet' }) }
  const failing = { name: 'bad', run: async () => ({ passed: 1, failed: 3, details: 'loud' }) }

  async function run(tasks: Stage['tasks'], terminal: { isTTY?: boolean; columns?: number } = {}) {
    let output = ''
    const screen = { ...terminal, write: (text: string) => (output += text) }
    const ok = await runStages([{ parallel: 1, tasks }], screen)
    return { ok, output: output.replaceAll(/\d+\.\d s/g, '0.0 s') }
  }

  test('prints a line for each task, the details of failures, and the total', async () => {
    expect(await run([passing, failing])).toEqual({
      ok: false,
      output: [
        '✓ good: 2 passed (0.0 s)',
        '✗ bad: 3 failed, 1 passed (0.0 s)',
        'loud',
        '3 passed, 3 failed',
        '',
      ].join('\n'),
    })
  })

  test('succeeds when all tasks pass, and fails when there are none', async () => {
    expect(await run([passing])).toMatchObject({ ok: true })
    expect(await run([])).toEqual({ ok: false, output: '0 passed, 0 failed\n' })
  })

  test('rewrites a status line on a terminal', async () => {
    const { output } = await run([passing], { isTTY: true, columns: 24 })
    expect(output.split('\r\x1b[K')).toEqual([
      '',
      '0 of 1 done; running: g',
      '✓ good: 2 passed (0.0 s)\n',
      '1 of 1 done; running: ',
      '2 passed, 0 failed\n',
    ])
  })

  test('runs as many tasks at a time as the stage allows, and stages in turn', async () => {
    const events: string[] = []
    const both = Promise.withResolvers<void>()
    const task = (name: string, wait: Promise<void>) => ({
      name,
      async run() {
        events.push(`${name} starts`)
        if (events.length === 2) both.resolve()
        await wait
        events.push(`${name} ends`)
        return { passed: 1, failed: 0 }
      },
    })
    const pair = [task('a', both.promise), task('b', both.promise), task('c', Promise.resolve())]
    const last = [task('d', Promise.resolve())]
    await runStages(
      [
        { parallel: 2, tasks: pair },
        { parallel: 1, tasks: last },
      ],
      { write() {} },
    )
    expect(events.slice(0, 2)).toEqual(['a starts', 'b starts'])
    expect(events.slice(-2)).toEqual(['d starts', 'd ends'])
  })
})

describe('coverage', () => {
  const lcov = (file: string, lines: Record<number, number>) => {
    const data = Object.entries(lines).map(([line, hits]) => `DA:${line},${hits}\n`)
    return `TN:\nSF:${file}\n${data.join('')}end_of_record\n`
  }

  test('counts unloaded files as not run, and files of types as nothing', async () => {
    const root = join(folder, 'unloaded')
    const lines = Object.fromEntries(Array.from({ length: 96 }, (_, index) => [index, 1]))
    const reports = [lcov('core/loaded.ts', lines), lcov('tests/x.ts', { 1: 0 })]
    await Bun.write(join(root, 'core/loaded.ts'), 'export const loaded = 1\n')
    await Bun.write(join(root, 'core/types.ts'), 'export interface Empty {}\n')
    expect(await checkCoverage(root, reports, 0.95)).toEqual({
      ok: true,
      message: '    100.0 % of 96 lines',
    })
    await Bun.write(join(root, 'app/idle.ts'), 'console.log(1)\n'.repeat(6))
    expect(await checkCoverage(root, reports, 0.95)).toEqual({
      ok: false,
      message: '    94.1 % of 102 lines\n    0.0 % of 6 lines: app/idle.ts',
    })
  })

  test('adds the hits of all test processes', async () => {
    const root = join(folder, 'merged')
    await Bun.write(join(root, 'core/a.ts'), 'export const a = 1\n')
    const reports = [
      lcov('core/a.ts', { 1: 1, 2: 0, 3: 0 }),
      lcov('core/a.ts', { 1: 0, 2: 2, 3: 0, 4: 1 }),
    ]
    expect(await checkCoverage(root, reports, 0.75)).toMatchObject({ ok: true })
    expect(await checkCoverage(root, reports, 0.76)).toEqual({
      ok: false,
      message: '    75.0 % of 4 lines\n    75.0 % of 4 lines: core/a.ts',
    })
  })
})
