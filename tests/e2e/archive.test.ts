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

/** Starts `taskport` in its own process. */
function start<Output extends Bun.BunFile | 'pipe'>(
  command: string,
  url: string,
  stdin: Bun.BunFile | Blob | ReadableStream | 'ignore',
  stdout: Output,
) {
  const { PATH, HOME } = process.env
  return spawn([process.execPath, MAIN, command], {
    cwd: directory,
    env: { PATH, HOME, DATABASE_URL: url },
    stdio: [stdin, stdout, 'pipe'],
  })
}

/** The peak memory of a process in bytes, sampled until it exits. */
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
  test('are imported and exported in less than 100 MB of memory', async () => {
    const url = store === 'SQLite' ? `sqlite:${join(directory, 'tasks.db')}` : database.url
    const copy = join(directory, `${store}.ndjson`)
    const importing = start('import', url, Bun.file(original), 'pipe')
    const importPeak = await peakMemory(importing)
    expect(await importing.stderr.text()).toEndWith(
      `\nimported ${TASKS} tasks and lists, already there 0\n`,
    )
    expect(await importing.exited).toBe(0)

    const exporting = start('export', url, 'ignore', Bun.file(copy))
    const exportPeak = await peakMemory(exporting)
    expect(await exporting.stderr.text()).toEndWith(
      `\nexported ${TASKS} tasks and lists; API tokens are not exported\n`,
    )
    expect(await exporting.exited).toBe(0)

    expect((await readFile(copy, 'utf8')).length).toBe((await readFile(original, 'utf8')).length)
    for (const peak of [importPeak, exportPeak]) {
      expect(peak).toBeGreaterThan(20_000_000)
      expect(peak).toBeLessThan(MEGABYTES_100)
    }
  }, 60_000)

  test('end the export quietly when the reader closes the pipe', async () => {
    const url = store === 'SQLite' ? `sqlite:${join(directory, 'tasks.db')}` : database.url
    const exporting = start('export', url, 'ignore', 'pipe')
    for await (const _ of exporting.stdout) break
    expect(await exporting.exited).toBe(SHELL_STATUS_OF_SIGPIPE)
    expect(await exporting.stderr.text()).toBe('')
  })
})

test('resumes an import that was killed', async () => {
  const lines = (await readFile(original, 'utf8')).split(/(?<=\n)/, 5000)
  const all = new Blob(lines)
  // The input never ends, so the import still waits for more when it is killed.
  const half = new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from(lines.slice(0, 2500).join(''))),
  })
  const path = join(directory, 'killed.db')
  const url = `sqlite:${path}`
  const killed = start('import', url, half, 'pipe')
  while (!(await hasTasks(path))) await Bun.sleep(1)
  killed.kill('SIGKILL')
  await killed.exited

  const again = start('import', url, all, 'pipe')
  const [imported = 0, alreadyThere = 0] = Array.from(
    (await again.stderr.text()).split('\n').at(-2)?.matchAll(/\d+/g) ?? [],
    Number,
  )
  expect(alreadyThere).toBeGreaterThan(0)
  expect(imported).toBeGreaterThan(0)
  expect(imported + alreadyThere).toBe(5000)
  const exported = await start('export', url, 'ignore', 'pipe').stdout.text()
  expect(Bun.deepEquals(exported.split(/(?<=\n)/).toSorted(), lines.toSorted())).toBe(true)
}, 30_000)

async function hasTasks(path: string): Promise<boolean> {
  try {
    using database = new Database(path, { readonly: true })
    return database.query('select 1 from tasks limit 1').get() !== null
  } catch {
    // The file or the table does not exist yet, or is locked.
    return false
  }
}
