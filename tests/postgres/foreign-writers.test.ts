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
import { openPostgres } from '../../adapters/postgres/store.ts'
import { migrate } from '../../app/migrations.ts'
import type { FeedPosition } from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import { EVERYTHING, SORTS } from '../../core/query.ts'
import { type Caller, createCaller } from '../conformance/stores/caller.ts'
import { ann, bob, idNumber, ownerNamed, second } from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { createPythonTable, PYTHON_TABLES } from './python-table.ts'

// What others do to the table: the Python service, an older version of this one, a person with psql.

setDefaultTimeout(60_000)

const LONG_AGO = { deleted: second(0), retries: second(0) }

const tables = [
  { name: 'a table of its own', prepare: async () => {} },
  {
    name: 'an adopted table',
    prepare: (sql: postgres.Sql) =>
      createPythonTable(sql, PYTHON_TABLES[1] ?? expect.unreachable()),
  },
]

describe.each(tables)('rows that others write to $name', ({ prepare }) => {
  let database: TestDatabase
  let store: ReturnType<typeof openPostgres>
  let others: postgres.Sql
  let caller: Caller

  beforeAll(async () => {
    database = await createDatabase()
    const { url } = database
    others = postgres(url, { max: 8, fetch_types: false, onnotice: () => {} })
    await prepare(others)
    store = openPostgres({ url, directUrl: null, poolMax: 4, timeoutMs: 10_000, prepare: 'auto' })
    await migrate(store.migrations, () => {})
  })

  afterAll(async () => {
    await store.close()
    await others.end()
    await database.drop()
  })

  beforeEach(async () => {
    await others`truncate tasks`
    caller = createCaller(store.repository, ann)
  })

  // Whatever a test did: the numbers that are kept of tasks are theirs.
  afterEach(async () => {
    const wrong = await others`
      select user_id, live, sequence from feeds where
        live <> (select count(*) from tasks
          where tasks.user_id = feeds.user_id and deleted_at is null)
        or sequence < (select max(sequence) from tasks where tasks.user_id = feeds.user_id)
        or top <> (select min("order") from tasks
          where tasks.user_id = feeds.user_id and not erased)`
    expect([...wrong]).toBeEmpty()
    const unnumbered = await others`
      select id from tasks where sequence is null or user_id not in (select user_id from feeds)`
    expect([...unnumbered]).toBeEmpty()
    const unindexed = await others`
      select id from tasks join feeds using (user_id) where feeds.indexed and not tasks.indexed`
    expect([...unindexed]).toBeEmpty()
    const words = await others`
      (select user_id, unnest(words) as word, id from tasks join feeds using (user_id)
        where feeds.indexed
        except table task_words)
      union all (table task_words
        except select user_id, unnest(words), id from tasks)`
    expect([...words]).toBeEmpty()
    const strayWords = await others`
      select user_id, word, id from task_words
      except select user_id, unnest(words), id from tasks`
    expect([...strayWords]).toBeEmpty()
  })

  async function positionOf(owner: Owner): Promise<FeedPosition> {
    const page = await store.repository.changes(owner, null, 1000)
    return page?.next ?? expect.unreachable()
  }

  async function found(text: string): Promise<string[]> {
    while (await store.upkeep.sweep(LONG_AGO));
    const { tasks } = await caller.list({ search: { words: [], prefix: text } })
    return tasks.map(({ id }) => id)
  }

  function insert(n: number, text: string, sql: postgres.ISql = others) {
    return sql`insert into tasks (id, user_id, text) values (${idNumber(n)}, 'ann', ${text})`
  }

  test('a new one is listed, on top, counted, told and found', async () => {
    await caller.create(1)
    const position = await positionOf(ann)
    const revision = await caller.revision()
    expect((await insert(2, 'from Python')).count).toBe(1)
    await insert(3, 'and more')
    expect(await caller.inOrder()).toEqual([3, 2, 1])
    expect((await caller.list()).count).toBe(3)
    expect(await caller.revision()).not.toBe(revision)
    const news = await caller.changes(position)
    expect(news?.changes.map((change) => change.type === 'upsert' && change.task.text)).toEqual([
      'from Python',
      'and more',
    ])
    expect(await found('PYTH')).toEqual([idNumber(2)])
    expect(await caller.create(4)).toMatchObject({ order: -3072 })
  })

  test('a changed one has a new version, is told and found by its new words alone', async () => {
    await caller.create(1, 'old words')
    const position = await positionOf(ann)
    const result = await others`
      update tasks set text = 'new words', completed = true, updated_at = now()
      where id = ${idNumber(1)} and user_id = 'ann'`
    expect(result.count).toBe(1)
    expect(await caller.get(1)).toMatchObject({ version: 2, text: 'new words', completed: true })
    const news = await caller.changes(position)
    expect(news?.changes).toMatchObject([{ type: 'upsert', task: { version: 2 } }])
    expect(await found('OLD')).toEqual([])
    expect(await found('NEW')).toEqual([idNumber(1)])
  })

  test('one that is written as it was is nothing new', async () => {
    await caller.create(1)
    const revision = await caller.revision()
    await others`update tasks set text = text, completed = completed where user_id = 'ann'`
    expect(await caller.revision()).toBe(revision)
  })

  test('a deleted one is no longer counted, and readers have to start again', async () => {
    await caller.create(1, 'gone')
    await caller.create(2)
    const position = await positionOf(ann)
    expect((await others`delete from tasks where id = ${idNumber(1)}`).count).toBe(1)
    expect((await caller.list()).count).toBe(1)
    expect(await caller.changes(position)).toBeNull()
    expect((await caller.changes(null))?.changes).toHaveLength(1)
    expect(await found('GONE')).toEqual([])
  })

  test('of those in the trash too', async () => {
    await caller.create(1)
    await caller.create(2)
    await caller.remove(1)
    await caller.erase(2)
    const position = await positionOf(ann)
    await others`update tasks set text = 'rewritten' where user_id = 'ann'`
    expect(await caller.trash()).toMatchObject([{ text: 'rewritten' }])
    expect([...(await others`select text from tasks where erased`)]).toEqual([{ text: '' }])
    await others`delete from tasks where user_id = 'ann'`
    expect(await caller.changes(position)).toBeNull()
    expect((await caller.list()).count).toBe(0)
  })

  test('an emptied table starts again', async () => {
    await caller.create(1, 'gone')
    const position = await positionOf(ann)
    await others`truncate tasks`
    expect(await caller.list()).toMatchObject({ tasks: [], count: 0 })
    expect(await caller.changes(position)).toBeNull()
    await caller.create(2)
    expect(await caller.changes(position)).toBeNull()
    expect(await found('GONE')).toEqual([])
  })

  test('those that are there already are left out or overwritten, and counted once', async () => {
    await caller.create(1)
    const again = await others`
      insert into tasks (id, user_id, text)
      values (${idNumber(1)}, 'ann', 'x'), (${idNumber(2)}, 'ann', 'y'), (${idNumber(2)}, 'ann', 'z')
      on conflict do nothing`
    expect(again.count).toBe(1)
    expect((await caller.list()).count).toBe(2)
    const over = await others`
      insert into tasks (id, user_id, text) values (${idNumber(1)}, 'ann', 'x')
      on conflict (user_id, id) do update set text = excluded.text`
    expect(over.count).toBe(1)
    expect(await caller.get(1)).toMatchObject({ version: 2, text: 'x' })
    expect((await caller.list()).count).toBe(2)
  })

  test('many in one transaction, and several writes of one', async () => {
    await others.begin(async (sql) => {
      await sql`
        insert into tasks (id, user_id, text)
        select gen_random_uuid(), 'owner ' || n % 3, 'many' from generate_series(1, 300) n`
      await insert(1, 'first', sql)
      await sql`update tasks set text = 'second' where id = ${idNumber(1)}`
      await sql`update tasks set text = 'third' where id = ${idNumber(1)}`
      await insert(2, 'gone', sql)
      await sql`delete from tasks where id = ${idNumber(2)}`
    })
    expect(await caller.list()).toMatchObject({ tasks: [{ text: 'third' }], count: 1 })
    const { tasks, count } = await store.repository.list(ownerNamed('owner 1'), {
      ...EVERYTHING,
      sort: 'order',
    })
    expect(count).toBe(100)
    expect(new Set(tasks.map(({ order }) => order)).size).toBe(100)
  })

  test('many are read by the indexes, once none of their owner is left out of them', async () => {
    const insertMany = () => others`
      insert into tasks (id, user_id, text)
      select gen_random_uuid(), 'ann', 'theirs ' || n from generate_series(1, 101) n`
    const isMany = async () => (await others`select indexed from feeds`)[0]?.['indexed']
    const expectAll = async (count: number) => {
      for (const sort of SORTS) expect((await caller.list({ sort })).tasks).toHaveLength(count)
      expect((await caller.changes(null, 500))?.changes).toHaveLength(count)
      expect(await found('THEIRS')).toHaveLength(101)
    }
    await insertMany()
    expect(await isMany()).toBe(true)
    await expectAll(101)

    await others`truncate tasks`
    await caller.create(1, 'ours')
    await insertMany()
    expect(await isMany()).toBe(false)
    await expectAll(102)
    await caller.create(2, 'ours')
    expect(await isMany()).toBe(true)
    await expectAll(103)
    expect(await found('OURS')).toHaveLength(2)
  })

  test('those of a transaction that is undone leave no trace', async () => {
    await caller.create(1)
    const revision = await caller.revision()
    const undone = others.begin(async (sql) => {
      await insert(2, 'x', sql)
      await sql`update tasks set text = 'x' where id = ${idNumber(1)}`
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await caller.revision()).toBe(revision)
  })

  test('one that goes to another owner leaves the first', async () => {
    await caller.create(1, 'moving')
    const position = await positionOf(ann)
    await others`update tasks set user_id = 'bob' where id = ${idNumber(1)}`
    expect(await caller.changes(position)).toBeNull()
    expect((await caller.list()).count).toBe(0)
    expect(await store.repository.list(bob, EVERYTHING)).toMatchObject({
      tasks: [{ text: 'moving' }],
      count: 1,
    })
  })

  test('by a role that knows of nothing else, and looks for tables elsewhere', async () => {
    const role = `others_${process.pid}`
    const url = new URL(database.url)
    await others.unsafe(`create role ${role} login password 'secret';
      grant select, insert, update, delete on tasks to ${role}`)
    url.username = role
    url.password = 'secret'
    const session = postgres(url.href, {
      max: 1,
      fetch_types: false,
      connection: { search_path: 'pg_catalog' },
    })
    try {
      await session`insert into public.tasks (id, user_id, text) values (${idNumber(1)}, 'ann', 'a')`
      await session`update public.tasks set text = 'b' where user_id = 'ann'`
      expect(await caller.get(1)).toMatchObject({ text: 'b', version: 2 })
      await session`delete from public.tasks where user_id = 'ann'`
      expect((await caller.list()).count).toBe(0)
      await expect(session`select from public.feeds`.execute()).rejects.toThrow('permission denied')
    } finally {
      await session.end()
      await others.unsafe(`drop owned by ${role}; drop role ${role}`)
    }
  })

  test('while this service writes: nobody fails, and every number is right', async () => {
    for (let n = 0; n < 10; n++) await caller.create(n)
    const position = await positionOf(ann)
    const seen = followFeed(position)
    await Promise.all([
      ...Array.from({ length: 4 }, async (_, racer) => {
        for (let n = 0; n < 25; n++) {
          const own = 100 * (racer + 1) + n
          await others.begin(async (sql) => {
            await insert(own, 'theirs', sql)
            await sql`update tasks set text = ${`theirs ${n}`} where id = ${idNumber(n % 10)}`
          })
        }
      }),
      ...Array.from({ length: 4 }, async (_, racer) => {
        for (let n = 0; n < 25; n++) {
          await caller.create(1000 * (racer + 1) + n)
          await caller.patch((n + racer) % 10, { completed: n % 2 === 0 })
          await caller.move(n % 10, { to: 'top' })
        }
      }),
    ])
    const { tasks, count } = await caller.list()
    expect(count).toBe(210)
    expect(tasks).toHaveLength(210)
    expect(await seen.finish()).toEqual(new Map(tasks.map((task) => [task.id, task])))
  })

  /** What a reader makes of the feed who reads it while it goes on. */
  function followFeed(from: FeedPosition) {
    const tasks = new Map<string, unknown>()
    let position = from
    let isOver = false
    async function read(): Promise<void> {
      const page = await caller.changes(position, 7)
      for (const change of page?.changes ?? expect.unreachable())
        if (change.type === 'upsert') tasks.set(change.task.id, change.task)
      position = page?.next ?? expect.unreachable()
    }
    const reading = (async () => {
      while (!isOver) await read()
    })()
    return {
      async finish() {
        isOver = true
        await reading
        let before: FeedPosition
        do {
          before = position
          await read()
        } while (before.sequence !== position.sequence || before.id !== position.id)
        return tasks
      },
    }
  }
})
