import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { TaskRepository } from '../../core/ports.ts'
import { changeTask } from '../../core/task.ts'
import { idNumber, ownerNamed, type StoreUnderTest, second, taskNumber } from './store.ts'

const ann = ownerNamed('ann')
const bob = ownerNamed('bob')

/** What every `TaskRepository` does, one call after the other. */
export function describeTaskRepository(store: StoreUnderTest): void {
  describe(`TaskRepository on ${store.name}`, () => {
    let opened: Awaited<ReturnType<StoreUnderTest['open']>>
    let repository: TaskRepository

    beforeEach(async () => {
      opened = await store.open()
      repository = opened.repository
    })

    afterEach(() => opened.close())

    describe('insert and get', () => {
      test('a task comes back as it went in', async () => {
        await repository.insert(ann, taskNumber(1))
        expect(await repository.get(ann, idNumber(1))).toStrictEqual(taskNumber(1))
      })

      test('a completed task keeps its times to the millisecond', async () => {
        const task = taskNumber(1, {
          completed: true,
          created_at: '2026-01-31T00:00:00.001Z',
          updated_at: '2026-01-31T23:59:59.999Z',
          completed_at: '2026-01-31T12:00:00.100Z',
        })
        await repository.insert(ann, task)
        expect(await repository.get(ann, task.id)).toStrictEqual(task)
        expect(await repository.list(ann)).toStrictEqual([task])
      })

      test.each([
        ['500 emoji', '😀'.repeat(500)],
        ['white space around', '  \t a \n\u2003'],
        ['both normal forms', 'e\u0301 \u00e9'],
        ['quotes and a statement', `'; drop table tasks; -- "`],
        ['a byte order mark', '\ufeff'],
        ['braces, commas and backslashes', '{"a",b\\c,NULL}'],
        ['a word that looks like null', 'null'],
        ['control characters', 'a\u0001\u001f\u007fb'],
        ['the last code point', '\u{10ffff}'],
      ])('text stays as it is: %s', async (_, text) => {
        await repository.insert(ann, taskNumber(1, { text }))
        expect((await repository.get(ann, idNumber(1)))?.text).toBe(text)
        expect((await repository.list(ann))[0]?.text).toBe(text)
        expect(
          (await repository.update(ann, idNumber(1), { text: `${text.slice(0, 400)}.` }, second(2)))
            ?.text,
        ).toBe(`${text.slice(0, 400)}.`)
      })

      test('owners that differ in letter case, normal form or trailing space are not the same', async () => {
        const names = ['ann', 'Ann', 'ann ', 'e\u0301', '\u00e9', '😀'.repeat(255)]
        for (const [n, name] of names.entries())
          await repository.insert(ownerNamed(name), taskNumber(n))
        for (const [n, name] of names.entries())
          expect(await repository.list(ownerNamed(name))).toStrictEqual([taskNumber(n)])
      })

      test('an id that was never given is not there', async () => {
        expect(await repository.get(ann, idNumber(1))).toBeNull()
      })
    })

    describe('list', () => {
      test('is empty for an owner without tasks', async () => {
        expect(await repository.list(ann)).toStrictEqual([])
      })

      test('comes newest first, and by id where the time is the same', async () => {
        const at = second(0)
        const tasks = [
          taskNumber(9, { created_at: second(-5) }),
          taskNumber(2, { created_at: at }),
          taskNumber(3, { created_at: at }),
          taskNumber(1, { created_at: second(5) }),
        ]
        for (const task of tasks) await repository.insert(ann, task)
        const listed = await repository.list(ann)
        expect(listed.map(({ id }) => id)).toStrictEqual([1, 3, 2, 9].map(idNumber))
      })

      test('an update does not reorder', async () => {
        for (const n of [1, 2, 3]) await repository.insert(ann, taskNumber(n))
        await repository.update(ann, idNumber(1), { text: 'changed' }, second(9))
        const listed = await repository.list(ann)
        expect(listed.map(({ id }) => id)).toStrictEqual([3, 2, 1].map(idNumber))
      })
    })

    describe('update', () => {
      const open = taskNumber(1)
      const done = taskNumber(1, {
        completed: true,
        completed_at: second(5),
        updated_at: second(5),
        created_at: second(1),
      })
      // Tables that were taken over hold such rows.
      const doneAtUnknownTime = { ...done, completed_at: null }

      test.each([
        ['text', open, { text: 'new' }, second(9)],
        ['completion', open, { completed: true }, second(9)],
        ['both', open, { text: 'new', completed: true }, second(9)],
        ['nothing', open, {}, second(9)],
        ['nothing, with the same values', open, { text: open.text, completed: false }, second(9)],
        ['text of a completed task', done, { text: 'new' }, second(9)],
        [
          'text of a completed task, completed again',
          done,
          { text: 'new', completed: true },
          second(9),
        ],
        ['reopening', done, { completed: false }, second(9)],
        ['completed again', done, { completed: true }, second(9)],
        ['completed at a time nobody knows', doneAtUnknownTime, { text: 'new' }, second(9)],
        ['a clock that went back, text', done, { text: 'new' }, second(2)],
        [
          'a clock that went back, completion',
          { ...open, updated_at: second(5) },
          { completed: true },
          second(2),
        ],
        ['a text that differs in letter case', open, { text: 'TASK 1' }, second(9)],
        ['a text that differs in trailing space', open, { text: 'task 1 ' }, second(9)],
      ])("does what the core's rule says: %s", async (_, task, patch, now) => {
        await repository.insert(ann, task)
        const expected = changeTask(task, patch, now)
        expect(await repository.update(ann, task.id, patch, now)).toStrictEqual(expected)
        expect(await repository.get(ann, task.id)).toStrictEqual(expected)
      })

      test('leaves other tasks as they are', async () => {
        await repository.insert(ann, taskNumber(1))
        await repository.insert(ann, taskNumber(2))
        await repository.update(ann, idNumber(1), { completed: true }, second(9))
        expect(await repository.get(ann, idNumber(2))).toStrictEqual(taskNumber(2))
      })

      test('of a task that is not there makes none', async () => {
        expect(await repository.update(ann, idNumber(1), { text: 'new' }, second(9))).toBeNull()
        expect(await repository.list(ann)).toStrictEqual([])
      })
    })

    describe('remove', () => {
      test('deletes the task, once', async () => {
        await repository.insert(ann, taskNumber(1))
        await repository.insert(ann, taskNumber(2))
        expect(await repository.remove(ann, idNumber(1))).toBe(true)
        expect(await repository.remove(ann, idNumber(1))).toBe(false)
        expect(await repository.get(ann, idNumber(1))).toBeNull()
        expect(await repository.list(ann)).toStrictEqual([taskNumber(2)])
      })
    })

    describe('another owner', () => {
      beforeEach(() => repository.insert(ann, taskNumber(1)))

      test('does not see the task', async () => {
        expect(await repository.get(bob, idNumber(1))).toBeNull()
        expect(await repository.list(bob)).toStrictEqual([])
      })

      test('cannot change or delete it', async () => {
        expect(await repository.update(bob, idNumber(1), { text: 'mine' }, second(9))).toBeNull()
        expect(await repository.remove(bob, idNumber(1))).toBe(false)
        expect(await repository.get(ann, idNumber(1))).toStrictEqual(taskNumber(1))
      })

      test('can have a task with the same id', async () => {
        await repository.insert(bob, taskNumber(1, { text: 'mine' }))
        await repository.update(bob, idNumber(1), { completed: true }, second(9))
        expect(await repository.remove(bob, idNumber(1))).toBe(true)
        expect(await repository.get(ann, idNumber(1))).toStrictEqual(taskNumber(1))
      })
    })

    test('what comes out and what went in are copies', async () => {
      const task = taskNumber(1)
      await repository.insert(ann, task)
      task.text = 'changed by the caller'
      for (const copy of [
        await repository.get(ann, idNumber(1)),
        await repository.update(ann, idNumber(1), {}, second(9)),
        ...(await repository.list(ann)),
      ])
        Object.assign(copy ?? {}, { text: 'changed by the caller' })
      expect(await repository.get(ann, idNumber(1))).toStrictEqual(taskNumber(1))
    })
  })
}
