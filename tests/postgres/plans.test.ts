import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import postgres from 'postgres'
import { createPostgresArchive } from '../../adapters/postgres/archive.ts'
import type { Pool } from '../../adapters/postgres/connection/pool.ts'
import { send } from '../../adapters/postgres/connection/statement.ts'
import { createPostgresRepository } from '../../adapters/postgres/repository.ts'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { createPostgresUpkeep } from '../../adapters/postgres/upkeep.ts'
import { migrate } from '../../app/migrations.ts'
import type { TaskRepository } from '../../core/ports.ts'
import { EVERYTHING, type ListQuery, SORTS } from '../../core/query.ts'
import type { TaskWrite } from '../../core/writes.ts'
import { BOTTOM, before, TOP, writing } from '../conformance/stores/caller.ts'
import { ann, idNumber, second, taskNumber } from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'

// On a table with enough rows that a wrong index would show: those that statements use, be it inside of
// functions, as the server says itself.

setDefaultTimeout(60_000)

const TASKS = 60_000
const OWN_TASKS = 6000

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly Plans?: readonly PlanNode[]
}

let database: TestDatabase
let sql: postgres.Sql
let plans: PlanNode[] = []

beforeAll(async () => {
  database = await createDatabase()
  const { url } = database
  const store = openPostgres({
    url,
    directUrl: null,
    poolMax: 2,
    timeoutMs: 60_000,
    prepare: 'auto',
  })
  await migrate(store.migrations, () => {})
  await store.close()
  sql = postgres(url, {
    max: 1,
    fetch_types: false,
    onnotice: ({ message }) => {
      const [, plan] = /plan:\s*(\{.*\})/s.exec(`${message}`) ?? []
      if (plan) plans.push(JSON.parse(plan).Plan)
    },
  })
  await sql.unsafe(`
    insert into tasks (user_id, id, text, sequence, "order", completed, created_at, updated_at, deleted_at, erased, words)
    select
      case when n <= ${OWN_TASKS} then 'ann' else 'owner ' || n % 1000 end,
      ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'task ' || n, n, n * 16,
      n % 2 = 0, '2026-01-01T00:00Z'::timestamptz + n * interval '1 s', '2026-02-01T00:00Z'::timestamptz - n * interval '1 s',
      case when n % 4 = 0 then '2026-03-01T00:00Z'::timestamptz + n * interval '1 s' end, n % 8 = 0,
      case when n % 8 = 0 then '{}' else array['TASK', n::text] end
    from generate_series(1, ${TASKS}) n;
    insert into task_words (user_id, word, id) select user_id, unnest(words), id from tasks;
    insert into feeds (user_id, sequence, live, indexed)
    select user_id, max(sequence), count(*) filter (where deleted_at is null), count(*) > 100
    from tasks group by 1;
    insert into remembered_calls
    select user_id, id, 'f', '2026-01-01T00:00Z'::timestamptz + sequence * interval '1 s', '[]' from tasks;
    analyze;
    load 'auto_explain';
    set auto_explain.log_min_duration = 0;
    set auto_explain.log_nested_statements = on;
    set auto_explain.log_analyze = on;
    set auto_explain.log_timing = off;
    set auto_explain.log_format = json;
    set auto_explain.log_level = notice`)
})

afterAll(async () => {
  await sql.end()
  await database.drop()
})

const pool: Pick<Pool, 'run'> = { run: (statement, values) => send(sql, statement, values) }
const repository = createPostgresRepository(pool, () => {}, 1000)
const upkeep = createPostgresUpkeep(pool)
const archive = createPostgresArchive(pool)

/** Every node of the plans of what a call sends. */
async function nodesOf(
  mode: 'force_custom_plan' | 'force_generic_plan',
  call: () => Promise<unknown>,
): Promise<PlanNode[]> {
  await sql.unsafe(`set plan_cache_mode = ${mode}`)
  plans = []
  await call()
  return plans.flatMap(flatten)
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)]
}

function scansOf(nodes: readonly PlanNode[]): PlanNode[] {
  return nodes.filter(
    (node) => !isIdle(node) && (node['Relation Name'] !== undefined || node['Index Name']),
  )
}

/** Whether the part is one that was not come to, since there is nothing to look for in it. */
function isIdle(node: PlanNode): boolean {
  return node['Actual Loops'] === 0
}

const modes = ['force_custom_plan', 'force_generic_plan'] as const
// In the middle of the owner's tasks.
const middles = {
  created: { key: '2026-01-01T00:50:00.000000Z', id: idNumber(1) },
  updated: { key: '2026-01-31T23:10:00.000000Z', id: idNumber(1) },
  order: { key: `${OWN_TASKS * 8}`, id: idNumber(1) },
}

const pages = SORTS.flatMap((sort) => {
  const place = sort === 'order' ? sort : sort.includes('created') ? 'created' : 'updated'
  const index = place === 'created' ? 'tasks_created' : `tasks_many_${place}`
  return [null, middles[place]].flatMap((after) => [
    { name: `${sort} ${after?.key}`, sort, after, deleted: false, index },
    {
      name: `trash ${sort} ${after?.key}`,
      sort,
      after,
      deleted: true,
      index: `tasks_trash_${place}`,
    },
  ])
})

describe.each(modes)('with a plan (%s)', (mode) => {
  test.each(pages)('a page ($name) is read from $index alone', async ({ index, ...page }) => {
    const query: ListQuery = { ...EVERYTHING, ...page, limit: 20 }
    const nodes = await nodesOf(mode, async () => {
      expect((await repository.list(ann, query)).tasks).toHaveLength(20)
    })
    const sorts = nodes.filter((node) => node['Node Type'] === 'Sort')
    expect(sorts.every((node) => node['Actual Rows'] === 0)).toBe(true)
    const scans = scansOf(nodes).filter((node) => node['Actual Rows'] === 21)
    expect(scans.map((node) => node['Index Name'])).toEqual([index])
    // The count of the trash is none that is kept.
    if (!page.deleted) for (const node of nodes) expect(node['Actual Rows']).toBeLessThanOrEqual(21)
  })

  const reads: [string, (own: TaskRepository) => Promise<unknown>, string[]][] = [
    ['get', (own) => own.get(ann, idNumber(7)), ['tasks_pkey']],
    ['revision', (own) => own.revision(ann), ['feeds_pkey']],
    [
      'changes',
      (own) => own.changes(ann, { epoch: 'x', sequence: 5000, id: idNumber(1), since: 9 }, 5),
      ['feeds_pkey', 'tasks_many_sequence'],
    ],
  ]
  test.each(reads)('%s reads no more than it needs', async (_, call, indexes) => {
    const nodes = await nodesOf(mode, () => call(repository))
    expect(scansOf(nodes).map((node) => node['Index Name'])).toEqual(indexes)
    for (const node of nodes) expect(node['Actual Rows']).toBeLessThanOrEqual(6)
  })

  test('a search starts from the words', async () => {
    const search = { words: ['TASK'], prefix: '777' }
    const query = { ...EVERYTHING, limit: 5, completed: false, search }
    const nodes = await nodesOf(mode, () => repository.list(ann, query))
    expect(scansOf(nodes).map((node) => node['Node Type'])).not.toContain('Seq Scan')
  })

  const { create, patch, move, remove, restore, erase } = writing
  const writes: [string, TaskWrite[]][] = [
    ['create', [create(100_001)]],
    ['patch', [patch(1, { text: 'task new', completed: true })]],
    ['patch of none', [patch(100_100, { text: 'x' })]],
    ['move to the top', [move(3, TOP)]],
    ['move to the bottom', [move(3, BOTTOM)]],
    ['move between others', [move(5, before(9))]],
    ['delete', [remove(6)]],
    ['restore', [restore(4)]],
    ['delete for good', [erase(7)]],
    ['batch', [create(100_002), patch(1, { text: 'more' }), remove(1)]],
  ]
  test.each(writes)('%s touches few rows, by indexes', async (_, some) => {
    const call = { writes: some, atomic: true, now: second(9), retry: null }
    const key = { key: 'k', fingerprint: 'f', rememberedSince: second(0) }
    await sql.unsafe('begin')
    for (const retry of [null, key]) {
      const nodes = await nodesOf(mode, () => repository.write(ann, { ...call, retry }))
      expect(scansOf(nodes).map((node) => node['Node Type'])).not.toContain('Seq Scan')
      for (const node of nodes) expect(node['Actual Rows'] ?? 0).toBeLessThan(20)
      if (retry === null) await sql.unsafe('rollback; begin')
    }
    await sql.unsafe('rollback')
  })

  test('what is done for all owners at once goes by indexes too', async () => {
    await sql.unsafe('begin')
    const before = { deleted: '2026-03-01T01:00:00.000Z', retries: '2026-01-01T01:00:00.000Z' }
    await sql.unsafe(`update tasks set words = null where id = '${idNumber(1)}'`)
    for (const call of [
      () => upkeep.sweep(before),
      () => archive.read(null, { user_id: ann, id: idNumber(9) }),
      () => archive.read(ann, { user_id: ann, id: idNumber(9) }),
      () => archive.add([{ user_id: ann, ...taskNumber(200_000) }]),
    ]) {
      // A table of one row has no index.
      const scans = scansOf(await nodesOf(mode, call)).filter(
        (node) => node['Relation Name'] !== 'upkeep',
      )
      expect(scans.map((node) => node['Node Type'])).not.toContain('Seq Scan')
      for (const node of scans) expect(node['Actual Rows'] ?? 0).toBeLessThanOrEqual(500)
    }
    await sql.unsafe('rollback')
  })
})
