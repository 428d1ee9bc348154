import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { createCertificate } from '../support/certificate.ts'
import { SECRET } from '../support/config.ts'
import { startPgBouncer } from '../support/pgbouncer.ts'
import { freePort } from '../support/port.ts'
import { createDatabase, startCluster, type TestDatabase } from '../support/postgres.ts'
import { startPair } from '../support/postgres-pair.ts'
import { directoryPerTest } from '../support/process.ts'
import { diagnose, migrateAt } from './doctor-run.ts'

setDefaultTimeout(60_000)

const directory = directoryPerTest()

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

  test('is a problem if migrations are pending and the tables belong to another role', async () => {
    const [last] = await administrator.unsafe<{ name: string; checksum: string }[]>(
      `delete from taskport_migrations where name = (select max(name) from taskport_migrations)
        returning name, checksum`,
    )
    await administrator.unsafe(`grant create on schema public to ${role}`)
    const { exitCode, of } = await diagnose({ DATABASE_URL: as(role, 'hunter2') })
    await administrator.unsafe(
      `revoke create on schema public from ${role};
       insert into taskport_migrations values ('${last?.name}', '${last?.checksum}')`,
    )
    expect(exitCode).toBe(1)
    expect(of('store rights')).toMatchObject([
      { status: 'problem', found: expect.stringContaining('may not change the schema public') },
    ])
  })

  test('is a warning in production if another machine could pretend to be the server', async () => {
    const certificate = createCertificate('localhost')
    const cluster = await startCluster({ certificate, durable: false })
    const remote = await cluster.createDatabase()
    try {
      const ca = join(directory.path, 'ca.pem')
      await writeFile(ca, certificate.certificate)
      const production = { NODE_ENV: 'production', BETTER_AUTH_SECRET: SECRET }
      const check = async (host: string, parameters = '') =>
        (
          await diagnose({
            ...production,
            DATABASE_URL: remote.url.replace(/127\.0\.0\.1|localhost/, host) + parameters,
          })
        ).of('store encryption')
      // An address that does not look like this machine's.
      expect(await check('127.1')).toMatchObject([{ status: 'warning' }])
      expect(await check('127.1', '?sslmode=require')).toMatchObject([{ status: 'warning' }])
      expect(await check('127.1', `?sslmode=verify-ca&sslrootcert=${ca}`)).toMatchObject([
        { status: 'ok' },
      ])
      expect(await check('127.0.0.1')).toBeEmpty()
    } finally {
      await remote.drop()
      await cluster.remove()
    }
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
