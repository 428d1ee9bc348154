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
import type { openPostgres } from '../../adapters/postgres/store.ts'
import type { FeedPosition } from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import { EVERYTHING } from '../../core/query.ts'
import { searchFor } from '../../core/search.ts'
import { DEFAULTS } from '../../core/task.ts'
import { type Caller, createCaller, TOP } from '../conformance/stores/caller.ts'
import { runMaintenance } from '../conformance/stores/maintenance.ts'
import {
  ann,
  bob,
  idNumber,
  listId,
  owned,
  ownerNamed,
  second,
  taskNumber,
} from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { sessionWaits } from './locks.ts'
import { openMigrated } from './open.ts'
import { createPythonTable, PYTHON_TABLES } from './python-table.ts'

// What other programs do to the table: the Python service, or a person with psql.

setDefaultTimeout(60_000)

const tables = [
  { name: 'a fresh table', prepare: async () => {} },
  {
    name: 'a table of the Python service',
    prepare: (sql: postgres.Sql) =>
      createPythonTable(sql, PYTHON_TABLES[1] ?? expect.unreachable()),
  },
]

describe.each(tables)('when other programs write to $name', ({ prepare }) => {
  let database: TestDatabase
  let store: ReturnType<typeof openPostgres>
  let others: postgres.Sql
  let caller: Caller

  beforeAll(async () => {
    database = await createDatabase()
    await withoutDeadlockDetection(database)
    others = postgres(database.url, { max: 8, fetch_types: false, onnotice: () => {} })
    await prepare(others)
    store = await openMigrated(database.url, { foreignWriters: true })
  })

  afterAll(async () => {
    await store.close()
    await others.end()
    await database.drop()
  })

  beforeEach(async () => {
    await others`truncate tasks, lists`
    caller = createCaller(store.repository, ann)
  })

  // Whatever a test did, the rows of the owners must agree with the tasks.
  afterEach(async () => {
    const wrong = await others`
      select user_id, live, sequence, top from owners where
        live <> (select count(*) from tasks
          where tasks.user_id = owners.user_id and deleted_at is null)
        or sequence < (select max(sequence) from tasks where tasks.user_id = owners.user_id)
        or top > (select min("order") from tasks
          where tasks.user_id = owners.user_id and not erased)`
    expect([...wrong]).toBeEmpty()
    const ahead = await others`
      select id from lists left join owners using (user_id)
      where lists.sequence > coalesce(owners.sequence, 0)`
    expect([...ahead]).toBeEmpty()
    const unnumbered = await others`
      select id from tasks where sequence is null or user_id not in (select user_id from owners)`
    expect([...unnumbered]).toBeEmpty()
    await runMaintenance(store.maintenance, {})
    const unfolded = await others`select id from tasks where folded is null`
    expect([...unfolded]).toBeEmpty()
  })

  async function positionOf(owner: Owner): Promise<FeedPosition> {
    const page = await store.repository.changes(owner, null, 1000)
    return page?.next ?? expect.unreachable()
  }

  async function found(text: string): Promise<string[]> {
    await runMaintenance(store.maintenance, {})
    const { tasks } = await caller.list({ search: searchFor(text) })
    return tasks.map(({ id }) => id)
  }

  function insert(n: number, text: string, sql: postgres.ISql = others) {
    return sql`insert into tasks (id, user_id, text) values (${idNumber(n)}, 'ann', ${text})`
  }

  test('lists an inserted task on top, counts it, and adds it to the feed and to searches', async () => {
    await caller.create(1)
    const position = await positionOf(ann)
    const revision = await caller.revision()
    expect((await insert(2, 'from Python')).count).toBe(1)
    await insert(3, 'and more')
    expect(await caller.inOrder()).toEqual([3, 2, 1])
    expect((await caller.list()).count).toBe(3)
    expect(await caller.revision()).not.toBe(revision)
    const page = await caller.changes(position)
    expect(page?.changes.map((change) => change.type === 'upsert' && change.task.text)).toEqual([
      'from Python',
      'and more',
    ])
    expect(await found('PYTH')).toEqual([idNumber(2)])
    expect(await caller.create(4)).toMatchObject({ order: -3072 })
  })

  test('lists an inserted task on top when the table has columns with the names of parameters', async () => {
    await others`alter table tasks add column owner_id text, add column task_id uuid`
    await insert(1, 'first')
    await insert(2, 'second')
    expect(await caller.inOrder()).toEqual([2, 1])
    await others`alter table tasks drop column owner_id, drop column task_id`
  })

  test('raises the version of a changed task, adds it to the feed, and finds only its new text', async () => {
    await caller.create(1, 'old words')
    const position = await positionOf(ann)
    const result = await others`
      update tasks set text = 'new words', completed = true, updated_at = now()
      where id = ${idNumber(1)} and user_id = 'ann'`
    expect(result.count).toBe(1)
    expect(await caller.get(1)).toMatchObject({ version: 2, text: 'new words', completed: true })
    const page = await caller.changes(position)
    expect(page?.changes).toMatchObject([{ type: 'upsert', task: { version: 2 } }])
    expect(await found('OLD')).toEqual([])
    expect(await found('NEW')).toEqual([idNumber(1)])
  })

  test('finds a task by a description that another program writes, and by its tags', async () => {
    await caller.add(1, { description: 'old words', tags: ['errand'] })
    await others`
      insert into tasks (id, user_id, text, description)
      values (${idNumber(2)}, 'ann', 'inserted', 'new words')`
    await others`update tasks set description = 'new words' where id = ${idNumber(1)}`
    expect(await caller.get(1)).toMatchObject({ version: 2, description: 'new words' })
    expect(await caller.get(2)).toMatchObject({ ...DEFAULTS, description: 'new words' })
    expect(await found('OLD')).toEqual([])
    expect(await found('NEW')).toEqual([2, 1].map(idNumber))
    expect(await found('errand new')).toEqual([idNumber(1)])
    await others`update tasks set description = null where user_id = 'ann'`
    expect(await found('NEW')).toEqual([])
    expect(await found('errand')).toEqual([idNumber(1)])
  })

  test('reads an empty description as none', async () => {
    await caller.create(1)
    await others`update tasks set description = '' where user_id = 'ann'`
    expect(await caller.get(1)).toMatchObject({ version: 2, description: null })
  })

  test('changes nothing when a row is updated to the same values', async () => {
    await caller.create(1)
    const revision = await caller.revision()
    await others`update tasks set text = text, completed = completed where user_id = 'ann'`
    expect(await caller.revision()).toBe(revision)
  })

  test('does not count a deleted task, and sends readers of the feed back to the start', async () => {
    await caller.create(1, 'gone')
    await caller.create(2)
    const position = await positionOf(ann)
    expect((await others`delete from tasks where id = ${idNumber(1)}`).count).toBe(1)
    expect((await caller.list()).count).toBe(1)
    expect(await caller.changes(position)).toBeNull()
    expect((await caller.changes(null))?.changes).toHaveLength(1)
    expect(await found('GONE')).toEqual([])
  })

  test('keeps the trash and tombstones right when their rows are changed or deleted', async () => {
    await caller.create(1)
    await caller.create(2)
    await caller.remove(1)
    await caller.erase(2)
    const position = await positionOf(ann)
    await others`
      update tasks set text = 'rewritten', description = 'rewritten' where user_id = 'ann'`
    expect(await caller.trash()).toMatchObject([{ text: 'rewritten' }])
    expect([...(await others`select text, description from tasks where erased`)]).toEqual([
      { text: '', description: null },
    ])
    await others`delete from tasks where user_id = 'ann'`
    expect(await caller.changes(position)).toBeNull()
    expect((await caller.list()).count).toBe(0)
  })

  test('starts new feeds when the table is truncated', async () => {
    await caller.create(1, 'gone')
    const position = await positionOf(ann)
    await others`truncate tasks`
    expect(await caller.list()).toMatchObject({ tasks: [], count: 0 })
    expect(await caller.changes(position)).toBeNull()
    await caller.create(2)
    expect(await caller.changes(position)).toBeNull()
    expect(await found('GONE')).toEqual([])
  })

  test('keeps lists, in the new feeds too, when the table is truncated', async () => {
    for (const n of [1, 2]) await caller.createList(n)
    await caller.removeList(2)
    await caller.add(1, { list_id: listId(1) })
    await caller.patchList(1, { name: 'new' })
    await others`truncate tasks`
    expect(await caller.lists()).toMatchObject([{ id: listId(1), open: 0 }])
    const snapshot = await caller.changes(null)
    expect(snapshot?.changes).toMatchObject([{ type: 'list', list: { id: listId(1) } }])
    await caller.add(2, { list_id: listId(1) })
    const page = await caller.changes(snapshot?.next ?? null)
    expect(page?.changes).toMatchObject([{ task: { list_id: listId(1) } }])
  })

  test('counts a task once when an insert meets a task with its id', async () => {
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

  test('takes up many tasks of one transaction, and several writes to one task', async () => {
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

  test('counts right when one transaction writes a row several times', async () => {
    await caller.create(1)
    await others.begin(async (sql) => {
      await insert(2, 'trashed at once', sql)
      await sql`update tasks set deleted_at = now() where id = ${idNumber(2)}`
      await insert(3, 'moved twice', sql)
      await sql`update tasks set user_id = 'bob' where id = ${idNumber(3)}`
      await sql`update tasks set user_id = 'carol' where id = ${idNumber(3)}`
      await sql`update tasks set user_id = 'bob' where id = ${idNumber(1)}`
      await sql`update tasks set user_id = 'carol', text = 'moved too' where id = ${idNumber(1)}`
      await insert(4, 'gone', sql)
      await sql`delete from tasks where id = ${idNumber(4)}`
    })
    expect(await caller.list()).toMatchObject({ tasks: [], count: 0 })
    expect(await caller.trash()).toMatchObject([{ text: 'trashed at once' }])
    expect((await store.repository.list(bob, EVERYTHING)).count).toBe(0)
    expect((await store.repository.list(ownerNamed('carol'), EVERYTHING)).count).toBe(2)
  })

  test('reports the old and the new id when the id of a task changes', async () => {
    await caller.create(1, 'same')
    const position = await positionOf(ann)
    await others`update tasks set id = ${idNumber(2)} where id = ${idNumber(1)}`
    expect(await caller.changes(position)).toBeNull()
    expect(await caller.numbers()).toStrictEqual([2])
    expect(await caller.get(1)).toBeNull()
  })

  test('moves a task in and out of the trash when deleted_at changes', async () => {
    await caller.create(1)
    await others`update tasks set deleted_at = now() where user_id = 'ann'`
    expect(await caller.list()).toMatchObject({ tasks: [], count: 0 })
    expect(await caller.restore(1)).toMatchObject({ version: 3 })
    await caller.remove(1)
    await others`update tasks set deleted_at = null where user_id = 'ann'`
    expect(await caller.list()).toMatchObject({ tasks: [{ version: 5 }], count: 1 })
  })

  test('keeps the feed when an archived task replaces a tombstone', async () => {
    await caller.create(1)
    await caller.erase(1)
    const position = await positionOf(ann)
    await store.archive.add(owned(ann, [taskNumber(1)]))
    expect(await caller.changes(position)).toMatchObject({ changes: [{ task: { version: 1 } }] })
  })

  test('notifies listeners when another program writes', async () => {
    await caller.create(1)
    const notified = Promise.withResolvers<void>()
    const end = store.watch.watch(ann, () => {
      void caller.get(2).then((task) => task && notified.resolve())
    })
    await insert(2, 'from Python')
    await notified.promise
    end()
  })

  test('changes nothing when the other transaction rolls back', async () => {
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

  test('moves a task to another owner when its user_id changes', async () => {
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

  test('works for a role that has rights to tasks alone and another search_path', async () => {
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
      await expect(session`select from public.owners`.execute()).rejects.toThrow(
        'permission denied',
      )
    } finally {
      await session.end()
      await others.unsafe(`drop owned by ${role}; drop role ${role}`)
    }
  })

  test('keeps every number right while the service and other programs write at once', async () => {
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

  test('writes other tasks of the owner while another transaction holds one of them', async () => {
    for (const n of [1, 2]) await caller.create(n)
    await others.begin(async (sql) => {
      await sql`update tasks set text = 'theirs' where id = ${idNumber(1)}`
      await insert(3, 'theirs', sql)
      await caller.create(4)
      await caller.patch(2, { text: 'ours' })
      await caller.move(2, TOP)
    })
    expect(await caller.inOrder()).toEqual([3, 2, 4, 1])
  })

  test('writes other tasks while a write waits for a task that another transaction holds', async () => {
    for (const n of [1, 2]) await caller.create(n)
    const held = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const theirs = others.begin(async (sql) => {
      await sql`update tasks set text = 'theirs' where id = ${idNumber(1)}`
      held.resolve()
      await release.promise
    })
    await held.promise
    const waiting = caller.patch(1, { completed: true })
    await sessionWaits(others)
    await caller.create(3)
    await caller.patch(2, { text: 'ours' })
    await createCaller(store.repository, bob).create(1)
    expect(Bun.peek.status(waiting)).toBe('pending')
    release.resolve()
    await theirs
    expect(await waiting).toMatchObject({ text: 'theirs', completed: true, version: 3 })
  })

  test('lets another transaction commit while a write waits for one of its tasks', async () => {
    const done: Promise<unknown>[] = []
    await caller.create(1)
    await others.begin(async (sql) => {
      await sql`update tasks set text = 'theirs' where id = ${idNumber(1)}`
      const waiting = caller.patch(1, { completed: true })
      await sessionWaits(others)
      // Takes the owner's row, which the write holds while it waits.
      await sql`set constraints all immediate`
      expect(Bun.peek.status(waiting)).toBe('pending')
      done.push(waiting)
    })
    expect(await Promise.all(done)).toMatchObject([{ text: 'theirs', version: 3 }])
  })

  test('purges what it can while another transaction holds a deleted task', async () => {
    for (const n of [1, 2]) {
      await caller.create(n)
      await caller.remove(n)
    }
    await others.begin(async (sql) => {
      await sql`select from tasks where id = ${idNumber(1)} for update`
      await runMaintenance(store.maintenance, { deleted: second(1000) })
      expect(await caller.trash()).toMatchObject([{ id: idNumber(1) }])
    })
    await runMaintenance(store.maintenance, { deleted: second(1000) })
    expect(await caller.trash()).toStrictEqual([])
  })

  /** Reads the feed during the test. `finish` returns the tasks that a reader of it has in the end. */
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

/** Turns off the server's own way out when transactions wait for each other: the service must have one. */
async function withoutDeadlockDetection({ url }: TestDatabase): Promise<void> {
  const sql = postgres(url, { max: 1, fetch_types: false })
  await sql.unsafe(`alter database ${new URL(url).pathname.slice(1)} set deadlock_timeout = '1h'`)
  await sql.end()
}
