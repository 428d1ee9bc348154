import { afterAll, beforeAll, expect, test } from 'bun:test'
import fc from 'fast-check'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { migrate } from '../../app/migrations.ts'
import { EVERYTHING } from '../../core/query.ts'
import { HIGHEST_ORDER, isLive, LOWEST_ORDER, type Task } from '../../core/task.ts'
import {
  applyWrite,
  compareOrder,
  type OwnerTasks,
  type TaskWrite,
  type WriteOutcome,
} from '../../core/writes.ts'
import { idNumber, ownerNamed, second, taskNumber } from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'

// The contract suite holds every store to the rules. Those in SQL are a second writing of them, and are
// compared here where they differ most easily: with orders that have no room, at the ends of the range
// too, which no sequence of calls would come to.

const RUNS = 150
const TASKS = 40

let database: TestDatabase
let store: ReturnType<typeof openPostgres>

beforeAll(async () => {
  database = await createDatabase()
  const { url } = database
  store = openPostgres({ url, directUrl: null, poolMax: 2, timeoutMs: 10_000, prepare: 'auto' })
  await migrate(store.migrations, () => {})
}, 30_000)

afterAll(async () => {
  await store.close()
  await database.drop()
})

/** The tasks of one owner in the core's own terms. */
function createModel(tasks: readonly Task[]) {
  let kept = new Map(tasks.map((task) => [task.id, task]))
  const sorted = () => [...kept.values()].sort(compareOrder)
  const own: OwnerTasks = {
    find: (id) => kept.get(id) ?? null,
    following: (task, count) =>
      sorted()
        .filter((one) => !task || compareOrder(one, task) > 0)
        .slice(0, count),
    preceding: (task, count) =>
      sorted()
        .filter((one) => !task || compareOrder(one, task) < 0)
        .reverse()
        .slice(0, count),
    put: (task) => kept.set(task.id, task),
    erase: (task) => kept.delete(task.id),
  }
  return {
    sorted,
    write(writes: readonly TaskWrite[], atomic: boolean, now: string): WriteOutcome[] {
      const before = new Map(kept)
      const outcomes: WriteOutcome[] = []
      for (const write of writes) {
        const outcome = applyWrite(own, write, now)
        outcomes.push(outcome)
        if (!atomic || outcome.kind === 'done') continue
        kept = before
        break
      }
      return outcomes
    },
  }
}

const id = fc.nat({ max: TASKS + 1 }).map(idNumber)
const versions = fc.option(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }), {
  freq: 4,
})
const text = fc.constantFrom('a', 'A b', 'b c', 'naïve ☕')
const place = fc.oneof(
  { weight: 3, arbitrary: fc.record({ before: id }) },
  { weight: 3, arbitrary: fc.record({ after: id }) },
  fc.record({ to: fc.constantFrom('top', 'bottom') }),
)
const write: fc.Arbitrary<TaskWrite> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ op: fc.constant('create'), id: fc.constant(''), text }) },
  fc.record({
    op: fc.constant('patch'),
    id,
    versions,
    patch: fc.record({ text, completed: fc.boolean() }, { requiredKeys: [] }),
  }),
  fc.record({ op: fc.constant('delete'), id, versions, permanent: fc.boolean() }),
  { weight: 2, arbitrary: fc.record({ op: fc.constant('restore'), id, versions }) },
  { weight: 6, arbitrary: fc.record({ op: fc.constant('move'), id, versions, place }) },
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
/** Tasks that stand close to one another, so that there is often no room between two. */
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

test('SQL does what the rules of the core do', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, calls, async (seeded, sequence) => {
      const owner = ownerNamed(`owner ${runs++}`)
      const tasks = seeded.map(({ isInTrash, order: at }, n) =>
        taskNumber(n, { order: at, ...(isInTrash && { deleted_at: second(n) }) }),
      )
      const model = createModel(tasks)
      await store.archive.add(tasks.map((task) => ({ user_id: owner, ...task })))
      let created = 100
      for (const { writes, atomic, now } of sequence) {
        const call = writes.map((one) =>
          one.op === 'create' ? { ...one, id: idNumber(created++) } : one,
        )
        const expected = model.write(call, atomic, now)
        const result = await store.repository.write(owner, {
          writes: call,
          atomic,
          now,
          retry: null,
        })
        expect(result).toStrictEqual({ kind: 'answered', outcomes: expected, replayed: false })
      }
      const all = { ...EVERYTHING, sort: 'order' } as const
      const live = await store.repository.list(owner, all)
      expect(live.tasks).toStrictEqual(model.sorted().filter(isLive))
      expect(live.count).toBe(live.tasks.length)
      const { tasks: trash } = await store.repository.list(owner, { ...all, deleted: true })
      expect(trash).toStrictEqual(model.sorted().filter((task) => !isLive(task)))
    }),
    { numRuns: RUNS },
  )
}, 120_000)
