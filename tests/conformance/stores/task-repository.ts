import { beforeEach, describe, expect, test } from 'bun:test'
import type { TaskRepository } from '../../../core/ports.ts'
import { changeTask, createTask } from '../../../core/task-changes.ts'
import {
  after,
  before,
  type Caller,
  createCaller,
  NO_NEIGHBOUR,
  NOT_FOUND,
  TOP,
  writing,
} from './caller.ts'
import {
  ann,
  bob,
  idNumber,
  openForEach,
  ownerNamed,
  type StoreUnderTest,
  second,
} from './store.ts'
import { TEXTS } from './texts.ts'

/** How a `TaskRepository` handles single tasks, one call after another. */
export function describeTaskRepository(store: StoreUnderTest): void {
  describe(`TaskRepository on ${store.name}`, () => {
    const opened = openForEach(store)
    let repository: TaskRepository
    let tasks: Caller

    beforeEach(() => {
      repository = opened().repository
      tasks = createCaller(repository, ann)
    })

    describe('create and get', () => {
      test('returns a task as it was created', async () => {
        const at = '2026-01-31T23:59:59.999Z'
        const task = createTask(idNumber(1), { text: 'task 1' }, 0, at)
        expect(await tasks.create(1, 'task 1', at)).toStrictEqual(task)
        expect(await tasks.get(1)).toStrictEqual(task)
        expect((await tasks.list()).tasks).toStrictEqual([task])
      })

      test.each(TEXTS)('keeps the text unchanged: %s', async (_, text) => {
        expect((await tasks.create(1, text)).text).toBe(text)
        expect((await tasks.get(1))?.text).toBe(text)
        expect((await tasks.list()).tasks[0]?.text).toBe(text)
        const longer = `${text.slice(0, 400)}.`
        expect((await tasks.patch(1, { text: longer })).text).toBe(longer)
        expect((await tasks.get(1))?.text).toBe(longer)
        const page = await tasks.changes(null)
        expect(page?.changes).toMatchObject([{ type: 'upsert', task: { text: longer } }])
      })

      test('distinguishes owners by letter case, normal form and trailing space', async () => {
        const names = ['ann', 'Ann', 'ann ', 'e\u0301', '\u00e9', '😀'.repeat(255)]
        const callers = names.map((name) => createCaller(repository, ownerNamed(name)))
        for (const [n, caller] of callers.entries()) await caller.create(n)
        for (const [n, caller] of callers.entries())
          expect(await caller.numbers()).toStrictEqual([n])
      })

      test('does not find an id that was never used', async () => {
        expect(await tasks.get(1)).toBeNull()
        expect(await tasks.one(writing.patch(1, { text: 'new' }))).toStrictEqual(NOT_FOUND)
        expect(await tasks.one(writing.move(1, TOP))).toStrictEqual(NOT_FOUND)
        expect(await tasks.one(writing.remove(1))).toStrictEqual(NOT_FOUND)
        expect(await tasks.one(writing.erase(1))).toStrictEqual(NOT_FOUND)
        expect(await tasks.one(writing.restore(1))).toStrictEqual(NOT_FOUND)
        expect(await tasks.list()).toMatchObject({ tasks: [], count: 0, next: null })
      })
    })

    describe('patch', () => {
      const open = [{ at: second(1), patch: {} }]
      const changedLater = [...open, { at: second(5), patch: { text: 'changed' } }]
      const done = [...open, { at: second(5), patch: { completed: true } }]

      test.each([
        ['text', open, { text: 'new' }, second(9)],
        ['completion', open, { completed: true }, second(9)],
        ['both', open, { text: 'new', completed: true }, second(9)],
        ['nothing', open, {}, second(9)],
        ['nothing, with the same values', open, { text: 'task 1', completed: false }, second(9)],
        ['text of a completed task', done, { text: 'new' }, second(9)],
        [
          'text and completion of a completed task',
          done,
          { text: 'new', completed: true },
          second(9),
        ],
        ['reopening', done, { completed: false }, second(9)],
        ['reopening with a new text', done, { text: 'new', completed: false }, second(9)],
        ['completion of a completed task', done, { completed: true }, second(9)],
        ['text, after the clock went back', done, { text: 'new' }, second(2)],
        ['completion, after the clock went back', changedLater, { completed: true }, second(2)],
        ['reopening, after the clock went back', done, { completed: false }, second(2)],
        ['a text that differs in letter case', open, { text: 'TASK 1' }, second(9)],
        ['a text that differs in trailing space', open, { text: 'task 1 ' }, second(9)],
      ])("patches by the core's rule: %s", async (_, history, patch, now) => {
        let task = await tasks.create(1, 'task 1', second(1))
        for (const step of history) task = await tasks.patch(1, step.patch, step.at)
        const expected = changeTask(task, patch, now)
        expect(await tasks.patch(1, patch, now)).toStrictEqual(expected)
        expect(await tasks.get(1)).toStrictEqual(expected)
      })

      test('leaves other tasks unchanged', async () => {
        await tasks.create(1)
        const other = await tasks.create(2)
        await tasks.patch(1, { text: 'new', completed: true })
        expect(await tasks.get(2)).toStrictEqual(other)
      })

      test('ignores unknown members', async () => {
        const task = await tasks.create(1)
        const patch = { completed: false, user_id: bob, version: 9, order: 7 }
        expect(await tasks.patch(1, patch)).toStrictEqual(task)
      })
    })

    describe('another owner', () => {
      let others: Caller

      beforeEach(async () => {
        others = createCaller(repository, bob)
        await tasks.create(1)
        await tasks.create(2)
        await tasks.remove(2)
      })

      test('sees none of the tasks', async () => {
        expect(await others.get(1)).toBeNull()
        expect(await others.list()).toMatchObject({ tasks: [], count: 0 })
        expect(await others.list({ deleted: true })).toMatchObject({ tasks: [], count: 0 })
        expect(await others.changes(null)).toMatchObject({ changes: [], hasMore: false })
        expect(await others.revision()).not.toBe(await tasks.revision())
      })

      test('cannot change them', async () => {
        const revision = await tasks.revision()
        await others.create(3)
        for (const write of [
          writing.patch(1, { text: 'mine' }),
          writing.move(1, TOP),
          writing.remove(1),
          writing.erase(1),
          writing.restore(2),
          writing.erase(2),
        ])
          expect(await others.one(write)).toStrictEqual(NOT_FOUND)
        expect(await others.one(writing.move(3, before(1)))).toStrictEqual(NO_NEIGHBOUR)
        expect(await others.one(writing.move(3, after(1)))).toStrictEqual(NO_NEIGHBOUR)
        expect(await others.clearCompleted(true)).toBe(0)
        expect(await tasks.revision()).toBe(revision)
      })

      test('can have a task with the same id', async () => {
        const task = await tasks.get(1)
        const revision = await tasks.revision()
        await others.create(1, 'mine')
        await others.patch(1, { completed: true })
        expect(await others.get(1)).toMatchObject({ text: 'mine', version: 2 })
        await others.erase(1)
        expect(await tasks.get(1)).toStrictEqual(task)
        expect(await tasks.revision()).toBe(revision)
      })
    })

    describe('revision', () => {
      test('changes with every change of a task', async () => {
        const seen = [await tasks.revision()]
        for (const change of [
          () => tasks.create(1),
          () => tasks.create(2),
          () => tasks.patch(1, { completed: true }),
          () => tasks.move(1, TOP),
          () => tasks.remove(1),
          () => tasks.restore(1),
          () => tasks.clearCompleted(),
          () => tasks.erase(1),
        ]) {
          await change()
          const revision = await tasks.revision()
          expect(await tasks.list()).toMatchObject({ revision })
          seen.push(revision)
        }
        expect(new Set(seen).size).toBe(9)
      })

      test('stays when nothing changes', async () => {
        const unused = await tasks.revision()
        expect(await tasks.one(writing.patch(1, { text: 'x' }))).toStrictEqual(NOT_FOUND)
        expect(await tasks.revision()).toBe(unused)
        await tasks.create(1)
        const revision = await tasks.revision()
        await tasks.patch(1, { text: 'task 1', completed: false })
        await tasks.restore(1)
        await tasks.move(1, TOP)
        await tasks.one(writing.remove(1, [99]))
        await tasks.one(writing.erase(2))
        await tasks.one(writing.move(1, after(2)))
        await tasks.clearCompleted()
        await tasks.all([writing.create(3), writing.erase(2)], { atomic: true })
        expect(await tasks.revision()).toBe(revision)
      })
    })

    test('copies its arguments and results', async () => {
      const task = { ...(await tasks.create(1)) }
      const patch = { text: 'changed' }
      const changed = { ...(await tasks.patch(1, patch)) }
      patch.text = 'changed by the caller'
      const copies = [
        await tasks.get(1),
        await tasks.patch(1, {}),
        ...(await tasks.list()).tasks,
        ...((await tasks.changes(null))?.changes ?? []).map((change) =>
          change.type === 'upsert' ? change.task : null,
        ),
      ]
      for (const copy of copies) Object.assign(copy ?? {}, { text: 'changed by the caller' })
      expect(await tasks.get(1)).toStrictEqual(changed)
      expect(task.text).toBe('task 1')
    })
  })
}
