import { beforeEach, describe, expect, test } from 'bun:test'
import { searchFor } from '../../../core/search.ts'
import { DEFAULTS, PRIORITIES, type Task, type TaskPatch } from '../../../core/task.ts'
import { BOTTOM, type Caller, createCaller, NOT_FOUND, replayOf, writing } from './caller.ts'
import { ann, idNumber, listId, openForEach, type StoreUnderTest, second } from './store.ts'
import { TEXTS } from './texts.ts'

const PARENT = 1
const TASK = 2

/** A value other than the default for each member. */
const FULL = {
  description: 'Two litres',
  due: '2026-02-03T09:30',
  time_zone: 'Europe/Berlin',
  priority: 'high',
  tags: ['Home', 'straße'],
  list_id: listId(1),
  parent_id: idNumber(PARENT),
  recurrence: { rule: 'FREQ=WEEKLY;BYDAY=TU', from: 'completion' },
} as const satisfies TaskPatch

/** Another value for each member, which goes with the others of `FULL`. */
const OTHER = {
  description: 'Three litres',
  due: '2026-02-10T10:00',
  time_zone: 'Asia/Kolkata',
  priority: 'low',
  tags: ['straße', 'Home'],
  list_id: null,
  parent_id: null,
  recurrence: { rule: 'FREQ=WEEKLY;BYDAY=TU', from: 'due' },
} as const satisfies TaskPatch

type Detail = keyof typeof FULL
const DETAILS = Object.keys(FULL) as Detail[] // The compiler forgets which keys an object has.

// A subtask cannot leave the list of its parent.
const FREE = DETAILS.filter((name) => name !== 'list_id')

/** Values that a careless store would change. */
const VALUES: readonly (readonly [name: string, members: TaskPatch])[] = [
  ...TEXTS.map(([name, description]) => [`a description of ${name}`, { description }] as const),
  ['a description of 10,000 emoji', { description: '😀'.repeat(10_000) }],
  ['the first day', { due: '1900-01-01' }],
  ['the last minute', { due: '9999-12-31T23:59' }],
  ['a leap day', { due: '2024-02-29' }],
  ['a minute that a change of clocks skips', { due: '2026-03-29T02:30', time_zone: 'Europe/Oslo' }],
  ['a time zone with two slashes', { due: '2026-01-31T00:00', time_zone: 'America/Indiana/Knox' }],
  ...PRIORITIES.map((priority) => [`the priority ${priority}`, { priority }] as const),
  ['20 tags of 50 emoji', { tags: Array.from({ length: 20 }, (_, n) => tagOfEmoji(n)) }],
  ['tags with delimiters', { tags: ['a,b', '"', '\\', '{}', '[]', "'", 'a b', '%_', 'null'] }],
  ['tags that are not sorted', { tags: ['b', 'a', 'C', 'ä', '😀', '1'] }],
  ['a tag that is not normalized', { tags: ['e\u0301', 'İ', 'ſ', '\ufb01'] }],
  ['a recurrence', { due: '2026-01-31', recurrence: { rule: 'FREQ=DAILY', from: 'due' } }],
]

function tagOfEmoji(n: number): string {
  return `${String.fromCodePoint(0x1f600 + n)}${'😀'.repeat(49)}`
}

/** How a `TaskRepository` stores the members of tasks. */
export function describeDetails(store: StoreUnderTest): void {
  describe(`details on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(async () => {
      tasks = createCaller(opened().repository, ann)
      await tasks.createList(1)
      await tasks.add(PARENT, { list_id: listId(1) })
    })

    /** The task, as each way of reading returns it. */
    async function readings(n: number): Promise<unknown[]> {
      const id = idNumber(n)
      const page = await tasks.list()
      const feed = (await tasks.changes(null))?.changes ?? []
      return [
        await tasks.get(n),
        page.tasks.find((task) => task.id === id),
        ...feed.flatMap((change) =>
          change.type === 'upsert' && change.task.id === id ? [change.task] : [],
        ),
      ]
    }

    test('gives a new task the defaults', async () => {
      const task = await tasks.create(TASK)
      expect(task).toMatchObject({ ...DEFAULTS, successor_id: null, completed: false })
      expect(await readings(TASK)).toStrictEqual([task, task, task])
    })

    test('creates a task with every member', async () => {
      const task = await tasks.add(TASK, FULL)
      expect(task).toMatchObject({ ...FULL, successor_id: null, completed: false, version: 1 })
      expect(await readings(TASK)).toStrictEqual([task, task, task])
    })

    test.each(VALUES)('returns %s as it was sent', async (_, members) => {
      const created = await tasks.add(TASK, members)
      expect(created).toMatchObject(members)
      expect(await readings(TASK)).toStrictEqual([created, created, created])
      await tasks.create(3)
      const patched = await tasks.patch(3, members)
      expect(patched).toMatchObject(members)
      expect(await readings(3)).toStrictEqual([patched, patched, patched])
    })

    test.each(FREE)('changes %s and keeps the other members', async (name) => {
      const before = await tasks.add(TASK, FULL)
      const change = { [name]: OTHER[name] }
      const after = await tasks.patch(TASK, change, second(60))
      expect(after).toStrictEqual({ ...before, ...change, version: 2, updated_at: second(60) })
      expect(await readings(TASK)).toStrictEqual([after, after, after])
    })

    test('changes every member at once', async () => {
      const before = await tasks.add(TASK, FULL)
      const after = await tasks.patch(TASK, OTHER, second(60))
      expect(after).toStrictEqual({ ...before, ...OTHER, version: 2, updated_at: second(60) })
      expect(await tasks.get(TASK)).toStrictEqual(after)
    })

    test.each(FREE.filter((name) => name !== 'due'))(
      'gives %s its default again and keeps the other members',
      async (name) => {
        const before = await tasks.add(TASK, FULL)
        const change = { [name]: DEFAULTS[name] }
        const after = await tasks.patch(TASK, change, second(60))
        expect(after).toStrictEqual({ ...before, ...change, version: 2, updated_at: second(60) })
        expect(await readings(TASK)).toStrictEqual([after, after, after])
      },
    )

    test('gives every member its default again', async () => {
      await tasks.add(TASK, FULL)
      expect(await tasks.patch(TASK, DEFAULTS)).toMatchObject(DEFAULTS)
      expect(await tasks.get(TASK)).toMatchObject(DEFAULTS)
    })

    test('keeps every member when only the text changes', async () => {
      await tasks.add(TASK, FULL)
      await tasks.patch(TASK, { text: 'new', completed: false })
      expect(await tasks.get(TASK)).toMatchObject({ ...FULL, text: 'new', version: 2 })
    })

    test('keeps every member of a task that is completed, moved, deleted and restored', async () => {
      await tasks.add(TASK, { ...FULL, recurrence: null })
      await tasks.patch(TASK, { completed: true })
      await tasks.move(TASK, BOTTOM)
      await tasks.remove(TASK)
      expect((await tasks.trash())[0]).toMatchObject({ ...FULL, recurrence: null })
      await tasks.restore(TASK)
      expect(await tasks.get(TASK)).toMatchObject({ ...FULL, recurrence: null, version: 5 })
    })

    test('keeps every member when an atomic batch fails', async () => {
      const task = await tasks.add(TASK, FULL)
      await tasks.all([writing.patch(TASK, OTHER), writing.remove(9)], { atomic: true })
      expect(await readings(TASK)).toStrictEqual([task, task, task])
    })

    test.each(DETAILS)('changes nothing when %s has the value already', async (name) => {
      const task = await tasks.add(TASK, FULL)
      const revision = await tasks.revision()
      const outcome = await tasks.one(writing.patch(TASK, { [name]: FULL[name] }), second(60))
      expect(outcome).toStrictEqual({ kind: 'done', task })
      expect(await tasks.revision()).toBe(revision)
    })

    test('changes nothing when every member has its value already, in any order', async () => {
      const task = await tasks.add(TASK, FULL)
      const revision = await tasks.revision()
      for (const members of [FULL, reversed(FULL)])
        expect(await tasks.patch(TASK, members, second(60))).toStrictEqual(task)
      expect(await tasks.revision()).toBe(revision)
    })

    test('stores the same whatever the order of the members', async () => {
      const task = await tasks.add(TASK, reversed(FULL))
      expect(task).toMatchObject(FULL)
      expect(Object.keys(await tasks.existing(TASK))).toHaveLength(Object.keys(task).length)
      expect(await tasks.patch(TASK, reversed(OTHER))).toMatchObject(OTHER)
    })

    test('counts the order and the spelling of tags as a change', async () => {
      await tasks.add(TASK, { tags: ['a', 'b'] })
      expect(await tasks.patch(TASK, { tags: ['b', 'a'] })).toMatchObject({ version: 2 })
      expect(await tasks.patch(TASK, { tags: ['B', 'a'] })).toMatchObject({ version: 3 })
      expect(await tasks.patch(TASK, { tags: ['B', 'a'] })).toMatchObject({ version: 3 })
      expect(await tasks.get(TASK)).toMatchObject({ tags: ['B', 'a'] })
    })

    test('applies each write of a batch to the members that the ones before it left', async () => {
      const outcomes = await tasks.all([
        writing.create(TASK, 'x', { tags: ['a'], due: '2026-01-31' }),
        writing.patch(TASK, { tags: ['a', 'b'] }),
        writing.patch(TASK, { due: '2026-01-31T09:30', time_zone: 'Asia/Tokyo' }),
        writing.patch(TASK, { description: 'd' }),
      ])
      expect(outcomes.map(({ kind }) => kind)).toStrictEqual(['done', 'done', 'done', 'done'])
      expect(await tasks.get(TASK)).toMatchObject({
        tags: ['a', 'b'],
        due: '2026-01-31T09:30',
        time_zone: 'Asia/Tokyo',
        description: 'd',
        version: 4,
      })
    })

    test('returns every member to a retried call', async () => {
      const retry = { key: 'key', fingerprint: 'same', rememberedSince: second(0) }
      const send = () => tasks.send([writing.create(TASK, 'x', FULL)], { retry })
      const first = await send()
      expect(first).toMatchObject({ outcomes: [{ task: FULL }] })
      expect(await send()).toStrictEqual(replayOf(first))
    })

    test('finds nothing of a permanently deleted task', async () => {
      await tasks.add(TASK, FULL)
      await tasks.erase(TASK)
      for (const deleted of [false, true])
        for (const query of [
          { search: searchFor('litres') },
          { search: searchFor('strasse') },
          { tags: ['home'] },
          { priorities: ['high' as const] },
          { parent: idNumber(PARENT) },
          { due: { after: '2026-02-03', before: null } },
        ])
          expect(await tasks.list({ ...query, deleted })).toMatchObject({ tasks: [], count: 0 })
      expect(await tasks.one(writing.restore(TASK))).toStrictEqual(NOT_FOUND)
      expect((await tasks.lists())[0]).toMatchObject({ open: 1 })
    })
  })
}

function reversed(members: TaskPatch): Partial<Task> {
  return Object.fromEntries(Object.entries(members).toReversed())
}
