import { afterAll, beforeAll, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { openPostgres } from '../../adapters/postgres/store.ts'
import { applyCall, NEW_OWNER, type OwnerRecord } from '../../core/calls.ts'
import { HIGHEST_ORDER, LOWEST_ORDER } from '../../core/item.ts'
import { compareOrder } from '../../core/order.ts'
import { EVERYTHING } from '../../core/query.ts'
import { isLive, type Task } from '../../core/task.ts'
import type { TaskWrite } from '../../core/writes.ts'
import { plainItems } from '../conformance/stores/oracle.ts'
import { idNumber, owned, ownerNamed, second, taskNumber } from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { openMigrated } from './open.ts'

// The store loads only a part of an owner's tasks for a write, and more when the rules ask for more. They do
// that most when orders have no room, also at the ends of their range, which calls alone rarely reach.

const RUNS = 150
const TASKS = 40

let database: TestDatabase
let store: ReturnType<typeof openPostgres>

beforeAll(async () => {
  database = await createDatabase()
  store = await openMigrated(database.url, { poolMax: 2 })
}, 30_000)

afterAll(async () => {
  await store.close()
  await database.drop()
})

const id = fc.nat({ max: TASKS + 1 }).map(idNumber)
const versions = fc.option(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }), {
  freq: 4,
})
const text = fc.constantFrom('a', 'A b', 'b c', 'naïve ☕')
const destination = fc.oneof(
  { weight: 3, arbitrary: fc.record({ before: id }) },
  { weight: 3, arbitrary: fc.record({ after: id }) },
  fc.record({ to: fc.constantFrom('top', 'bottom') }),
)
const write: fc.Arbitrary<TaskWrite> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('create'),
      id: fc.constant(''),
      task: fc.record({ text }),
    }),
  },
  fc.record({
    op: fc.constant('patch'),
    id,
    versions,
    patch: fc.record({ text, completed: fc.boolean() }, { requiredKeys: [] }),
  }),
  fc.record({ op: fc.constant('delete'), id, versions, permanent: fc.boolean() }),
  { weight: 2, arbitrary: fc.record({ op: fc.constant('restore'), id, versions }) },
  { weight: 6, arbitrary: fc.record({ op: fc.constant('move'), id, versions, destination }) },
)
const calls = fc.array(
  fc.record({
    writes: fc.oneof(
      { weight: 3, arbitrary: fc.array(write, { minLength: 1, maxLength: 1 }) },
      fc.array(write, { minLength: 2, maxLength: 5 }),
    ),
    atomic: fc.boolean(),
    now: fc.nat({ max: 20 }).map(second),
  }),
  { minLength: 5, maxLength: 15 },
)
/** Tasks whose orders are often consecutive, so that nothing fits between two of them. */
function crowd(min: number, max: number) {
  const order = fc.integer({ min, max })
  return fc.array(fc.record({ order, isInTrash: fc.boolean() }), {
    minLength: TASKS / 2,
    maxLength: TASKS,
  })
}
const seeds = fc.oneof(
  crowd(0, TASKS),
  crowd(0, TASKS * 7),
  crowd(LOWEST_ORDER, LOWEST_ORDER + TASKS),
  crowd(HIGHEST_ORDER - TASKS, HIGHEST_ORDER),
  crowd(HIGHEST_ORDER, HIGHEST_ORDER),
)

let runs = 0

test('applies the rules to all tasks when it has loaded only some of them', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, calls, async (seeded, sequence) => {
      const owner = ownerNamed(`owner ${runs++}`)
      let tasks: readonly Task[] = seeded.map(({ isInTrash, order }, n) =>
        taskNumber(n, { order, ...(isInTrash && { deleted_at: second(n) }) }),
      )
      await store.archive.add(owned(owner, tasks))
      let record: OwnerRecord = {
        ...NEW_OWNER,
        live: tasks.filter(isLive).length,
        top: Math.min(...tasks.map(({ order }) => order)),
      }
      let created = 100
      for (const { writes, atomic, now } of sequence) {
        const numbered = writes.map((one) =>
          one.op === 'create' ? { ...one, id: idNumber(created++) } : one,
        )
        const call = { writes: numbered, atomic, now, idAt: idNumber, retry: null }
        const state = { record, ...plainItems(tasks), remembered: () => null }
        const effect = applyCall(state, call, () => 'epoch')
        const changed = new Map(effect.taskChanges.map((change) => [change.after.id, change]))
        tasks = [
          ...tasks.filter(({ id: one }) => !changed.has(one)),
          ...effect.taskChanges.filter(({ isErased }) => !isErased).map(({ after }) => after),
        ]
        record = effect.record
        expect(await store.repository.write(owner, call)).toStrictEqual(effect.result)
      }
      const sorted = tasks.toSorted(compareOrder)
      const all = { ...EVERYTHING, sort: 'order' } as const
      const live = await store.repository.list(owner, all)
      expect(live.tasks).toStrictEqual(sorted.filter(isLive))
      expect(live.count).toBe(live.tasks.length)
      const { tasks: trash } = await store.repository.list(owner, { ...all, deleted: true })
      expect(trash).toStrictEqual(sorted.filter((task) => !isLive(task)))
    }),
    { numRuns: RUNS },
  )
}, 120_000)
