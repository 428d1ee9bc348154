import { expect, test } from 'bun:test'
import { createSqliteArchive } from '../../adapters/sqlite/archive.ts'
import { type Connection, createConnection } from '../../adapters/sqlite/connection.ts'
import { createSqliteFeedWatch } from '../../adapters/sqlite/feed-watch.ts'
import { createGroupCommit } from '../../adapters/sqlite/group-commit.ts'
import { createSqliteRepository } from '../../adapters/sqlite/repository.ts'
import { createSqliteUpkeep } from '../../adapters/sqlite/upkeep.ts'
import { SORTS } from '../../core/query.ts'
import { searchFor } from '../../core/search.ts'
import { BOTTOM, before, createCaller, TOP, writing } from '../conformance/stores/caller.ts'
import { ann, idNumber, second, taskNumber } from '../conformance/stores/store.ts'
import { openMigrated, temporaryFile } from './files.ts'

const POSITION = { key: second(0), id: idNumber(1) }
const ORDER_POSITION = { key: '0', id: idNumber(1) }
const RETRY = { key: 'key', fingerprint: 'x', rememberedSince: second(0) }

/** A connection that notes every statement that is made. */
function noting(connection: Connection, statements: Set<string>): Connection {
  const noted: Connection['use'] = (work) =>
    connection.use((file) =>
      work({
        ...file,
        statement(sql) {
          statements.add(sql)
          return file.statement(sql)
        },
      }),
    )
  return { ...connection, use: noted, run: async (work) => noted(work) }
}

/** Everything that requests, watchers, sweeps and moves ask of the file. */
async function useEverything(connection: Connection, many: number): Promise<void> {
  const commit = createGroupCommit(connection)
  const { watch, tell } = createSqliteFeedWatch(connection)
  const repository = createSqliteRepository(connection, commit, tell, many)
  const tasks = createCaller(repository, ann)
  watch(ann, () => {})()
  await tasks.send([writing.create(1), writing.create(2), writing.create(3)], {
    atomic: true,
    retry: RETRY,
  })
  await tasks.patch(1, { text: 'changed', completed: true })
  await tasks.move(1, TOP)
  await tasks.move(1, BOTTOM)
  await tasks.move(1, before(2))
  await tasks.remove(1)
  await tasks.restore(1)
  await tasks.erase(2)
  await tasks.clearCompleted()
  await tasks.get(3)
  await tasks.revision()
  await tasks.changes((await tasks.changes(null))?.next ?? null)
  for (const sort of SORTS)
    for (const after of [null, sort === 'order' ? ORDER_POSITION : POSITION])
      for (const completed of [null, false])
        for (const search of [null, searchFor('task 3')])
          for (const deleted of [false, true])
            await tasks.list({ sort, after, completed, search, deleted, limit: 1 })
  const archive = createSqliteArchive(connection, commit, tell, many)
  const task = { user_id: ann, ...taskNumber(9) }
  await archive.add([task])
  for (const owner of [ann, null])
    for (const after of [null, task]) await archive.read(owner, after)
  await createSqliteUpkeep(commit, tell).sweep({ deleted: second(999), retries: second(999) })
}

/** How each statement is done that owners cause who have few tasks, or many. */
async function plansOf(many: number): Promise<{ sql: string; steps: string[] }[]> {
  await using file = await temporaryFile()
  await using _ = await openMigrated(file.path)
  const connection = createConnection(file.path, 5000)
  const statements = new Set<string>()
  await useEverything(noting(connection, statements), many)
  const plans = await connection.run(({ database }) =>
    [...statements]
      .filter((sql) => /^\s*(select|insert|update|delete)\b/.test(sql))
      .map((sql) => ({
        sql,
        steps: database
          .query<{ detail: string }, []>(`explain query plan ${sql}`)
          .all()
          .map(({ detail }) => detail),
      })),
  )
  connection.close()
  return plans
}

test.each([
  ['few', 1000],
  ['many', 0],
])('every statement finds what it needs by an index: %s tasks', async (_, many) => {
  const plans = await plansOf(many)
  expect(plans.length).toBeGreaterThan(70)
  expect(
    plans.filter(({ sql, steps }) => steps.some(isScan) && !sql.includes(ALL_TASKS)),
  ).toStrictEqual([])
})

test('pages of many tasks come in the order of an index', async () => {
  const plans = await plansOf(0)
  expect(plans.filter(({ sql, steps }) => isSorted(steps) && !sql.includes(SEARCH))).toStrictEqual(
    [],
  )
})

// What a search finds is sorted; nothing else is.
const SEARCH = 'task_words match'

function isSorted(steps: readonly string[]): boolean {
  return steps.some((step) => step.includes('TEMP B-TREE'))
}

// The first page of all tasks, in the order of their key.
const ALL_TASKS = 'where true'

// An index of nothing but what is looked for; rows of the full-text index by their words or number.
const ALLOWED_SCAN =
  /^SCAN (tasks USING INDEX tasks_without_words$|task_words VIRTUAL TABLE INDEX )/

function isScan(step: string): boolean {
  return step.startsWith('SCAN') && !ALLOWED_SCAN.test(step)
}
