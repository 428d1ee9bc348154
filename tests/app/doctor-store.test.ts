import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { migrate } from '../../app/migrations.ts'
import { openStore } from '../../app/store.ts'
import { testConfig } from '../support/config.ts'
import { startPgBouncer } from '../support/pgbouncer.ts'
import { freePort } from '../support/port.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { startPair } from '../support/postgres-pair.ts'
import { directoryPerTest } from '../support/process.ts'
import { diagnose } from './doctor-run.ts'

setDefaultTimeout(60_000)

const directory = directoryPerTest()

async function migrateAt(url: string): Promise<void> {
  const store = await openStore(testConfig({ DATABASE_URL: url }))
  if (store.migrations) await migrate(store.migrations, () => {})
  await store.close()
}

describe('SQLite', () => {
  const path = () => join(directory.path, 'tasks.db')
  const check = () => diagnose({ DATABASE_URL: `sqlite:${path()}` })

  async function contents() {
    const names = await readdir(directory.path, { recursive: true })
    return Promise.all(
      names.map(async (name) => [name, await readFile(join(directory.path, name), 'base64')]),
    )
  }

  test('is a warning if the file is missing, and nothing is created', async () => {
    const { exitCode, of } = await diagnose({
      DATABASE_URL: `sqlite:${directory.path}/data/tasks.db`,
    })
    expect(exitCode).toBe(0)
    expect(of('store')).toMatchObject([
      { status: 'warning', found: `${directory.path}/data/tasks.db does not exist yet` },
    ])
    expect(of('store rights')).toMatchObject([{ status: 'ok' }])
    expect(of('migrations')).toBeEmpty()
    expect(await contents()).toBeEmpty()
  })

  test('is ok with all migrations, and nothing is changed', async () => {
    await migrateAt(`sqlite:${path()}`)
    const before = await contents()
    const { exitCode, of } = await check()
    expect(exitCode).toBe(0)
    expect(of('store')).toMatchObject([{ status: 'ok' }])
    expect(of('store encoding')).toMatchObject([{ status: 'ok', found: 'UTF-8' }])
    expect(of('store version')[0]?.found).toMatch(/^SQLite 3\.\d+/)
    expect(of('migrations')).toMatchObject([{ status: 'ok' }])
    expect(await contents()).toStrictEqual(before)
  })

  test('is a warning if migrations are pending, and none is applied', async () => {
    await writeFile(path(), '')
    const { exitCode, of } = await check()
    expect(exitCode).toBe(0)
    expect(of('migrations')).toMatchObject([
      { status: 'warning', found: expect.stringContaining('pending: 0001_schema.sql, 0002_') },
    ])
    expect(await contents()).toStrictEqual([['tasks.db', '']])
  })

  test('is read with the newest writes while another process serves it', async () => {
    await migrateAt(`sqlite:${path()}`)
    using other = new Database(path())
    other.run(`insert into taskport_migrations (name, checksum) values ('9999_next.sql', 'x')`)
    const names = (await readdir(directory.path)).sort()
    expect(names).toContain('tasks.db-wal')
    const { of } = await check()
    expect(of('migrations')).toMatchObject([
      { status: 'ok' },
      { status: 'warning', found: 'applied by a newer version: 9999_next.sql' },
    ])
    expect((await readdir(directory.path)).sort()).toStrictEqual(names)
  })

  test('is not read if its newest writes cannot be read without changing it', async () => {
    await migrateAt(`sqlite:${path()}`)
    using other = new Database(path())
    other.run('update taskport_migrations set checksum = checksum')
    const copy = join(directory.path, 'copy.db')
    await cp(path(), copy)
    await cp(`${path()}-wal`, `${copy}-wal`)
    const { exitCode, of } = await diagnose({ DATABASE_URL: `sqlite:${copy}` })
    expect(exitCode).toBe(0)
    expect(of('store')).toMatchObject([
      { status: 'warning', found: expect.stringContaining('copy.db-wal has writes') },
    ])
    expect(await readdir(directory.path)).not.toContain('copy.db-shm')
  })

  test('is a problem if a migration was changed after it was applied', async () => {
    await migrateAt(`sqlite:${path()}`)
    using other = new Database(path())
    other.run(`update taskport_migrations set checksum = 'x'`)
    const { exitCode, of } = await check()
    expect(exitCode).toBe(1)
    expect(of('migrations')).toMatchObject([
      { status: 'problem', found: expect.stringContaining('was changed after it was applied') },
    ])
  })

  test.each([
    ['is not a database', 'not a database', 'cannot be read: file is not a database'],
    ['is a directory', null, 'cannot be read'],
  ])('is a problem if the file %s', async (_, content, found) => {
    if (content === null) await Bun.$`mkdir ${path()}`
    else await writeFile(path(), content.repeat(100))
    const { exitCode, of } = await check()
    expect(exitCode).toBe(1)
    expect(of('store')).toMatchObject([{ status: 'problem' }])
    expect(of('store')[0]?.found).toContain(found)
    await rm(path(), { recursive: true })
  })
})

describe('PostgreSQL', () => {
  let database: TestDatabase
  let administrator: postgres.Sql
  const role = `doctor_${randomUUID().replaceAll('-', '')}`

  beforeAll(async () => {
    database = await createDatabase()
    administrator = postgres(database.url, { max: 1, fetch_types: false, onnotice() {} })
    await administrator.unsafe(`create role ${role} login password 'hunter2'`)
  })

  afterAll(async () => {
    await administrator.unsafe(`drop owned by ${role}; drop role ${role}`)
    await administrator.end()
    await database.drop()
  })

  function as(user: string, password: string): string {
    const url = new URL(database.url)
    url.username = user
    url.password = password
    return url.href
  }

  test('is a warning if migrations are pending and the role may apply them', async () => {
    const { exitCode, of } = await diagnose({ DATABASE_URL: database.url })
    expect(exitCode).toBe(0)
    expect(of('store')).toMatchObject([
      { status: 'ok', found: expect.stringMatching(/^PostgreSQL 18.* takes writes$/) },
    ])
    expect(of('store version')).toMatchObject([{ status: 'ok' }])
    expect(of('store encoding')).toMatchObject([{ status: 'ok', found: 'UTF8' }])
    expect(of('pooler')).toMatchObject([{ status: 'ok' }])
    expect(of('store rights')).toMatchObject([{ status: 'ok' }])
    expect(of('migrations')).toMatchObject([{ status: 'warning' }])
    const [row] = await administrator.unsafe(`select to_regclass('taskport_migrations') as name`)
    expect(row?.['name']).toBeNull()
  })

  test('is a problem if migrations are pending and the role may not apply them', async () => {
    const { exitCode, of } = await diagnose({ DATABASE_URL: as(role, 'hunter2') })
    expect(exitCode).toBe(1)
    expect(of('store rights')).toMatchObject([
      {
        status: 'problem',
        found: `migrations are pending, and the role ${role} may not change the schema public`,
      },
    ])
  })

  test('is a problem if the role lacks rights on any table', async () => {
    await migrateAt(database.url)
    const tables = await administrator.unsafe<{ name: string }[]>(
      `select tablename as name from pg_tables where schemaname = 'public'`,
    )
    const url = as(role, 'hunter2')
    await administrator.unsafe(`grant select on taskport_migrations to ${role}`)
    const { exitCode, of } = await diagnose({ DATABASE_URL: url })
    expect(exitCode).toBe(1)
    expect(of('migrations')).toMatchObject([{ status: 'ok' }])
    expect(of('store rights')).toHaveLength(1)
    for (const { name } of tables)
      if (name !== 'taskport_migrations')
        expect(of('store rights')[0]?.found).toContain(`insert on ${name}`)

    await administrator.unsafe(
      `grant select, insert, update, delete on all tables in schema public to ${role}`,
    )
    expect((await diagnose({ DATABASE_URL: url })).of('store rights')).toMatchObject([
      { status: 'ok', found: `the role ${role} has the rights that it needs` },
    ])
  })

  test('is a problem if the password is wrong, which is not printed', async () => {
    const { exitCode, output, of } = await diagnose({ DATABASE_URL: as(role, 'hunter3') })
    expect(exitCode).toBe(1)
    expect(of('store')).toMatchObject([
      { status: 'problem', found: expect.stringContaining('password authentication failed') },
    ])
    expect(output).not.toContain('hunter3')
  })

  test('is a problem if the role is read-only', async () => {
    await administrator.unsafe(`alter role ${role} set default_transaction_read_only = on`)
    const { exitCode, of } = await diagnose({ DATABASE_URL: as(role, 'hunter2') })
    await administrator.unsafe(`alter role ${role} reset default_transaction_read_only`)
    expect(exitCode).toBe(1)
    expect(of('store')).toMatchObject([
      { status: 'problem', found: expect.stringContaining('is read-only, and no other host') },
    ])
  })

  test('is a problem with another encoding', async () => {
    const url = new URL(database.url)
    url.pathname += '_latin1'
    const name = url.pathname.slice(1)
    await administrator.unsafe(
      `create database ${name} encoding 'LATIN1' template template0 locale 'C'`,
    )
    const { exitCode, of } = await diagnose({ DATABASE_URL: url.href })
    await administrator.unsafe(`drop database ${name} with (force)`)
    expect(exitCode).toBe(1)
    expect(of('store')).toMatchObject([
      { status: 'problem', found: expect.stringContaining('has the encoding LATIN1') },
    ])
  })

  test('says whether a pooler is in between', async () => {
    const pooler = await startPgBouncer(database.url)
    const DATABASE_URL = pooler.through(database.url)
    try {
      expect((await diagnose({ DATABASE_URL })).of('pooler')).toMatchObject([
        { status: 'warning', advice: expect.stringContaining('Set DATABASE_DIRECT_URL') },
      ])
      const direct = await diagnose({ DATABASE_URL, DATABASE_DIRECT_URL: database.url })
      expect(direct.of('pooler')).toMatchObject([{ status: 'ok' }])
      expect(direct.of('direct store')).toMatchObject([{ status: 'ok' }])
      const twice = await diagnose({ DATABASE_URL, DATABASE_DIRECT_URL: DATABASE_URL })
      expect(twice.of('pooler')).toMatchObject([
        { status: 'warning', found: 'DATABASE_DIRECT_URL leads through a pooler, too' },
      ])
    } finally {
      await pooler.stop()
    }
  })

  test('checks everything else while one of several servers and all others are silent', async () => {
    using silent = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
    const { host } = new URL(database.url)
    const silentHost = `127.0.0.1:${silent.port}`
    const { exitCode, of } = await diagnose({
      DATABASE_URL: database.url.replace(host, `${silentHost},${host}`),
      REDIS_URL: `redis://${silentHost}`,
      JWKS_URL: `http://${silentHost}/jwks`,
      RATE_LIMIT_PER_MINUTE: '600',
    })
    expect(exitCode).toBe(1)
    expect(of('store')).toMatchObject([
      {
        status: 'warning',
        found: `${silentHost} cannot be used: no answer within 5000 ms`,
      },
      { status: 'ok', found: expect.stringContaining(`at ${host} takes writes`) },
    ])
    expect(of('migrations')).toMatchObject([{ status: 'ok' }])
    expect(of('Redis')).toMatchObject([
      { status: 'problem', found: `${silentHost} cannot be used: no answer within 5000 ms` },
    ])
    expect(of('key set')).toMatchObject([{ status: 'problem' }])
    expect(of('CORS origins')).toMatchObject([{ status: 'ok' }])
  })

  test('is a problem if no server can be reached', async () => {
    const DATABASE_URL = `postgres://u:hunter2@127.0.0.1:${await freePort()}/tasks`
    const { exitCode, of, output } = await diagnose({ DATABASE_URL })
    expect(exitCode).toBe(1)
    expect(of('store')).toMatchObject([
      { status: 'problem', found: expect.stringContaining('ECONNREFUSED') },
    ])
    expect(output).not.toContain('hunter2')
  })

  test('says which of two servers takes writes', async () => {
    const pair = await startPair()
    try {
      const name = await pair.createDatabase()
      const [standby, primary] = [new URL(pair.replica().url), new URL(pair.primary().url)]
      standby.pathname = primary.pathname = name
      await migrateAt(primary.href)
      const DATABASE_URL = primary.href.replace(primary.host, `${standby.host},${primary.host}`)
      const { exitCode, of } = await diagnose({ DATABASE_URL })
      expect(exitCode).toBe(0)
      expect(of('store')).toMatchObject([
        { status: 'ok', found: expect.stringContaining(`at ${standby.host} is a standby`) },
        { status: 'ok', found: expect.stringContaining(`at ${primary.host} takes writes`) },
      ])
      expect(of('migrations')).toMatchObject([{ status: 'ok' }])
      const alone = await diagnose({ DATABASE_URL: standby.href })
      expect(alone.exitCode).toBe(1)
      expect(alone.of('store')).toMatchObject([
        { status: 'problem', advice: expect.stringContaining('Name the primary in DATABASE_URL') },
      ])
      expect(alone.of('migrations')).toMatchObject([{ status: 'ok' }])
    } finally {
      await pair.remove()
    }
  })
})
