import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import postgres from 'postgres'
import { createPostgresArchive } from '../../adapters/postgres/archive.ts'
import type { Pool } from '../../adapters/postgres/connection/pool.ts'
import { createPostgresMaintenance } from '../../adapters/postgres/maintenance.ts'
import { createPostgresRepository } from '../../adapters/postgres/repository.ts'
import { createFeedWatch } from '../../adapters/postgres/watch.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import type { Owner } from '../../core/owner.ts'
import { ARCHIVE_SECTIONS, type TaskArchive, type TaskRepository } from '../../core/ports.ts'
import { searchFor } from '../../core/search.ts'
import { SORTS } from '../../core/sorting.ts'
import type { Write } from '../../core/writes.ts'
import { after, BOTTOM, before, createCaller, TOP, writing } from '../conformance/stores/caller.ts'
import {
  ann,
  idNumber,
  listId,
  owned,
  ownerNamed,
  second,
  taskNumber,
} from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { openExplained, type PlanNode } from './explain.ts'
import { openMigrated } from './open.ts'

// The plans of all statements, as the server reports them when it runs them, on tables that are large enough
// to show a wrong one.

setDefaultTimeout(60_000)

const TASKS = 60_000
const OWN_TASKS = 10_000
const LISTS = 40_000
const OWN_LISTS = 8

let database: TestDatabase
let sql: postgres.Sql
let pool: Pick<Pool, 'run' | 'transaction'>
let nodesOf: (call: () => Promise<unknown>) => Promise<PlanNode[]>
let repository: TaskRepository
let archive: TaskArchive
let created = 1_000_000

beforeAll(async () => {
  database = await createDatabase()
  const store = await openMigrated(database.url)
  await store.close()
  ;({ sql, pool, nodesOf } = await openExplained(database.url))
  repository = createPostgresRepository({ pool, newEpoch, onWrite: () => {}, timeoutMs: 60_000 })
  archive = createPostgresArchive(pool, newEpoch, 5000)
  await sql.unsafe(`
    alter table tasks set (autovacuum_enabled = off);
    alter table lists set (autovacuum_enabled = off);
    alter table owners set (autovacuum_enabled = off);
    alter table remembered_calls set (autovacuum_enabled = off);
    set plan_cache_mode = force_generic_plan`)
  // Prepares every statement, and plans it for empty tables.
  const early = ownerNamed('early')
  await createCaller(repository, early).create(1)
  for (const [, call] of calls) await call(early)
  // From another session, whose own plans do not matter.
  const filler = postgres(database.url, { max: 1, fetch_types: false })
  await filler.unsafe(`
    insert into tasks (
      user_id, id, text, folded, sequence, "order", completed, created_at, updated_at, deleted_at, erased,
      list_id, parent_id)
    select
      case when n <= ${OWN_TASKS} then 'ann' else 'owner ' || n % 1000 end,
      ${asUuid('n')}, 'task ' || n, 'task ' || n, n,
      n * 16, n % 2 = 0, '2026-01-01T00:00Z'::timestamptz + n * interval '1 s',
      '2026-02-01T00:00Z'::timestamptz - n * interval '1 s',
      case when n % 4 = 0 then '2026-03-01T00:00Z'::timestamptz + n * interval '1 s' end, n % 8 = 0,
      case when n % 10 = 1 then ${asUuid('n % 8 + 16711680')} end,
      case when n % 10 = 2 then ${asUuid('n - 1')} end
    from generate_series(1, ${TASKS}) n;
    insert into lists
    select case when n <= ${OWN_LISTS} then 'ann' else 'owner ' || n % 1000 end,
      ${asUuid('n + 16711680')}, 'list ' || n, null, n * 16, 1, '2026-01-01T00:00Z',
      '2026-01-01T00:00Z', case when n % 4 = 0 then '2026-02-01T00:00Z'::timestamptz end, n
    from generate_series(1, ${LISTS}) n;
    insert into owners (user_id, epoch, sequence, live, top)
    select user_id, 'x', max(sequence), count(*) filter (where deleted_at is null), min("order")
    from tasks group by 1
    on conflict (user_id) do update
    set sequence = excluded.sequence, live = excluded.live, top = excluded.top;
    insert into remembered_calls
    select user_id, id, 'f', '2026-01-01T00:00Z'::timestamptz + sequence * interval '1 s', '[]'
    from tasks where user_id <> 'early'`)
  await filler.end()
})

/** The id of a number, like `idNumber`. */
function asUuid(number: string): string {
  return `('00000000-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`
}

afterAll(async () => {
  await sql.end()
  await database.drop()
})

const { create, patch, remove, restore, erase, move } = writing
const { createList, patchList, moveList, removeList } = writing
const KEY = { fingerprint: 'f', rememberedSince: second(0) }

const lists: number[] = []

function nextList(): number {
  lists.push(created++)
  return created - 1
}

/** One call of each kind that requests make, by an owner. */
const calls: [name: string, call: (owner: Owner) => Promise<unknown>][] = [
  ['get', (owner) => repository.get(owner, idNumber(7))],
  ['revision', (owner) => repository.revision(owner)],
  ['the feed from the start', (owner) => repository.changes(owner, null, 5)],
  [
    'the feed from a position',
    (owner) =>
      repository.changes(
        owner,
        { epoch: 'x', sequence: 5000, kind: 'task', id: idNumber(1), since: 9 },
        5,
      ),
  ],
  ['watching the feed', watchOnce],
  ...SORTS.flatMap((sort) =>
    [null, positionIn(sort)].flatMap((position) =>
      [
        { name: 'all', query: {} },
        { name: 'the completed', query: { completed: true } },
        { name: 'the trash', query: { deleted: true } },
        { name: 'a search', query: { search: searchFor('task 77') } },
        { name: 'a list', query: { list: listId(1) } },
        {
          name: 'every filter',
          query: {
            list: listId(1),
            parent: idNumber(1),
            tags: ['a'],
            priorities: ['high'],
            due: { after: '2026-01-01', before: null },
            search: searchFor('task 77'),
          },
        } as const,
      ].map(({ name, query }): (typeof calls)[number] => [
        `list ${name} by ${sort}${position ? ' from a position' : ''}`,
        (owner) =>
          createCaller(repository, owner).list({ ...query, sort, after: position, limit: 20 }),
      ]),
    ),
  ),
  ['the lists', (owner) => repository.lists(owner)],
  ['one list', (owner) => repository.getList(owner, listId(1))],
  ['list without a limit', (owner) => createCaller(repository, owner).list({})],
  ...Object.entries({
    create: () => [create(created++)],
    'patch text': () => [patch(1, { text: `task ${created++}` })],
    'patch a missing task': () => [patch(999_999, { text: 'x' })],
    'move to the top': () => [move(3, TOP)],
    'move to the bottom': () => [move(3, BOTTOM)],
    'move before a task': () => [move(5, before(9))],
    'move after a task': () => [move(5, after(6001))],
    delete: () => [remove(6)],
    restore: () => [restore(6)],
    'delete permanently': () => [erase(created - 1)],
    'create in a list': () => [create(created++, 'task', { list_id: listId(1) })],
    'create of a subtask': () => [create(created++, 'task', { parent_id: idNumber(11) })],
    'patch to another list': () => [patch(21, { list_id: listId(created++ % 3 ? 2 : 3) })],
    'patch to another parent': () => [patch(22, { parent_id: idNumber(33), list_id: null })],
    'delete with subtasks': () => [remove(31)],
    'restore with subtasks': () => [restore(31)],
    'clear completed': () => [{ op: 'clear_completed', permanent: false, limit: 2 }],
    'create a list': () => [createList(nextList())],
    'patch a list': () => [patchList(1, { name: `list ${created++}` })],
    'move a list': () => [moveList(1, before(0xff_0000 + 5))],
    'delete a list': () => [removeList(lists.pop() ?? 0)],
    batch: () => [create(created++), patch(1, { text: `more ${created++}` }), remove(created - 2)],
  } satisfies Record<string, () => Write[]>).flatMap(([name, writes]): typeof calls => [
    [name, (owner) => createCaller(repository, owner).send(writes(), { atomic: true })],
    [
      `${name} with a key`,
      (owner) =>
        createCaller(repository, owner).send(writes(), {
          retry: { ...KEY, key: `key ${created++}` },
        }),
    ],
  ]),
  [
    'a group of owners',
    (owner) =>
      Promise.all(
        [owner, ownerNamed('owner 7'), ownerNamed('owner 8')].map((one) =>
          createCaller(repository, one).create(created++),
        ),
      ),
  ],
  ['import', (owner) => archive.add(owned(owner, [taskNumber(created++)]))],
  ...ARCHIVE_SECTIONS.map((section): (typeof calls)[number] => [
    `export of the ${section} of an owner`,
    (owner) => archive.read(section, owner, { user_id: owner, id: idNumber(9) }),
  ]),
]

function positionIn(sort: (typeof SORTS)[number]) {
  const creation = '2026-01-01T01:20:00.000000Z'
  const update = '2026-01-31T22:40:00.000000Z'
  const keys = {
    '-created_at': creation,
    created_at: creation,
    '-updated_at': update,
    updated_at: update,
    order: `${OWN_TASKS * 8}`,
    due: '2026-02-01',
    priority: '2',
  }
  return { key: keys[sort], id: idNumber(1) }
}

async function watchOnce(owner: Owner): Promise<void> {
  const read = Promise.withResolvers<void>()
  const feed = createFeedWatch(
    {
      run: async (statement, values) => {
        const rows = await pool.run(statement, values)
        read.resolve()
        // The caller's type of the rows.
        return rows as never
      },
    },
    ({ onOpen }) => {
      setImmediate(onOpen)
      return async () => {}
    },
  )
  const end = feed.watch(owner, () => {})
  await read.promise
  end()
  await feed.close()
}

const EMPTY = 'planned when the tables were empty'

const modes = [
  {
    name: EMPTY,
    prepare: 'set plan_cache_mode = force_generic_plan',
  },
  {
    name: 'planned for any values',
    prepare: 'analyze; set plan_cache_mode = force_generic_plan',
  },
  { name: 'planned for their values', prepare: 'analyze; set plan_cache_mode = force_custom_plan' },
]

describe.each(modes)('statements $name', ({ name: mode, prepare }) => {
  beforeAll(async () => {
    await sql.unsafe(prepare)
  })

  test.each(calls)('reach every row by the key of the owner: %s', async (_, call) => {
    const nodes = await nodesOf(() => call(ann))
    const scans = nodes.filter(
      (node) => node['Relation Name'] && !node['Node Type'].startsWith('Bitmap'),
    )
    expect(scans.filter((node) => node['Node Type'] === 'Seq Scan')).toStrictEqual([])
    const indexScans = nodes.filter((node) => node['Index Name'])
    expect(indexScans).not.toBeEmpty()
    expect(indexScans.filter(isOutsideOwner)).toStrictEqual([])
  })

  // Before it knows any rows, PostgreSQL may read all completed tasks of the owner and sort them.
  const maySort = (name: string) => mode === EMPTY && name.startsWith('clear completed')

  test.each(
    calls.filter(
      ([name]) => !/^(list|export|the feed|the lists|delete a list)/.test(name) && !maySort(name),
    ),
  )('touch few rows: %s', async (name, call) => {
    const nodes = await nodesOf(() => call(ann))
    // Creating and moving a list reads all lists of the owner, of which these tests create some dozens.
    const most = name.includes(' a list') ? 60 : 30
    for (const node of nodes) expect(node['Actual Rows'] ?? 0).toBeLessThanOrEqual(most)
  })

  test.each([
    ['-created_at', null],
    ['created_at', positionIn('created_at')],
  ] as const)('read a page by creation in the order of its index: %s', async (sort, position) => {
    const nodes = await nodesOf(() =>
      createCaller(repository, ann).list({ sort, after: position, limit: 20 }),
    )
    for (const node of nodes) expect(node['Actual Rows'] ?? 0).toBeLessThanOrEqual(21)
  })
})

/** Whether a scan is not limited to an owner by its index. */
function isOutsideOwner({ 'Index Cond': condition = '' }: PlanNode): boolean {
  return !/\(user_id\)?(::text)? = /.test(condition.replace('(user_id)', 'user_id'))
}

describe('statements for all owners', () => {
  beforeAll(async () => {
    await sql.unsafe('analyze; set plan_cache_mode = force_generic_plan')
  })

  test('read one batch by the times at which to purge it', async () => {
    const nodes = await nodesOf(() =>
      createPostgresMaintenance(pool).run({
        deleted: '2026-03-01T01:00:00.000Z',
        retries: '2026-01-01T01:00:00.000Z',
      }),
    )
    expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan')).toStrictEqual([])
    for (const node of nodes) expect(node['Actual Rows'] ?? 0).toBeLessThanOrEqual(300)
    const indexes = new Set(nodes.flatMap((node) => node['Index Name'] ?? []))
    expect([...indexes].sort()).toEqual([
      'lists_deleted',
      'lists_pkey',
      'owners_pkey',
      'remembered_calls_made_at',
      'remembered_calls_pkey',
      'tasks_deleted',
      'tasks_pkey',
    ])
  })

  test('read a page of the export by the key', async () => {
    for (const position of [null, { user_id: ann, id: idNumber(9) }]) {
      const nodes = await nodesOf(() => archive.read('tasks', null, position))
      for (const node of nodes) expect(node['Actual Rows'] ?? 0).toBeLessThanOrEqual(500)
    }
  })
})
