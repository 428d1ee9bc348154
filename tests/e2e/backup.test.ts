import { Database } from 'bun:sqlite'
import { beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
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
import { SQL, spawn } from 'bun'
import { VERSION_JUMP } from '../../core/ports.ts'
import { readCountedLists, readItem, readList, readTask } from '../http/answers.ts'
import { readChanges } from '../http/feed-answers.ts'
import { LISTENING } from '../support/admin.ts'
import { bearer, SECRET } from '../support/config.ts'
import { migrationLines } from '../support/migrations.ts'
import { createDatabase } from '../support/postgres.ts'
import {
  directoryPerTest,
  runCommand,
  type ServiceProcess,
  startService,
  stopCleanly,
} from '../support/process.ts'

// Starts several processes, possibly on a busy machine.
setDefaultTimeout(30_000)

const NOBODY = 65_534

const directory = directoryPerTest()
let authorization: string

beforeAll(async () => {
  authorization = (await bearer('ann')).authorization
})

function environmentOf(url = 'sqlite:tasks.db') {
  return { DATABASE_URL: url, BETTER_AUTH_SECRET: SECRET, RATE_LIMIT_PER_MINUTE: '0' }
}

function start(url?: string): Promise<ServiceProcess> {
  return startService({ directory: directory.path, environment: environmentOf(url) })
}

function taskport(args: readonly string[], url?: string) {
  return runCommand(args, { directory: directory.path, environment: environmentOf(url) })
}

function at(name: string): string {
  return join(directory.path, name)
}

function send(
  service: ServiceProcess,
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: object; body?: object } = {},
): Promise<Response> {
  const json = body && { 'content-type': 'application/json' }
  return service.send(path, {
    method,
    headers: { authorization, ...json, ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
}

async function create(service: ServiceProcess, text: string, path = '/tasks') {
  const body = path === '/lists' ? { name: text } : { text }
  const response = await send(service, path, { method: 'POST', body })
  expect(response.status).toBe(201)
  return (await readItem(response)).id
}

async function texts(service: ServiceProcess): Promise<string[]> {
  const { tasks } = await readList(await send(service, '/tasks?sort=created_at'))
  return tasks.map(({ text }) => text)
}

/** What a client remembers: resources with their entity tags, and its cursor. */
async function remember(service: ServiceProcess, id: string, listId: string) {
  const paths = ['/tasks', `/tasks/${id}`, '/lists', `/lists/${listId}`]
  const tags = await Promise.all(
    paths.map(async (path) => {
      const tag = (await send(service, path)).headers.get('etag') ?? ''
      return [path, tag] as const
    }),
  )
  const { cursor } = await readChanges(await send(service, '/tasks/changes'))
  return { tags, cursor }
}

async function expectForgotten(
  service: ServiceProcess,
  { tags, cursor }: Awaited<ReturnType<typeof remember>>,
): Promise<void> {
  expect((await send(service, `/tasks/changes?cursor=${cursor}`)).status).toBe(410)
  for (const [path, tag] of tags) {
    expect(tag).toMatch(/^".+"$/)
    const again = await send(service, path, { headers: { 'if-none-match': tag } })
    expect({ path, status: again.status }).toStrictEqual({ path, status: 200 })
    if (!/[0-9a-f]{12}/.test(path)) continue
    const body = path.startsWith('/lists') ? { name: 'stale' } : { text: 'stale' }
    const headers = { 'if-match': tag }
    const change = await send(service, path, { method: 'PATCH', headers, body })
    expect({ path, status: change.status }).toStrictEqual({ path, status: 412 })
  }
}

/** Writes, remembers a state that is then lost, and returns what a client remembers of it. */
async function loseWrites(service: ServiceProcess, id: string, listId: string) {
  const before = await remember(service, id, listId)
  await create(service, 'lost')
  await send(service, `/tasks/${id}`, { method: 'PATCH', body: { text: 'kept, changed' } })
  await send(service, `/lists/${listId}`, { method: 'PATCH', body: { name: 'home, changed' } })
  return [before, await remember(service, id, listId)]
}

test('a restored SQLite file answers no cursor and no entity tag from before', async () => {
  let known: Awaited<ReturnType<typeof loseWrites>>
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
  let known: Awaited<ReturnType<typeof loseWrites>>
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
    const owner = uid === 0 ? NOBODY : uid
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
