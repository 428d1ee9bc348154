import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test'
import postgres from 'postgres'
import { isConflict, wasRefused } from '../../adapters/postgres/connection/errors.ts'
import { openLane } from '../../adapters/postgres/connection/lane.ts'
import { createPool, type Pool } from '../../adapters/postgres/connection/pool.ts'
import { INTEGER, TEXT } from '../../adapters/postgres/connection/statement.ts'
import { parsePostgresUrl } from '../../adapters/postgres/connection/url.ts'
import { type PostgresCluster, startCluster, type TestDatabase } from '../support/postgres.ts'
import { type FaultProxy, startProxy } from '../support/proxy.ts'
import { expectLocksReleased } from './freeze.ts'
import { createCounter } from './load.ts'
import { noSessionWaits } from './locks.ts'

setDefaultTimeout(60_000)

// Generous, since tests share the machine. Tests that wait for a limit set a shorter one.
const TIMEOUT_MS = 10_000
const unavailable = expect.objectContaining({ name: 'TaskportError', code: 'unavailable' })

const READ = { text: 'select value from counters where name = $1', types: [TEXT] }
const LOCK = { text: `${READ.text} for update`, types: [TEXT] }
const WRITE = {
  text: 'update counters set value = $2 where name = $1 returning value',
  types: [TEXT, INTEGER],
}
const INSERT = { text: 'insert into counters values ($1, 0)', types: [TEXT] }
const FAIL = { text: 'select 1 / $1', types: [INTEGER] }
const BACKEND = { text: 'select pg_backend_pid() as pid', types: [] }

interface Counter {
  readonly value: number
}

let cluster: PostgresCluster
let database: TestDatabase
let administrator: postgres.Sql
let proxy: FaultProxy
let pool: Pool

beforeAll(async () => {
  cluster = await startCluster()
  database = await cluster.createDatabase()
  administrator = postgres(database.url, { max: 1, fetch_types: false })
  await administrator`create table counters (name text primary key, value integer not null)`
  proxy = await startProxy(cluster.port)
})

afterAll(async () => {
  await administrator.end()
  await proxy.close()
  await cluster.remove()
})

beforeEach(async () => {
  await administrator`truncate counters`
  await administrator`insert into counters values ('a', 1), ('b', 1)`
  pool = open({ max: 1 })
  await pool.run(BACKEND, [])
})

afterEach(() => pool.close())

function open({
  max,
  url = proxied(),
  prepare = 'auto',
  timeoutMs = TIMEOUT_MS,
}: {
  readonly max: number
  readonly url?: string
  readonly prepare?: 'auto' | 'always' | 'never'
  readonly timeoutMs?: number
}): Pool {
  const target = parsePostgresUrl(url)
  return createPool((onClose) => openLane(target, { prepare, timeoutMs, onClose }), {
    max,
    timeoutMs,
  })
}

function proxied(): string {
  const url = new URL(database.url)
  url.port = `${proxy.port}`
  return url.href
}

async function counterOf(name: string): Promise<number | undefined> {
  const [row] = await administrator<Counter[]>`select value from counters where name = ${name}`
  return row?.value
}

async function backend(of: Pool): Promise<number | undefined> {
  const [row] = await of.run<{ pid: number }>(BACKEND, [])
  return row?.pid
}

describe.each(['always', 'never'] as const)('when statements are %s prepared', (prepare) => {
  beforeEach(async () => {
    await pool.close()
    pool = open({ max: 1, prepare })
    await pool.run(BACKEND, [])
  })

  async function roundTrips(call: () => Promise<unknown>): Promise<number> {
    const before = proxy.roundTrips()
    await call()
    return proxy.roundTrips() - before
  }

  test('takes two round trips to read and write, the first time too', async () => {
    const increment = () =>
      pool.transaction(async ({ send, sendAndCommit }) => {
        const [[a], [b]] = await Promise.all([
          send<Counter>(LOCK, ['a']),
          send<Counter>(LOCK, ['b']),
        ])
        const sum = Number(a?.value) + Number(b?.value)
        const [stored] = await sendAndCommit<Counter>(WRITE, ['a', `${sum}`])
        return stored?.value
      })
    expect(await roundTrips(increment)).toBe(2)
    expect(await roundTrips(increment)).toBe(2)
    expect(await counterOf('a')).toBe(3)
  })

  test('takes one round trip when nothing is read', async () => {
    const write = () => pool.transaction(({ sendAndCommit }) => sendAndCommit(WRITE, ['a', '5']))
    expect(await roundTrips(write)).toBe(1)
    expect(await counterOf('a')).toBe(5)
  })

  test('takes two round trips when nothing is stored', async () => {
    expect(await roundTrips(() => pool.transaction(({ send }) => send(LOCK, ['a'])))).toBe(2)
  })
})

test('commits when the work returns', async () => {
  const result = await pool.transaction(async ({ send }) => {
    await send(WRITE, ['a', '2'])
    await send(WRITE, ['b', '3'])
    return 'done'
  })
  expect(result).toBe('done')
  expect([await counterOf('a'), await counterOf('b')]).toEqual([2, 3])
})

test('is read committed when the default is another isolation level', async () => {
  const url = new URL(database.url)
  url.searchParams.set('options', '-c default_transaction_isolation=serializable')
  const strict = open({ max: 1, url: url.href })
  const isolation = { text: `select current_setting('transaction_isolation') as level`, types: [] }
  expect(await strict.run(isolation, [])).toMatchObject([{ level: 'serializable' }])
  expect(await strict.transaction(({ send }) => send(isolation, []))).toMatchObject([
    { level: 'read committed' },
  ])
  await strict.close()
})

test('reports nothing before the server has confirmed the commit', async () => {
  await administrator`create table parents (id integer primary key)`
  await administrator`
    create table children (parent integer references parents deferrable initially deferred)`
  const insert = { text: 'insert into children values (1) returning parent', types: [] }
  const refusal = expect.objectContaining({ code: '23503' })
  const withStatement = pool.transaction(async ({ sendAndCommit }) => {
    await expect(sendAndCommit(insert, [])).rejects.toEqual(refusal)
  })
  await expect(withStatement).rejects.toEqual(refusal)
  await expect(pool.transaction(({ send }) => send(insert, []))).rejects.toEqual(refusal)
})

describe('when a statement is refused', () => {
  const WORK: [string, Parameters<typeof pool.transaction>[0]][] = [
    [
      'alone',
      async ({ send }) => {
        await send(WRITE, ['a', '2'])
        await send(FAIL, ['0'])
      },
    ],
    ['with the commit', ({ sendAndCommit }) => sendAndCommit(FAIL, ['0'])],
    [
      'before another that goes out with the commit',
      async ({ send, sendAndCommit }) => {
        void send(FAIL, ['0'])
        await sendAndCommit(WRITE, ['a', '2'])
      },
    ],
    [
      'before another that the work waits for',
      async ({ send }) => {
        void send(FAIL, ['0'])
        await send(WRITE, ['a', '2'])
      },
    ],
    [
      'and the work ignores it',
      async ({ send }) => {
        await send(WRITE, ['a', '2'])
        await send(FAIL, ['0']).catch(() => {})
      },
    ],
    [
      'and the work does not wait for it',
      async ({ send }) => {
        void send(WRITE, ['a', '2'])
        void send(FAIL, ['0'])
      },
    ],
  ]

  test.each(WORK)('%s, rejects, stores nothing and keeps the connection', async (_, work) => {
    const before = await backend(pool)
    const error = await pool.transaction(work).catch((caught) => caught)
    expect(error).toMatchObject({ code: '22012' })
    expect(wasRefused(error)).toBe(true)
    expect(await counterOf('a')).toBe(1)
    expect(await backend(pool)).toBe(before)
  })
})

test('rolls back, keeps the connection and rethrows when the work throws', async () => {
  const before = await backend(pool)
  const thrown = new RangeError('not loaded')
  const call = pool.transaction(async ({ send }) => {
    void send(WRITE, ['a', '2'])
    throw thrown
  })
  await expect(call).rejects.toBe(thrown)
  expect(await counterOf('a')).toBe(1)
  expect(await backend(pool)).toBe(before)
})

test('refuses statements when the transaction has ended', async () => {
  let late: (() => Promise<unknown>) | undefined
  await pool.transaction(async ({ send, sendAndCommit }) => {
    late = () => send(WRITE, ['a', '9'])
    await sendAndCommit(WRITE, ['a', '2'])
    await expect(late()).rejects.toThrow('The transaction has ended')
  })
  await pool
    .transaction(async ({ send }) => {
      late = () => send(WRITE, ['a', '9'])
      throw new Error('stop')
    })
    .catch(() => {})
  await expect(late?.()).rejects.toThrow('The transaction has ended')
  expect(await counterOf('a')).toBe(2)
})

test('does not run a statement outside of the transaction when its plan is stale', async () => {
  const write = { text: 'update counters set value = 7 where name = $1 returning *', types: [TEXT] }
  const attempt = () => pool.transaction(({ sendAndCommit }) => sendAndCommit(write, ['a']))
  await attempt()
  await administrator`update counters set value = 1`
  await administrator`alter table counters add column note text`
  try {
    const error = await attempt().catch((caught) => caught)
    expect(isConflict(error)).toBe(true)
    // On the same connection, and so after everything that was sent before.
    expect(await pool.run<Counter>(READ, ['a'])).toMatchObject([{ value: 1 }])
    await attempt()
    expect(await counterOf('a')).toBe(7)
  } finally {
    await administrator`alter table counters drop column note`
  }
})

describe('conflicts', () => {
  test('include a row that another transaction has inserted', async () => {
    const error = await pool
      .transaction(({ sendAndCommit }) => sendAndCommit(INSERT, ['a']))
      .catch((caught) => caught)
    expect(isConflict(error)).toBe(true)
  })

  test('include transactions that wait for each other: the lock timeout ends one or both', async () => {
    const wide = open({ max: 2 })
    const bothLocked = Promise.withResolvers<void>()
    let locked = 0
    const lockBoth = (first: string, second: string) =>
      wide.transaction(async ({ send }) => {
        await send(LOCK, [first])
        if (++locked === 2) bothLocked.resolve()
        await bothLocked.promise
        await send(LOCK, [second])
      })
    const results = await Promise.allSettled([lockBoth('a', 'b'), lockBoth('b', 'a')])
    const errors = results.flatMap((result) => (result.status === 'rejected' ? result.reason : []))
    expect(errors).not.toBeEmpty()
    for (const error of errors) {
      expect(error).toEqual(unavailable)
      expect(isConflict(error)).toBe(true)
    }
    await wide.close()
  })

  test('include no other refusal', async () => {
    const error = await pool.run(FAIL, ['0']).catch((caught) => caught)
    expect(isConflict(error)).toBe(false)
  })
})

describe('within its time limit', () => {
  test('gives up a lock that another holds, on the server too', async () => {
    await administrator.begin(async (lock) => {
      await lock`select from counters where name = 'a' for update`
      const call = pool.transaction(
        async ({ send, sendAndCommit }) => {
          await send(LOCK, ['b'])
          await sendAndCommit(WRITE, ['a', '2'])
        },
        { deadline: performance.now() + 200 },
      )
      await expect(call).rejects.toEqual(unavailable)
      await noSessionWaits(lock)
    })
    expect(await counterOf('a')).toBe(1)
    await pool.run(LOCK, ['b'])
  })

  test('gives up work that does not go on, and its locks', async () => {
    let late: (() => Promise<unknown>) | undefined
    const call = pool.transaction(
      async ({ send }) => {
        await send(WRITE, ['a', '2'])
        late = () => send(WRITE, ['a', '3'])
        await new Promise(() => {})
      },
      { deadline: performance.now() + 1000 },
    )
    await expect(call).rejects.toEqual(unavailable)
    await administrator`select from counters where name = 'a' for update`
    await expect(late?.()).rejects.toEqual(unavailable)
    expect(await counterOf('a')).toBe(1)
  })

  test('gives up waiting for a connection', async () => {
    const done = Promise.withResolvers<void>()
    const holder = pool.transaction(() => done.promise)
    const deadline = performance.now() + 100
    await expect(pool.transaction(({ send }) => send(READ, ['a']), { deadline })).rejects.toEqual(
      unavailable,
    )
    await expect(pool.run(READ, ['a'], { deadline })).rejects.toEqual(unavailable)
    done.resolve()
    await holder
  })

  test('sends nothing when the limit has passed already', async () => {
    const before = proxy.roundTrips()
    const deadline = performance.now()
    await expect(pool.run(READ, ['a'], { deadline })).rejects.toEqual(unavailable)
    await expect(
      pool.transaction(({ sendAndCommit }) => sendAndCommit(WRITE, ['a', '2']), { deadline }),
    ).rejects.toEqual(unavailable)
    expect(proxy.roundTrips()).toBe(before)
  })

  test('gives up a server that stops answering', async () => {
    const call = pool.transaction(
      async ({ send, sendAndCommit }) => {
        await send(LOCK, ['a'])
        proxy.become('swallow')
        await sendAndCommit(WRITE, ['a', '2'])
      },
      { deadline: performance.now() + 500 },
    )
    await expect(call).rejects.toEqual(unavailable)
    proxy.become('pass')
    await pool.run(READ, ['a'])
  })
})

test('rejects, and discards the connection, when the server ends the session', async () => {
  const before = await backend(pool)
  const call = pool.transaction(async ({ send }) => {
    await send(WRITE, ['a', '2'])
    await administrator`select pg_terminate_backend(${Number(before)})`
    await send(WRITE, ['b', '2'])
  })
  await expect(call).rejects.toEqual(unavailable)
  expect(await backend(pool)).not.toBe(before)
  expect([await counterOf('a'), await counterOf('b')]).toEqual([1, 1])
})

test('loses no committed transaction when the server ends sessions under load', async () => {
  const busy = open({ max: 8, url: database.url })
  const names = Array.from({ length: 16 }, (_, n) => `worker ${n}`)
  for (const name of names) await administrator`insert into counters values (${name}, 0)`
  const successes = createCounter()
  let stopped = false

  async function work(name: string) {
    const possible = new Set([0])
    for (let value = 1; !stopped; value++) {
      possible.add(value)
      try {
        await busy.transaction(async ({ send, sendAndCommit }) => {
          await send(LOCK, [name])
          await sendAndCommit(WRITE, [name, `${value}`])
        })
        possible.clear()
        possible.add(value)
        successes.count()
      } catch (error) {
        expect(error).toEqual(unavailable)
      }
    }
    return { name, possible }
  }

  const workers = names.map(work)
  for (let round = 0; round < 10; round++) {
    await successes.more(100)
    await administrator`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`
  }
  await successes.more(100)
  stopped = true
  for (const { name, possible } of await Promise.all(workers))
    expect(possible.has(Number(await counterOf(name)))).toBe(true)
  await busy.close()
})

test('releases its locks when its process freezes', () =>
  expectLocksReleased(database.url, administrator))
