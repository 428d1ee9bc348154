import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { createDraft, type Draft, type OwnerItems } from '../../core/draft.ts'
import { compareOrder, type OrderKey } from '../../core/order.ts'
import { isLive, type Task } from '../../core/task.ts'
import {
  changeTask,
  createTask,
  reorderTask,
  restoreTask,
  trashTask,
} from '../../core/task-changes.ts'
import { plainItems } from '../conformance/stores/oracle.ts'
import { idNumber, listId, second, taskNumber } from '../conformance/stores/store.ts'

const HIGHEST_NUMBER = 9
const ALL = Number.MAX_SAFE_INTEGER

// Few numbers and orders, so that most steps find a task and many tasks share an order.
const number = fc.nat({ max: HIGHEST_NUMBER })
const order = fc.integer({ min: -3, max: 3 })
const position = fc.record({ order, id: number.map(idNumber) })
const storedTask = fc
  .record({ n: number, order, completed: fc.boolean(), isDeleted: fc.boolean() })
  .map(({ n, isDeleted, ...fields }) =>
    taskNumber(n, { ...fields, ...(isDeleted && { deleted_at: second(n) }) }),
  )
const storedTasks = fc.uniqueArray(storedTask, { selector: ({ id }) => id })

const KINDS = ['text', 'complete', 'reorder', 'place', 'trash', 'restore', 'erase'] as const
const step = fc.record({ n: number, order, kind: fc.constantFrom(...KINDS), flag: fc.boolean() })
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** What a step makes of a task; a task that is not there is created. */
function after({ n, order: to, kind, flag }: Step, before: Task | null): Task {
  const now = second(60)
  if (!before) return createTask(idNumber(n), { text: 'new' }, to, now)
  switch (kind) {
    case 'text':
      return changeTask(before, { text: `${before.text}!` }, now)
    case 'complete':
      return changeTask(before, { completed: flag }, now)
    case 'reorder':
      return reorderTask(before, to, now)
    case 'place': {
      const place = flag ? { parent_id: idNumber(0) } : { list_id: listId(0) }
      return changeTask(before, place, now)
    }
    case 'restore':
      return isLive(before) ? before : restoreTask(before, now)
    case 'trash':
    case 'erase':
      return trashTask(before, now)
  }
}

/** Applies a step to a draft. */
function applyTo(draft: Draft, one: Step): void {
  const before = draft.tasks.find(idNumber(one.n))
  if (one.kind === 'erase') draft.tasks.erase(before, after(one, before))
  else draft.tasks.put(before, after(one, before))
}

/** The tasks after a step. */
function applied(tasks: readonly Task[], one: Step): readonly Task[] {
  const id = idNumber(one.n)
  const before = tasks.find((task) => task.id === id) ?? null
  const others = tasks.filter((task) => task.id !== id)
  return one.kind === 'erase' ? others : [...others, after(one, before)]
}

/** Everything that can be read, with windows of every size at an end and at a position. */
function read({ tasks }: OwnerItems, at: OrderKey): unknown {
  const counts = [0, 1, 2, 3, 5, ALL]
  return {
    found: Array.from({ length: HIGHEST_NUMBER + 1 }, (_, n) => tasks.find(idNumber(n))),
    following: [null, at].map((from) => counts.map((count) => tasks.following(from, count))),
    preceding: [null, at].map((from) => counts.map((count) => tasks.preceding(from, count))),
    completed: tasks.completed(ALL).toSorted(compareOrder),
    anyCompleted: counts.map((count) => tasks.completed(count).length),
    subtasks: tasks.subtasks([idNumber(0), idNumber(1)]).toSorted(compareOrder),
    inList: tasks.inList(listId(0)).toSorted(compareOrder),
  }
}

function topOf(tasks: readonly Task[]): number | null {
  return tasks.length === 0 ? null : Math.min(...tasks.map((task) => task.order))
}

const liveIn = (tasks: readonly Task[]) => tasks.filter(isLive).length

const draftOf = (tasks: readonly Task[]) =>
  createDraft(plainItems(tasks), { top: topOf(tasks), live: liveIn(tasks) })

describe('createDraft', () => {
  test('reads like plain arrays to which the same writes were applied', () => {
    fc.assert(
      fc.property(storedTasks, fc.array(step), position, (stored, steps, at) => {
        const draft = draftOf(stored)
        let tasks: readonly Task[] = stored
        for (const one of steps) {
          applyTo(draft, one)
          tasks = applied(tasks, one)
          expect(read(draft, at)).toStrictEqual(read(plainItems(tasks), at))
          expect(draft.live).toBe(liveIn(tasks))
        }
      }),
      { numRuns: 300 },
    )
  })

  test('has one change for each task that was written, with the task as it is stored', () => {
    fc.assert(
      fc.property(storedTasks, fc.array(step), (stored, steps) => {
        const draft = draftOf(stored)
        let tasks: readonly Task[] = stored
        for (const one of steps) {
          applyTo(draft, one)
          tasks = applied(tasks, one)
        }
        const changes = draft.tasks.changes()
        const ids = changes.map(({ after }) => after.id)
        expect(ids.toSorted()).toStrictEqual(
          [...new Set(steps.map(({ n }) => idNumber(n)))].toSorted(),
        )
        for (const { before, after: task, isErased } of changes) {
          expect(before).toBe(stored.find(({ id }) => id === task.id) ?? null)
          const left = tasks.find(({ id }) => id === task.id)
          expect(isErased).toBe(left === undefined)
          if (left) expect(task).toStrictEqual(left)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('keeps a change for a task that was created and erased', () => {
    const draft = draftOf([])
    const task = createTask(idNumber(1), { text: 'x' }, 0, second(0))
    draft.tasks.put(null, task)
    const erased = trashTask(task, second(1))
    draft.tasks.erase(task, erased)
    expect(draft.tasks.changes()).toStrictEqual([{ before: null, after: erased, isErased: true }])
    expect(draft.tasks.find(task.id)).toBeNull()
  })

  test('keeps its top at or below every order, and as it was set', () => {
    fc.assert(
      fc.property(storedTasks, fc.array(step), (stored, steps) => {
        const draft = draftOf(stored)
        for (const one of steps) {
          applyTo(draft, one)
          for (const task of draft.tasks.following(null, ALL))
            expect(draft.top).toBeLessThanOrEqual(task.order)
        }
        draft.top = -99
        expect(draft.top).toBe(-99)
      }),
    )
  })

  test('reads no more of the store than it needs', () => {
    const asked: number[] = []
    const stored = Array.from({ length: 5 }, (_, n) => taskNumber(n, { order: n }))
    const plain = plainItems(stored)
    const tasks: OwnerItems['tasks'] = {
      ...plain.tasks,
      following(from, count) {
        asked.push(count)
        return plain.tasks.following(from, count)
      },
    }
    const draft = createDraft({ ...plain, tasks }, { top: 0, live: 5 })
    draft.tasks.following(null, 2)
    draft.tasks.put(null, taskNumber(8, { order: 8 }))
    draft.tasks.following(null, 2)
    draft.tasks.put(draft.tasks.find(idNumber(1)), taskNumber(1, { order: 9 }))
    draft.tasks.following(null, 2)
    // Once more, because the draft replaces one of the stored tasks.
    expect(asked).toStrictEqual([2, 2, 2, 3])
  })

  // As a store does that applies several calls to what it has loaded once.
  describe('on another draft', () => {
    const calls = fc.array(fc.tuple(fc.array(step, { maxLength: 6 }), fc.boolean()), {
      maxLength: 5,
    })

    test('reads and writes like one draft, and can be discarded', () => {
      fc.assert(
        fc.property(storedTasks, calls, position, (stored, groups, at) => {
          const outer = draftOf(stored)
          let tasks: readonly Task[] = stored
          const written = new Set<string>()
          for (const [steps, isKept] of groups) {
            const inner = createDraft(outer, outer)
            let attempted = tasks
            for (const one of steps) {
              applyTo(inner, one)
              attempted = applied(attempted, one)
            }
            expect(read(inner, at)).toStrictEqual(read(plainItems(attempted), at))
            expect(read(outer, at)).toStrictEqual(read(plainItems(tasks), at))
            if (!isKept) continue
            tasks = attempted
            for (const { before, after: task, isErased } of inner.tasks.changes()) {
              if (isErased) outer.tasks.erase(before, task)
              else outer.tasks.put(before, task)
              written.add(task.id)
            }
            expect(read(outer, at)).toStrictEqual(read(plainItems(tasks), at))
            expect(outer.live).toBe(liveIn(tasks))
          }
          const changes = outer.tasks.changes()
          expect(changes.map(({ after }) => after.id).toSorted()).toStrictEqual(
            [...written].toSorted(),
          )
          for (const { before, after: task } of changes)
            expect(before).toBe(stored.find(({ id }) => id === task.id) ?? null)
        }),
        { numRuns: 300 },
      )
    })
  })
})
