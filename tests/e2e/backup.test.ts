import { Database } from 'bun:sqlite'
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { exists, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { directoryPerTest, stopCleanly } from '../support/process.ts'
import { createCommandLine } from './command-line.ts'

// Starts several processes, possibly on a busy machine.
setDefaultTimeout(30_000)

const directory = directoryPerTest()
const { at, send, start, taskport } = createCommandLine(directory)

describe('taskport backup', () => {
  test('copies a consistent state while the service writes', async () => {
    await using service = await start()
    let isCopying = true
    let written = 0
    async function write() {
      for (; isCopying; written++) {
        const operations = [1, 2].map(() => ({ op: 'create', body: { text: `${written}` } }))
        const body = { operations, atomic: true }
        const response = await send(service, '/tasks/batch', { method: 'POST', body })
        expect(response.status).toBe(200)
      }
    }
    const copying = taskport(['backup', 'backup.db']).finally(() => {
      isCopying = false
    })
    const [{ exitCode }] = await Promise.all([copying, write()])
    expect(exitCode).toBe(0)
    await stopCleanly(service)
    using copy = new Database(at('backup.db'), { readonly: true })
    const rows = copy.query<{ text: string; count: number }, []>(
      'select text, count(*) as count from tasks group by text',
    )
    const all = rows.all()
    expect(all.length).toBeGreaterThan(0)
    expect(all.length).toBeLessThan(written)
    expect(all.filter(({ count }) => count !== 2)).toStrictEqual([])
    expect((await stat(at('backup.db'))).mode).toBe((await stat(at('tasks.db'))).mode)
  })

  test('never overwrites a file', async () => {
    await taskport(['migrate'])
    for (const [name, text] of [
      ['backup.db', ''],
      ['tasks.db', null],
      ['backup.db.partial', 'half'],
    ] as const) {
      if (text !== null) await writeFile(at(name), text)
      const before = await readFile(at(name))
      const { exitCode, stderr } = await taskport(['backup', name.replace('.partial', '')])
      expect(exitCode).toBe(1)
      expect(stderr).toContain(`${at(name)} exists`)
      expect(await readFile(at(name))).toStrictEqual(before)
      if (text !== null) await rm(at(name))
    }
  })

  test('does not overwrite a file that appears while it copies', async () => {
    await taskport(['migrate'])
    await taskport(['backup', 'first.db'])
    using writer = new Database(at('first.db'))
    writer.run('begin exclusive')
    const copying = taskport(['backup', 'second.db'], 'sqlite:first.db')
    while (!(await exists(at('second.db.partial')))) await Bun.sleep(1)
    await writeFile(at('second.db'), 'of another program')
    writer.run('commit')
    const { exitCode, stderr } = await copying
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`${at('second.db')} exists and is not overwritten`)
    expect(await readFile(at('second.db'), 'utf8')).toBe('of another program')
    expect(await exists(at('second.db.partial'))).toBe(false)
  })

  test('leaves no file when the database is damaged', async () => {
    await taskport(['migrate'])
    const { size } = await stat(at('tasks.db'))
    await truncate(at('tasks.db'), size - 4096)
    const { exitCode, stderr } = await taskport(['backup', 'backup.db'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`${at('tasks.db')} `)
    expect(stderr).not.toContain('    at ')
    expect(await readdir(directory.path)).not.toContain('backup.db')
    expect(await readdir(directory.path)).not.toContain('backup.db.partial')
  })

  test('says what is wrong with its arguments and the configuration', async () => {
    const missing = await taskport(['backup', 'backup.db'])
    expect(missing).toMatchObject({ exitCode: 1, stderr: `There is no file ${at('tasks.db')}\n` })
    expect(await readdir(directory.path)).toStrictEqual([])
    for (const args of [['backup'], ['backup', 'a', 'b']])
      expect((await taskport(args)).stderr).toStartWith('Usage: taskport backup FILE')
    const memory = await taskport(['backup', 'backup.db'], 'memory:')
    expect(memory.exitCode).toBe(1)
    expect(memory.stderr).toContain('memory of the service only')
    await taskport(['migrate'])
    const nowhere = await taskport(['backup', 'missing/backup.db'])
    expect(nowhere.exitCode).toBe(1)
    expect(nowhere.stderr).toContain(`missing/backup.db.partial cannot be written`)
  })

  test('prints JSON with --json', async () => {
    await taskport(['migrate'])
    const { stdout } = await taskport(['backup', 'backup.db', '--json'])
    const { size } = await stat(at('backup.db'))
    expect(JSON.parse(stdout)).toStrictEqual({ file: at('backup.db'), bytes: size })
  })

  test('prints the pg_dump command for PostgreSQL, without the password', async () => {
    for (const [url, command] of [
      [
        'postgres://ann:hunter2@db:5433/tasks',
        'pg_dump --format=custom --file=a.dump postgresql://ann@db:5433/tasks',
      ],
      [
        'postgresql+asyncpg://a%40b:hunter2@db1,db2:5433/my%20tasks?connect_timeout=3&ssl=true&search_path=app',
        `pg_dump --format=custom --file=a.dump --schema=app 'postgresql://a%40b@db1:5432,db2:5433/my%20tasks?target_session_attrs=read-write&sslmode=verify-full&sslrootcert=system'`,
      ],
      [
        'postgres://ann@/tasks?host=/run/postgresql',
        `pg_dump --format=custom --file=a.dump 'postgresql://ann@/tasks?host=%2Frun%2Fpostgresql&port=5432'`,
      ],
    ] as const) {
      const { exitCode, stdout, stderr } = await taskport(['backup', 'a.dump'], url)
      expect({ exitCode, stdout }).toStrictEqual({ exitCode: 1, stdout: '' })
      expect(stderr).toContain(`\n  ${command}\n`)
      expect(stderr).not.toContain('hunter2')
    }
    expect(await readdir(directory.path)).toStrictEqual([])
  })
})
