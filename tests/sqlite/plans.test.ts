import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createSqliteArchive } from '../../adapters/sqlite/archive.ts'
import {
  type Connection,
  createConnection,
  type OpenFile,
} from '../../adapters/sqlite/connection.ts'
import { createGroupCommit } from '../../adapters/sqlite/group-commit.ts'
import { createSqliteMaintenance } from '../../adapters/sqlite/maintenance.ts'
import { createSqliteRepository } from '../../adapters/sqlite/repository.ts'
import { createSqliteTokens } from '../../adapters/sqlite/tokens.ts'
import { createSqliteFeedWatch } from '../../adapters/sqlite/watch.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { ARCHIVE_SECTIONS } from '../../core/ports.ts'
import type { TaskQuery } from '../../core/query.ts'
import { searchFor } from '../../core/search.ts'
import { NO_DUE, type PagePosition, SORTS, type Sort } from '../../core/sorting.ts'
import {
  after,
  BOTTOM,
  before,
  type Caller,
  createCaller,
  TOP,
  writing,
} from '../conformance/stores/caller.ts'
import {
  ann,
  idNumber,
  listId,
  owned,
  ownerNamed,
  second,
  taskNumber,
} from '../conformance/stores/store.ts'
import { openMigrated, temporaryFile } from './files.ts'

const TASKS = 10_000
const OTHER_OWNERS = 100

const FILTERS: readonly Partial<TaskQuery>[] = [
  { list: 'inbox' },
  { list: listId(2) },
  { parent: 'none' },
  { parent: idNumber(4) },
  { parent: idNumber(4), search: ['task'] },
  { priorities: ['high', 'low'] },
  { tags: ['home', 'work'] },
  { due: 'none' },
  { due: { after: '2026-01-31', before: '2026-02-01' } },
]

const POSITION = { key: second(0), id: idNumber(1) }
const POSITIONS: Partial<Record<Sort, PagePosition>> = {
  order: { key: '0', id: idNumber(1) },
  due: { key: NO_DUE, id: idNumber(1) },
  priority: { key: '3', id: idNumber(1) },
}
const RETRY = { key: 'key', fingerprint: 'x', rememberedSince: second(0) }

/** A connection that records the text of every statement. */
function recordStatements(connection: Connection, statements: Set<string>): Connection {
  const recording = <File extends OpenFile>(file: File): File => ({
    ...file,
    statement(sql) {
      statements.add(sql)
      return file.statement(sql)
    },
  })
  const use: Connection['use'] = (work) => connection.use((file) => work(recording(file)))
  const openSnapshot = async () => recording(await connection.openSnapshot())
  return { ...connection, use, run: async (work) => use(work), openSnapshot }
}

/** Calls every part of the store in all ways that lead to other statements. */
async function useEverything(connection: Connection): Promise<void> {
  const commit = createGroupCommit(connection)
  const { watch, notify } = createSqliteFeedWatch(connection)
  const repository = createSqliteRepository(connection, commit, newEpoch, notify)
  const tasks = createCaller(repository, ann)
  watch(ann, () => {})()
  const created = [1, 2, 3].map((n) => writing.create(TASKS + n))
  await tasks.send(created, { atomic: true, retry: RETRY })
  await createCaller(repository, ownerNamed('new')).create(1)
  await tasks.patch(1, { text: 'changed', completed: true })
  for (const destination of [TOP, BOTTOM, before(2), after(3)]) await tasks.move(1, destination)
  await tasks.remove(1)
  await tasks.restore(1)
  await tasks.erase(2)
  await tasks.patch(3, { completed: true })
  await tasks.clearCompleted()
  await tasks.get(4)
  await tasks.createList(1)
  await tasks.createList(2)
  await tasks.patchList(1, { name: 'changed' })
  await tasks.lists()
  await tasks.getList(1)
  const members = { description: 'long', due: '2026-01-31', tags: ['home'], list_id: listId(1) }
  await tasks.add(TASKS + 10, members)
  await tasks.add(TASKS + 11, { list_id: listId(1), parent_id: idNumber(TASKS + 10) })
  await tasks.patch(TASKS + 10, { description: null })
  await tasks.removeList(1)
  await tasks.revision()
  await tasks.changes((await tasks.changes(null, 1))?.next ?? null)
  for (const query of queries()) await tasks.list(query)
  const archive = createSqliteArchive(connection, commit, newEpoch, notify)
  const task = { user_id: ann, ...taskNumber(2) }
  await archive.add([task])
  for (const section of ARCHIVE_SECTIONS)
    for (const owner of [ann, null])
      for (const position of [null, task]) await archive.read(section, owner, position)
  const maintenance = createSqliteMaintenance(connection, commit, notify)
  await maintenance.run({ deleted: second(1), retries: second(1) })
  await useTokens(connection)
}

async function useTokens(connection: Connection): Promise<void> {
  const tokens = createSqliteTokens(connection, createGroupCommit(connection))
  const dates = { created_at: second(0), expires_at: null, last_used_at: null }
  await tokens.create(ann, { id: idNumber(1), name: 'CI', scopes: ['read'], ...dates }, 'hash', 50)
  await tokens.list(ann)
  await tokens.find('hash')
  await tokens.touch(ann, idNumber(1), second(1))
  await tokens.remove(ann, idNumber(1))
  await tokens.purge(second(1))
}

function* queries(): Generator<Partial<TaskQuery>> {
  for (const sort of SORTS)
    for (const after of [null, POSITIONS[sort] ?? POSITION])
      for (const completed of [null, false])
        for (const search of [null, searchFor('task 3')])
          for (const deleted of [false, true])
            for (const limit of [null, 1]) yield { sort, after, completed, search, deleted, limit }
  for (const filter of FILTERS) for (const limit of [null, 1]) yield { ...filter, limit }
}

interface Plan {
  readonly sql: string
  /** In SQLite's words (sqlite.org/eqp.html). */
  readonly steps: readonly string[]
}

let file: Awaited<ReturnType<typeof temporaryFile>>
let connection: Connection
const statements = new Set<string>()

beforeAll(async () => {
  file = await temporaryFile()
  await using store = await openMigrated(file.path)
  for (let from = 0; from < TASKS; from += 1000) {
    const numbers = Array.from({ length: 1000 }, (_, n) => from + n)
    await store.archive.add(
      owned(
        ann,
        numbers.map((n) => taskNumber(n, { order: n * 16 })),
      ),
    )
  }
  for (let n = 0; n < OTHER_OWNERS; n++)
    await store.archive.add(owned(ownerNamed(`owner ${n}`), [taskNumber(n)]))
  connection = createConnection(file.path, 5000)
  await useEverything(recordStatements(connection, statements))
}, 30_000)

afterAll(async () => {
  connection.close()
  await file[Symbol.asyncDispose]()
})

function plansOf(texts: Iterable<string>): Plan[] {
  using database = new Database(file.path)
  return [...texts]
    .filter((sql) => /^\s*(select|insert|update|delete)\b/.test(sql))
    .map((sql) => {
      const rows = database.prepare<{ detail: string }, []>(`explain query plan ${sql}`).all()
      return { sql, steps: rows.map(({ detail }) => detail) }
    })
}

/** The texts of the statements that a call uses. */
async function statementsOf(call: (tasks: Caller) => Promise<unknown>): Promise<Set<string>> {
  const texts = new Set<string>()
  const recorded = recordStatements(connection, texts)
  const commit = createGroupCommit(recorded)
  await call(
    createCaller(
      createSqliteRepository(recorded, commit, newEpoch, () => {}),
      ann,
    ),
  )
  return texts
}

// An owner's rows by the key or an index that starts with the owner.
const OF_AN_OWNER =
  /^SEARCH \w+ USING (PRIMARY KEY|INDEX (tasks_(created|sequence|order|parent)|lists_sequence)) \(user_id=\?/
// What maintenance purges, which is found by its time and then deleted by its key.
const BY_TIME =
  /^SEARCH \w+ USING COVERING INDEX ((tasks|lists)_deleted \(\(deleted_at,user_id,id\)>\(\?,\?,\?\) AND deleted_at<\?|remembered_calls_made_at \(\(made_at,user_id,key\)>\(\?,\?,\?\) AND made_at<\?)/
// An owner's API tokens, the one with a hash, and those that have expired.
const TOKENS =
  /^SEARCH api_tokens USING (PRIMARY KEY \(hash=\?\)|(COVERING )?INDEX api_tokens_(user \(user_id=\?|expired \(expires_at>\? AND expires_at<\?))/
// The pages of an archive of all owners, in the order of the key.
const NEXT_PAGE = /^SEARCH (tasks|lists) USING PRIMARY KEY \(\(user_id,id\)>/
const FIRST_PAGE = 'where true'
// Finds out whether the file can be written, without reading a row.
const NO_ROWS = 'where false'
// Steps that read no table.
const OTHER =
  /^(USE TEMP B-TREE|(LIST|CORRELATED SCALAR) SUBQUERY|CREATE BLOOM FILTER|USING ROWID SEARCH|SCAN json_each)/
// Reading the description of a task.
const DESCRIPTION =
  /^(CORRELATED SCALAR SUBQUERY|SEARCH descriptions USING PRIMARY KEY \(user_id=\? AND id=\?\))/

function isByIndex(step: string): boolean {
  return [OF_AN_OWNER, BY_TIME, TOKENS, NEXT_PAGE, OTHER].some((pattern) => pattern.test(step))
}

describe.each([
  ['without statistics', ''],
  ['with statistics', 'analyze'],
])('plans %s', (_, prepare) => {
  beforeAll(() => connection.run(({ database }) => void (prepare && database.run(prepare))))

  test('find every row by its owner, or by the time at which to purge it', async () => {
    const all = plansOf(statements)
    expect(all.length).toBeGreaterThan(70)
    const others = all.filter(
      ({ sql, steps }) =>
        !(sql.includes(FIRST_PAGE) || sql.includes(NO_ROWS)) && !steps.every(isByIndex),
    )
    expect(others).toStrictEqual([])
  })

  test('find API tokens by their owner, their hash or their expiry', () => {
    const all = plansOf(statements).filter(({ sql }) => sql.includes('api_tokens'))
    const searches = all.flatMap(({ steps }) => steps.filter((step) => TOKENS.test(step)))
    expect(searches).toHaveLength(7)
  })

  test('read pages by creation and pages of the feed in the order of their index', async () => {
    for (const sort of ['created_at', '-created_at'] as const)
      for (const after of [null, POSITION])
        expect(await readingTasks((tasks) => tasks.list({ sort, after, limit: 20 }))).toMatch(
          /^SEARCH tasks USING INDEX tasks_created \(user_id=\?[^;]*$/,
        )
    expect(await readingTasks((tasks) => tasks.changes(null, 20))).toMatch(
      /^SEARCH tasks USING INDEX tasks_sequence \(user_id=\?[^;]*$/,
    )
  })

  test('find the neighbours of a moved task in the order of their index', async () => {
    for (const destination of [BOTTOM, after(20)])
      expect(await readingTasks((tasks) => tasks.move(10, destination))).toMatch(
        /SEARCH tasks USING INDEX tasks_order \(user_id=\?[^;]*$/,
      )
  })

  test('read slices of the owner by the key when the list has a filter or is not by creation', async () => {
    const slices =
      'SEARCH tasks USING PRIMARY KEY (user_id=? AND id>?); SEARCH tasks USING PRIMARY KEY (user_id=? AND id>? AND id<?)'
    const filters = FILTERS.filter(({ parent = 'none' }) => parent === 'none')
    for (const filter of [
      { completed: true },
      { deleted: true },
      { sort: 'due' },
      ...filters,
    ] as const) {
      expect(await readingTasks((tasks) => tasks.list(filter))).toBe(slices)
      // The places of all tasks, then the tasks of the page.
      expect(await readingTasks((tasks) => tasks.list({ ...filter, limit: 1 }))).toStartWith(
        `${slices}; SEARCH tasks USING PRIMARY KEY (user_id=? AND id=?); LIST SUBQUERY`,
      )
    }
  })

  test('find subtasks by their parent', async () => {
    const byParent = 'SEARCH tasks USING INDEX tasks_parent (user_id=? AND parent_id=?)'
    const query = { parent: idNumber(4) }
    expect(await readingTasks((tasks) => tasks.list(query))).toContain(byParent)
    expect(await readingTasks((tasks) => tasks.list({ ...query, limit: 1 }))).toContain(byParent)
    expect(await readingTasks((tasks) => tasks.clearCompleted())).toContain(byParent)
  })

  test('read the tasks of a deleted list by the key', async () => {
    const texts = await statementsOf(async (tasks) => {
      await tasks.createList(3)
      await tasks.removeList(3)
    })
    const [plan] = plansOf([...texts].filter((sql) => sql.includes('list_id = ?')))
    expect(plan?.steps[0]).toBe('SEARCH tasks USING PRIMARY KEY (user_id=?)')
  })

  test('read lists of the feed in the order of their index', async () => {
    const texts = await statementsOf((tasks) => tasks.changes(null))
    const [plan] = plansOf([...texts].filter((sql) => sql.includes('indexed by lists_sequence')))
    expect(plan?.steps).toStrictEqual([
      'SEARCH lists USING INDEX lists_sequence (user_id=? AND (sequence,id)>(?,?))',
    ])
  })
})

/** The steps in which a call reads tasks. */
async function readingTasks(call: (tasks: Caller) => Promise<unknown>): Promise<string> {
  const plans = plansOf(await statementsOf(call)).filter(({ sql }) => sql.includes('from tasks'))
  const steps = plans.flatMap(({ steps }) => steps)
  return steps.filter((step) => !DESCRIPTION.test(step)).join('; ')
}
