import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test'
import postgres from 'postgres'
import { openLane } from '../../adapters/postgres/connection/lane.ts'
import { createPool, type Pool } from '../../adapters/postgres/connection/pool.ts'
import { INTEGER, TEXT } from '../../adapters/postgres/connection/statement.ts'
import { parsePostgresUrl } from '../../adapters/postgres/connection/url.ts'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { migrate } from '../../app/migrations.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { ann } from '../conformance/stores/store.ts'
import { expectLocksReleased } from '../postgres/freeze.ts'
import { createCounter } from '../postgres/load.ts'
import { type PgBouncer, startPgBouncer } from '../support/pgbouncer.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'

setDefaultTimeout(60_000)

const OPTIONS = { timeoutMs: 10_000, prepare: 'auto', newEpoch } as const

const LOCK = { text: 'select value from counters where name = $1 for update', types: [TEXT] }
const WRITE = { text: 'update counters set value = $2 where name = $1', types: [TEXT, INTEGER] }
const BACKEND = { text: 'select pg_backend_pid() as pid', types: [] }

interface Counter {
  readonly value: number
}

let database: TestDatabase
let administrator: postgres.Sql
let bouncer: PgBouncer

beforeAll(async () => {
  database = await createDatabase()
  administrator = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} })
  await administrator`create table counters (name text primary key, value integer not null)`
  bouncer = await startPgBouncer(database.url)
})

afterAll(async () => {
  await bouncer.stop()
  await administrator.end()
  await database.drop()
})

beforeEach(async () => {
  await administrator`truncate counters`
  await administrator`insert into counters values ('a', 1)`
})

function open({ max }: { readonly max: number }): Pool {
  const target = parsePostgresUrl(bouncer.through(database.url))
  return createPool((onClose) => openLane(target, { ...OPTIONS, onClose }), { ...OPTIONS, max })
}

async function counter(): Promise<number | undefined> {
  const [row] = await administrator<Counter[]>`select value from counters`
  return row?.value
}

test('loses no update when transactions outnumber the server connections', async () => {
  const pooled = open({ max: 8 })
  const pids = new Set<number>()
  const increment = () =>
    pooled.transaction(async ({ send, sendAndCommit }) => {
      const [[locked], [first]] = await Promise.all([
        send<Counter>(LOCK, ['a']),
        send<{ pid: number }>(BACKEND, []),
      ])
      const [last] = await send<{ pid: number }>(BACKEND, [])
      expect(last?.pid).toBe(first?.pid ?? expect.unreachable())
      pids.add(Number(last?.pid))
      await sendAndCommit(WRITE, ['a', `${Number(locked?.value) + 1}`])
    })
  await Promise.all(Array.from({ length: 60 }, increment))
  expect(await counter()).toBe(61)
  expect(pids.size).toBeGreaterThan(1)
  await pooled.close()
})

test('leaves no setting of a transaction behind', async () => {
  const pooled = open({ max: 1 })
  const setting = {
    text: `
      select current_setting('jit') as jit,
        current_setting('idle_in_transaction_session_timeout') as idle`,
    types: [],
  }
  const outside = await pooled.run(setting, [])
  const inside = await pooled.transaction(({ send }) => send(setting, []))
  expect(inside[0]).toMatchObject({ jit: 'off' })
  expect(inside[0]?.['idle']).not.toBe(outside[0]?.['idle'] ?? expect.unreachable())
  expect(await pooled.run(setting, [])).toEqual(outside)
  await pooled.close()
})

test('releases its locks when its process freezes', () =>
  expectLocksReleased(bouncer.through(database.url), administrator))

test('listens for notifications only when a direct URL is set', async () => {
  const writer = openPostgres({ ...OPTIONS, url: database.url, directUrl: null, poolMax: 1 })
  await migrate(writer.migrations, () => {})
  const { create } = createCaller(writer.repository, ann)
  const listeners = async () => {
    const rows = await administrator`
      select from pg_stat_activity
      where datname = current_database() and query in ('listen taskport', 'select 1')`
    return rows.length
  }
  for (const [directUrl, expected] of [
    [null, 0],
    [database.url, 1],
  ] as const) {
    const url = bouncer.through(database.url)
    const store = openPostgres({ ...OPTIONS, url, directUrl, poolMax: 3 })
    const { count, more } = createCounter()
    const first = more(1)
    store.watch.watch(ann, count)
    await first
    const reported = more(1)
    await create(expected)
    await reported
    expect(await listeners()).toBe(expected)
    await store.close()
  }
  await writer.close()
})

describe('search_path', () => {
  async function refusal(url: string, directUrl: string | null) {
    const store = openPostgres({ ...OPTIONS, url, directUrl, poolMax: 1 })
    const error = await migrate(store.migrations, () => {}).catch((thrown) => thrown)
    await store.close()
    expect(error).toMatchObject({ name: 'OperatorError' })
    return error.message
  }

  test.each(['search_path=app', 'options=-c%20search_path%3Dapp'])(
    'is refused with a sentence when the pooler refuses %s',
    async (parameter) => {
      await administrator`create schema if not exists app`
      const url = `${bouncer.through(database.url)}?${parameter}`
      for (const directUrl of [null, `${database.url}?${parameter}`])
        expect(await refusal(url, directUrl)).toMatch(
          /^DATABASE_URL: The connection pooler refuses a parameter of the URL \(unsupported startup parameter.*alter role/,
        )
    },
  )

  test.each(['search_path=app', 'options=-c%20search_path%3Dapp'])(
    'is refused with a sentence when the pooler ignores %s',
    async (parameter) => {
      await administrator`create schema if not exists app`
      const ignoring = await startPgBouncer(database.url, [
        'ignore_startup_parameters = search_path, options',
      ])
      try {
        expect(await refusal(`${ignoring.through(database.url)}?${parameter}`, null)).toStartWith(
          'DATABASE_URL: The connection pooler ignores search_path=app.',
        )
      } finally {
        await ignoring.stop()
      }
    },
  )

  test('of the role is honored through the pooler', async () => {
    const role = 'taskport_app'
    await administrator.unsafe(`
      create schema if not exists app;
      create role ${role} superuser login password 'secret';
      alter role ${role} set search_path = app`)
    const direct = new URL(database.url)
    direct.username = role
    const own = await startPgBouncer(direct.href)
    const url = own.through(direct.href)
    const store = openPostgres({ ...OPTIONS, url, directUrl: null, poolMax: 3 })
    try {
      await migrate(store.migrations, () => {})
      await createCaller(store.repository, ann).create(1, 'in app')
      const rows = await administrator`select text from app.tasks`
      expect([...rows]).toStrictEqual([{ text: 'in app' }])
    } finally {
      await store.close()
      await own.stop()
      await administrator.unsafe(`
        select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}';
        drop schema app cascade; drop owned by ${role}; drop role ${role}`)
    }
  })
})
