import { Database } from 'bun:sqlite'
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readdir, writeFile } from 'node:fs/promises'
import { SQL } from 'bun'
import { VERSION_JUMP } from '../../core/ports.ts'
import { readTask } from '../http/answers.ts'
import { createDatabase } from '../support/postgres.ts'
import { directoryPerTest, stopCleanly } from '../support/process.ts'
import { createClientMemory, type Known } from './client-memory.ts'
import { createCommandLine } from './command-line.ts'

// Starts several processes, possibly on a busy machine.
setDefaultTimeout(30_000)

const directory = directoryPerTest()
const commandLine = createCommandLine(directory)
const { at, create, send, start, taskport, texts } = commandLine
const { expectForgotten, loseWrites } = createClientMemory(commandLine)

test('a restored SQLite file answers no cursor and no entity tag from before', async () => {
  let known: Known[]
  let id: string
  let listId: string
  {
    await using service = await start()
    id = await create(service, 'kept')
    listId = await create(service, 'home', '/lists')
    const backup = await taskport(['backup', 'backup.db'])
    expect(backup).toMatchObject({ exitCode: 0 })
    expect(backup.stdout).toMatch(/^wrote [\d.]+ kB to .*backup\.db\n$/)
    expect(backup.stderr).toMatch(/^copying .+ …\nchecking .+ …\n$/)
    known = await loseWrites(service, id, listId)
    await stopCleanly(service)
  }
  const { exitCode, stdout } = await taskport(['restore', 'backup.db', '--yes'])
  expect(exitCode).toBe(0)
  const former = /The former file is (.*\.before-restore-\d{8}T\d{6}Z)\./.exec(stdout)?.[1] ?? ''
  expect(stdout).toStartWith(`restored ${at('backup.db')}, with 1 users, to ${at('tasks.db')}\n`)
  {
    await using service = await start()
    await create(service, 'new')
    await send(service, `/tasks/${id}`, { method: 'PATCH', body: { text: 'kept, otherwise' } })
    await send(service, `/lists/${listId}`, { method: 'PATCH', body: { name: 'otherwise' } })
    for (const one of known) await expectForgotten(service, one)
    expect(await texts(service)).toStrictEqual(['kept, otherwise', 'new'])
    const { version } = await readTask(await send(service, `/tasks/${id}`))
    expect(version).toBe(VERSION_JUMP + 2)
    await stopCleanly(service)
  }
  {
    // The former file is a complete database.
    await using service = await start(`sqlite:${former}`)
    expect(await texts(service)).toStrictEqual(['kept, changed', 'lost'])
  }
  expect((await readdir(directory.path)).filter((name) => /restoring|partial/.test(name))).toEqual(
    [],
  )
})

test('a restored PostgreSQL database answers no cursor and no entity tag from before', async () => {
  const database = await createDatabase()
  const copy = new URL(database.url)
  copy.pathname += '_copy'
  await using sql = new SQL(new URL('/postgres', database.url).href, { max: 1 })
  let known: Known[]
  let id: string
  let listId: string
  {
    await using service = await start(database.url)
    id = await create(service, 'kept')
    listId = await create(service, 'home', '/lists')
    await stopCleanly(service)
  }
  // What `pg_dump` and `pg_restore` do together.
  const names = [copy, new URL(database.url)].map(({ pathname }) => pathname.slice(1))
  await sql.unsafe(`create database ${names.join(' template ')}`)
  {
    await using service = await start(database.url)
    known = await loseWrites(service, id, listId)
    await stopCleanly(service)
  }
  {
    await using service = await start(copy.href)
    expect(await taskport(['feeds', 'renew'], copy.href)).toStrictEqual({
      exitCode: 0,
      stdout: 'renewed the feeds of 1 users\n',
      stderr: '',
    })
    expect((await taskport(['feeds', 'renew', '--json'], copy.href)).stdout).toBe('{"users":1}\n')
    await create(service, 'new')
    await send(service, `/tasks/${id}`, { method: 'PATCH', body: { text: 'kept, otherwise' } })
    for (const one of known) await expectForgotten(service, one)
    expect(await texts(service)).toStrictEqual(['kept, otherwise', 'new'])
    await stopCleanly(service)
  }
  await sql.unsafe(`drop database ${copy.pathname.slice(1)} with (force)`)
  await database.drop()
})

describe('taskport feeds', () => {
  test('refuses unknown actions, the memory store, a missing file and a pending migration', async () => {
    for (const [args, url, words] of [
      [['feeds'], undefined, 'Usage: taskport feeds renew'],
      [['feeds', 'end'], undefined, 'Usage: taskport feeds renew'],
      [['feeds', 'renew'], 'memory:', 'memory of the service only'],
      [['feeds', 'renew'], undefined, 'There is no SQLite file'],
    ] as const) {
      const { exitCode, stderr } = await taskport(args, url)
      expect(exitCode).toBe(1)
      expect(stderr).toContain(words)
    }
    expect(await readdir(directory.path)).toStrictEqual([])
    new Database(at('tasks.db')).close()
    await writeFile(at('tasks.db'), '')
    const pending = await taskport(['feeds', 'renew'])
    expect(pending.stderr).toBe(
      'The database has pending migrations. Run `taskport migrate` first.\n',
    )
  })
})
