import { expect, test } from 'bun:test'
import { exists } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../app/command-line.ts'
import { taskNumber } from '../conformance/stores/store.ts'
import { directoryPerTest } from '../support/process.ts'

const directory = directoryPerTest()
const at = (name: string) => join(directory.path, name)

/** Runs a command in this process. */
async function taskport(args: string[], url = `sqlite:${at('tasks.db')}`, input = '') {
  let [out, error] = ['', '']
  const exitCode = await run(args, {
    variables: { DATABASE_URL: url },
    addEnvFile() {},
    isTerminal: false,
    print: (text) => {
      out += text
    },
    write: async (text) => {
      out += text
    },
    async *input() {
      yield Buffer.from(input)
    },
    printError: (text) => {
      error += text
    },
    onStopSignal() {},
  })
  return { exitCode, out, error }
}

async function importTasks(user: string, ...numbers: number[]): Promise<void> {
  const lines = numbers.map((n) => `${JSON.stringify({ user_id: user, ...taskNumber(n) })}\n`)
  expect((await taskport(['import'], undefined, lines.join(''))).exitCode).toBe(0)
}

async function users(): Promise<unknown> {
  const { exitCode, out } = await taskport(['user', 'list', '--json'])
  expect(exitCode).toBe(0)
  return JSON.parse(out)
}

test('a restored backup has what was there when it was made', async () => {
  await importTasks('ann', 1, 2, 3)
  const before = await users()
  expect(await taskport(['backup', at('backup.db')])).toMatchObject({ exitCode: 0 })
  expect(await exists(at('backup.db'))).toBe(true)
  const again = await taskport(['backup', at('backup.db')])
  expect(again).toMatchObject({ exitCode: 1, error: expect.stringContaining('exists') })

  await importTasks('bob', 4)
  expect(await users()).not.toEqual(before)
  expect(await taskport(['restore', at('backup.db')])).toMatchObject({ exitCode: 2 })
  expect(await taskport(['restore', at('backup.db'), '--yes'])).toMatchObject({ exitCode: 0 })
  expect(await users()).toEqual(before)
  expect(await taskport(['feeds', 'renew', '--json'])).toMatchObject({ exitCode: 0 })
})

test('a deleted user is not listed any more', async () => {
  await importTasks('ann', 1, 2)
  await importTasks('bob', 3)
  expect((await taskport(['user', 'list', '--top', '1'])).out).toContain('ann')
  expect(await taskport(['user', 'delete', 'ann'])).toMatchObject({ exitCode: 2 })
  expect(await taskport(['user', 'delete', 'ann', '--yes', '--json'])).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('"tasks":2'),
  })
  const { out } = await taskport(['user', 'list'])
  expect(out).toContain('bob')
  expect(out).not.toContain('ann')
})

test.each([
  ['memory:', 'DATABASE_URL=memory:'],
  ['postgres://ann:secret@127.0.0.1:5432/tasks', 'pg_dump'],
])('backup of %s says what to do instead', async (url, advice) => {
  const { exitCode, out, error } = await taskport(['backup', at('backup.db')], url)
  expect(exitCode).toBe(1)
  expect(`${out}${error}`).toContain(advice)
  expect(`${out}${error}`).not.toContain('secret')
})
