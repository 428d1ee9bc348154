import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { spawn } from 'bun'
import { taskNumber } from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { temporaryDirectory } from '../support/process.ts'

const MAIN = join(import.meta.dir, '..', '..', 'app', 'main.ts')
const TASKS = 100_000
const MEGABYTES_100 = 100 * 1000 * 1000
const SHELL_STATUS_OF_SIGPIPE = 141

let directory: string
let removeDirectory: () => PromiseLike<void>
let database: TestDatabase
let original: string

beforeAll(async () => {
  const temporary = await temporaryDirectory()
  directory = temporary.path
  removeDirectory = () => temporary[Symbol.asyncDispose]()
  database = await createDatabase()
  original = join(directory, 'original.ndjson')
  const file = Bun.file(original).writer()
  for (let n = 0; n < TASKS; n++) {
    const task = taskNumber(n, { text: `${'Zoë 😀 '.repeat(n % 70)}${n}` })
    file.write(
      `${JSON.stringify({ user_id: `user-${Math.floor(n / 1000)}`.padEnd(9), ...task })}\n`,
    )
  }
  await file.end()
}, 30_000)

afterAll(async () => {
  await database.drop()
  await removeDirectory()
})

/** `taskport` in a process of its own. */
function start<Output extends Bun.BunFile | 'pipe'>(
  command: string,
  url: string,
  stdin: Bun.BunFile | 'ignore',
  stdout: Output,
) {
  const { PATH, HOME } = process.env
  return spawn([process.execPath, MAIN, command], {
    cwd: directory,
    env: { PATH, HOME, DATABASE_URL: url },
    stdio: [stdin, stdout, 'pipe'],
  })
}

/** The most memory that a process had until its end, in bytes, as far as a frequent look shows. */
async function peakMemory(child: Bun.Subprocess): Promise<number> {
  let peak = 0
  while (child.exitCode === null) {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    peak = Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? peak / 1024) * 1024
    await Bun.sleep(10)
  }
  return peak
}

describe.each(['SQLite', 'PostgreSQL'])('many tasks on %s', (store) => {
  test('go in and come out in less than 100 MB of memory', async () => {
    const url = store === 'SQLite' ? `sqlite:${join(directory, 'tasks.db')}` : database.url
    const copy = join(directory, `${store}.ndjson`)
    const importing = start('import', url, Bun.file(original), 'pipe')
    const importPeak = await peakMemory(importing)
    expect(await importing.stderr.text()).toEndWith(`\nimported ${TASKS}, already there 0\n`)
    expect(await importing.exited).toBe(0)

    const exporting = start('export', url, 'ignore', Bun.file(copy))
    const exportPeak = await peakMemory(exporting)
    expect(await exporting.stderr.text()).toEndWith(`\nexported ${TASKS}\n`)
    expect(await exporting.exited).toBe(0)

    expect((await readFile(copy, 'utf8')).length).toBe((await readFile(original, 'utf8')).length)
    for (const peak of [importPeak, exportPeak]) {
      expect(peak).toBeGreaterThan(20_000_000)
      expect(peak).toBeLessThan(MEGABYTES_100)
    }
  }, 60_000)

  test('end quietly when the reader goes away', async () => {
    const url = store === 'SQLite' ? `sqlite:${join(directory, 'tasks.db')}` : database.url
    const exporting = start('export', url, 'ignore', 'pipe')
    for await (const _ of exporting.stdout) break
    expect(await exporting.exited).toBe(SHELL_STATUS_OF_SIGPIPE)
    expect(await exporting.stderr.text()).toBe('')
  })
})

test('an import that was killed goes on where it was', async () => {
  const path = join(directory, 'killed.db')
  const url = `sqlite:${path}`
  const killed = start('import', url, Bun.file(original), 'pipe')
  while (!(await hasTasks(path))) await Bun.sleep(1)
  killed.kill('SIGKILL')
  await killed.exited

  const again = start('import', url, Bun.file(original), 'pipe')
  const [imported = 0, alreadyThere = 0] = Array.from(
    (await again.stderr.text()).split('\n').at(-2)?.matchAll(/\d+/g) ?? [],
    Number,
  )
  expect(alreadyThere).toBeGreaterThan(0)
  expect(imported + alreadyThere).toBe(TASKS)
  const copy = join(directory, 'killed.ndjson')
  await start('export', url, 'ignore', Bun.file(copy)).exited
  const lines = async (file: string) => (await readFile(file, 'utf8')).split('\n').toSorted()
  expect(Bun.deepEquals(await lines(copy), await lines(original))).toBe(true)
}, 30_000)

async function hasTasks(path: string): Promise<boolean> {
  try {
    using database = new Database(path, { readonly: true })
    return database.query('select 1 from tasks limit 1').get() !== null
  } catch {
    // The file or the table is not there yet, or locked.
    return false
  }
}
