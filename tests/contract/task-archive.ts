import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { ArchivedTask } from '../../core/archive.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskArchive, TaskRepository } from '../../core/ports.ts'
import { newestFirst, type Task } from '../../core/task.ts'
import { idNumber, ownerNamed, second, taskNumber } from './store.ts'

/** How a store lends itself to this suite. */
export interface ArchiveUnderTest {
  readonly name: string
  /** An archive and a repository on the same empty store. */
  open(): Promise<{
    readonly archive: TaskArchive
    readonly repository: TaskRepository
    close(): Promise<void>
  }>
}

const ann = ownerNamed('ann')
const bob = ownerNamed('bob')

// More than any store's page.
const MANY = 1203

/** What every `TaskArchive` does. */
export function describeTaskArchive(store: ArchiveUnderTest): void {
  describe(`TaskArchive on ${store.name}`, () => {
    let opened: Awaited<ReturnType<ArchiveUnderTest['open']>>
    let archive: TaskArchive
    let repository: TaskRepository

    beforeEach(async () => {
      opened = await store.open()
      archive = opened.archive
      repository = opened.repository
    })

    afterEach(() => opened.close())

    async function readAll(owner: Owner | null): Promise<ArchivedTask[]> {
      const tasks: ArchivedTask[] = []
      for (;;) {
        const page = await archive.read(owner, tasks.at(-1) ?? null)
        if (page.length === 0) return tasks
        tasks.push(...page)
      }
    }

    test('is empty where nothing is', async () => {
      expect(await archive.read(null, null)).toStrictEqual([])
      expect(await archive.read(ann, null)).toStrictEqual([])
      expect(await archive.add([])).toBe(0)
    })

    test('what is added is what the repository gives, ids and times as they were', async () => {
      const tasks = [
        taskNumber(1, { id: '7b2c4f8e-1f7c-4a53-9a0d-3f1c2d5e6b70', created_at: second(5) }),
        taskNumber(2, {
          completed: true,
          created_at: '2024-02-29T23:59:59.999Z',
          updated_at: '2026-01-31T00:00:00.001Z',
          completed_at: '2026-01-31T00:00:00.100Z',
        }),
        taskNumber(3, { completed: true }),
        taskNumber(4, { created_at: '0001-01-01T00:00:00.000Z' }),
      ]
      expect(await archive.add(owned(ann, tasks))).toBe(4)
      expect(await repository.list(ann)).toStrictEqual(tasks.toSorted(newestFirst))
      expect(await repository.list(bob)).toStrictEqual([])
    })

    test('what the repository has is what is read, its members in order', async () => {
      await repository.insert(ann, taskNumber(1))
      await repository.update(ann, idNumber(1), { completed: true }, second(9))
      const task = { user_id: ann, ...(await repository.get(ann, idNumber(1))) }
      const page = await archive.read(null, null)
      expect(JSON.stringify(page)).toBe(JSON.stringify([task]))
      expect(JSON.stringify(await archive.read(ann, null))).toBe(JSON.stringify([task]))
    })

    test.each([
      ['500 emoji', '😀'.repeat(500)],
      ['quotes and a statement', `'; drop table tasks; -- "`],
      ['braces, commas and backslashes', '{"a",b\\c,NULL}'],
      ['control characters', 'a\t\n\r\u0001\u001f\u007fb'],
      ['white space and a byte order mark', ' \u2003\ufeffa '],
    ])('text stays as it is: %s', async (_, text) => {
      await archive.add(owned(ann, [taskNumber(1, { text })]))
      expect((await repository.get(ann, idNumber(1)))?.text).toBe(text)
      expect((await archive.read(null, null))[0]?.text).toBe(text)
    })

    test('every task comes once, by owner and id, over several pages', async () => {
      const names = ['Ann', 'ann', 'ann ', 'bob', 'é', '😀'.repeat(255)]
      const added = names.flatMap((name, n) =>
        owned(ownerNamed(name), numbers(name === 'ann' ? MANY : n, MANY)),
      )
      expect(await archive.add(added.toReversed())).toBe(added.length)
      const read = await readAll(null)
      expect(new Set(read.map(({ user_id }) => user_id)).size).toBe(5)
      expect(read.toSorted(byKey)).toStrictEqual(added.toSorted(byKey))
      for (const name of names)
        expect(read.filter(({ user_id }) => user_id === name)).toStrictEqual(
          added.filter(({ user_id }) => user_id === name),
        )
    })

    test('of one owner only theirs come', async () => {
      const ofAnn = owned(ann, numbers(MANY, 0))
      await archive.add([...ofAnn, ...owned(bob, numbers(MANY, 0))])
      expect(await readAll(ann)).toStrictEqual(ofAnn)
      expect(await archive.read(ann, { user_id: bob, id: idNumber(MANY - 2) })).toHaveLength(1)
      expect(await readAll(ownerNamed('cyd'))).toStrictEqual([])
    })

    test('what is there is left alone, whatever has become of it', async () => {
      const tasks = owned(ann, numbers(3, 0))
      await archive.add(tasks.slice(0, 2))
      const changed = await repository.update(ann, idNumber(0), { text: 'changed' }, second(99))
      expect(await archive.add(tasks)).toBe(1)
      expect(await archive.add(tasks)).toBe(0)
      expect(await repository.get(ann, idNumber(0))).toStrictEqual(changed)
      expect(await repository.list(ann)).toHaveLength(3)
    })

    test('the same id is another task of another owner, and one within one call', async () => {
      const task = taskNumber(1)
      const twice = [...owned(ann, [task]), ...owned(ann, [task]), ...owned(bob, [task])]
      expect(await archive.add(twice)).toBe(2)
      expect(await repository.get(bob, task.id)).toStrictEqual(task)
    })

    test('a call that fails adds nothing', async () => {
      const tasks = owned(ann, numbers(3, 0))
      const wrong = Object.assign({}, tasks[1], { id: idNumber(9), text: null })
      const failed = await archive.add([...tasks, wrong]).catch((error: unknown) => error)
      expect(failed).toBeInstanceOf(Error)
      expect(await archive.read(null, null)).toStrictEqual([])
    })

    test('racing calls add each task once', async () => {
      const tasks = owned(ann, numbers(100, 0))
      const added = await Promise.all(Array.from({ length: 10 }, () => archive.add(tasks)))
      expect(added.reduce((sum, count) => sum + count)).toBe(100)
      expect(await repository.list(ann)).toHaveLength(100)
    })
  })
}

function owned(owner: Owner, tasks: readonly Task[]): ArchivedTask[] {
  return tasks.map((task) => ({ user_id: owner, ...task }))
}

function numbers(count: number, from: number): Task[] {
  return Array.from({ length: count }, (_, n) => taskNumber(from + n))
}

function byKey(a: ArchivedTask, b: ArchivedTask): number {
  const [left, right] = [a, b].map(({ user_id, id }) => `${user_id}\0${id}`)
  return `${left}` < `${right}` ? -1 : 1
}
