import { Database } from 'bun:sqlite'
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import {
  chmod,
  chown,
  copyFile,
  exists,
  link,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { spawn } from 'bun'
import { readCountedLists } from '../http/answers.ts'
import { LISTENING } from '../support/admin.ts'
import { migrationLines } from '../support/migrations.ts'
import { directoryPerTest, startService, stopCleanly } from '../support/process.ts'
import { createCommandLine } from './command-line.ts'

// Starts several processes, possibly on a busy machine.
setDefaultTimeout(30_000)

// Any user but root.
const OTHER_USER = 65_534

const directory = directoryPerTest()
const { at, create, environmentOf, send, start, taskport, texts } = createCommandLine(directory)

describe('taskport restore', () => {
  /** A database with one task, and its backup. */
  async function prepare(text = 'kept'): Promise<void> {
    await using service = await start()
    await create(service, text)
    await stopCleanly(service)
    expect(await taskport(['backup', 'backup.db'])).toMatchObject({ exitCode: 0 })
  }

  test('changes nothing without --yes', async () => {
    await prepare()
    const before = await readdir(directory.path)
    const { exitCode, stdout } = await taskport(['restore', 'backup.db'])
    expect(exitCode).toBe(2)
    expect(stdout).toBe(
      `This would replace ${at('tasks.db')} by ${at('backup.db')}. Nothing was changed: add --yes to restore.\n`,
    )
    const json = await taskport(['restore', 'backup.db', '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ restored: false })
    const missing = await taskport(['restore', 'missing.db'])
    expect(missing).toMatchObject({ exitCode: 1, stderr: `There is no file ${at('missing.db')}\n` })
    expect(await readdir(directory.path)).toStrictEqual(before)
  })

  test('refuses while a service has the file open, and works after it was killed', async () => {
    await prepare()
    await using service = await start()
    const refused = await taskport(['restore', 'backup.db', '--yes'])
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain(`A process has ${at('tasks.db')} open. Stop the service`)
    expect(await texts(service)).toStrictEqual(['kept'])
    await create(service, 'after')
    await service.stop('SIGKILL')
    expect(await readdir(directory.path)).toContain('tasks.db-wal')
    const restored = await taskport(['restore', 'backup.db', '--yes', '--json'])
    const { former, ...rest } = JSON.parse(restored.stdout)
    expect(rest).toStrictEqual({
      file: at('backup.db'),
      database: at('tasks.db'),
      restored: true,
      users: 1,
    })
    // It has what was only in the log.
    using file = new Database(former, { readonly: true })
    expect(file.query('select text from tasks order by id').values()).toStrictEqual([
      ['kept'],
      ['after'],
    ])
    await using again = await start()
    expect(await texts(again)).toStrictEqual(['kept'])
  })

  test('keeps a starting service from the file until it is restored', async () => {
    await prepare()
    using reader = new Database(at('backup.db'))
    reader.run('begin exclusive')
    // Waits for the backup, and holds the lock of the database meanwhile.
    const restoring = taskport(['restore', 'backup.db', '--yes'])
    while (!(await exists(at('tasks.db.restoring')))) await Bun.sleep(1)
    await using service = await startService(
      { directory: directory.path, environment: environmentOf() },
      LISTENING,
    )
    expect((await service.send('/health')).status).toBe(503)
    reader.run("update tasks set text = 'restored'")
    reader.run('commit')
    expect((await restoring).exitCode).toBe(0)
    await service.waitForOutput(/"msg":"Serving"/)
    expect(await texts(service)).toStrictEqual(['restored'])
    await create(service, 'new')
    expect(await texts(service)).toStrictEqual(['restored', 'new'])
  })

  test('restores where there is no database yet, and through a symbolic link', async () => {
    await prepare()
    await rm(at('tasks.db'))
    const fresh = await taskport(['restore', 'backup.db', '--yes'], 'sqlite:new/tasks.db')
    expect(fresh.exitCode).toBe(0)
    expect(fresh.stdout).not.toContain('former')
    await symlink('new/tasks.db', at('tasks.db'))
    expect(await taskport(['restore', 'backup.db', '--yes'])).toMatchObject({ exitCode: 0 })
    expect((await readdir(at('new'))).length).toBe(2)
    await using service = await start()
    expect(await texts(service)).toStrictEqual(['kept'])
  })

  test('keeps the owner and the mode of the file', async () => {
    await prepare()
    const { uid, gid } = await stat(at('tasks.db'))
    // Only root can give a file away.
    const owner = uid === 0 ? OTHER_USER : uid
    await chown(at('tasks.db'), owner, gid)
    await chmod(at('tasks.db'), 0o600)
    await chmod(at('backup.db'), 0o644)
    expect(await taskport(['restore', 'backup.db', '--yes'])).toMatchObject({ exitCode: 0 })
    const restored = await stat(at('tasks.db'))
    expect({ owner: restored.uid, mode: restored.mode & 0o777 }).toStrictEqual({
      owner,
      mode: 0o600,
    })
  })

  test('replaces a damaged file', async () => {
    await prepare()
    await writeFile(at('tasks.db'), 'x'.repeat(10_000))
    const { exitCode, stdout } = await taskport(['restore', 'backup.db', '--yes', '--json'])
    expect(exitCode).toBe(0)
    const { former } = JSON.parse(stdout)
    expect((await readFile(former, 'utf8')).slice(0, 3)).toBe('xxx')
    await using service = await start()
    expect(await texts(service)).toStrictEqual(['kept'])
  })

  test('applies the migrations of a backup of an older version', async () => {
    const schema = join(import.meta.dir, '../../adapters/sqlite/migrations/0001_schema.sql')
    {
      const sql = await readFile(schema, 'utf8')
      using old = new Database(at('old.db'))
      old.run(sql)
      old.run(
        'create table taskport_migrations (name text primary key, checksum text, applied_at text)',
      )
      old
        .query("insert into taskport_migrations values ('0001_schema.sql', ?, '')")
        .run(new Bun.CryptoHasher('sha256').update(sql).digest('hex'))
      old.run("insert into owners values ('ann', 'e', 1, 0, 1, 0)")
      old.run(
        `insert into tasks values ('ann', '00000000-0000-7000-8000-000000000001', 'old', 0, 0, 1,
          '2026-01-31T00:00:00.000Z', '2026-01-31T00:00:00.000Z', null, null, 1, 0, 'old')`,
      )
    }
    const { exitCode, stderr } = await taskport(['restore', 'old.db', '--yes'])
    expect(exitCode).toBe(0)
    const applied = migrationLines('applied').split('\n').slice(1).join('\n')
    expect(stderr).toEndWith(applied)
    await using service = await start()
    expect(await texts(service)).toStrictEqual(['old'])
    expect(await readCountedLists(await send(service, '/lists'))).toMatchObject({ count: 0 })
  })

  test.each<[string, (path: string) => Promise<unknown>, string]>([
    ['a text', (path) => writeFile(path, 'tasks '.repeat(1000)), 'is not an SQLite database'],
    ['an empty file', (path) => writeFile(path, ''), 'is not a database of Taskport'],
    [
      'a database of another program',
      async (path) => {
        using other = new Database(path)
        other.run('create table tasks (id)')
      },
      'is not a database of Taskport',
    ],
    [
      'a backup of a newer version',
      async (path) => {
        await copyFile(at('backup.db'), path)
        using newer = new Database(path)
        newer.run("insert into taskport_migrations values ('9999_newer.sql', 'x', 'now')")
      },
      'is of a newer version of Taskport, which has the migration 9999_newer.sql',
    ],
    [
      'a damaged backup',
      async (path) => {
        await copyFile(at('backup.db'), path)
        await truncate(path, (await stat(path)).size - 4096)
      },
      'bad.db ',
    ],
    ['the database itself', (path) => link(at('tasks.db'), path), 'is the database itself'],
    ['a missing file', async () => {}, 'There is no file'],
  ])('refuses %s and changes nothing', async (_, make, words) => {
    await prepare()
    await make(at('bad.db'))
    const { exitCode, stderr } = await taskport(['restore', 'bad.db', '--yes'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain(words)
    expect(stderr).not.toContain('    at ')
    const names = (await readdir(directory.path)).filter((name) => name !== 'bad.db')
    expect(names.toSorted()).toStrictEqual(['backup.db', 'tasks.db'])
    await using service = await start()
    expect(await texts(service)).toStrictEqual(['kept'])
  })

  test('refuses a missing database with a log that would be added to the restored one', async () => {
    await prepare()
    await rm(at('tasks.db'))
    await writeFile(at('tasks.db-wal'), 'x')
    const { exitCode, stderr } = await taskport(['restore', 'backup.db', '--yes'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`${at('tasks.db-wal')} is there`)
    expect(await exists(at('tasks.db'))).toBe(false)
  })

  test('finishes after a restore that was killed', async () => {
    await prepare()
    {
      using reader = new Database(at('backup.db'))
      reader.run('begin exclusive')
      const main = join(import.meta.dir, '../../app/main.ts')
      const { PATH, HOME } = process.env
      const killed = spawn([process.execPath, main, 'restore', 'backup.db', '--yes'], {
        cwd: directory.path,
        env: { PATH, HOME, ...environmentOf() },
        stdio: ['ignore', 'ignore', 'ignore'],
      })
      while (!(await exists(at('tasks.db.restoring')))) await Bun.sleep(1)
      killed.kill('SIGKILL')
      await killed.exited
    }
    expect(await taskport(['restore', 'backup.db', '--yes'])).toMatchObject({ exitCode: 0 })
    await using service = await start()
    expect(await texts(service)).toStrictEqual(['kept'])
  })

  test('prints the commands for PostgreSQL, and refuses the memory store', async () => {
    const postgres = await taskport(['restore', 'a.dump'], 'postgres://ann:hunter2@db/tasks')
    expect(postgres).toMatchObject({ exitCode: 1, stdout: '' })
    expect(postgres.stderr).toContain(
      '\n  pg_restore --clean --if-exists --no-owner --single-transaction --dbname=postgresql://ann@db:5432/tasks a.dump\n  taskport migrate\n  taskport feeds renew\n',
    )
    expect(postgres.stderr).not.toContain('hunter2')
    const memory = await taskport(['restore', 'a.db'], 'memory:')
    expect(memory.exitCode).toBe(1)
    expect(memory.stderr).toContain('memory of the service only')
  })
})
