import { describe, expect, test } from 'bun:test'
import { createDraft, type Draft } from '../../core/draft.ts'
import type { List } from '../../core/list.ts'
import { applyListWrite } from '../../core/list-writes.ts'
import { compareOrder, ORDER_GAP } from '../../core/order.ts'
import { HIGHEST_ORDER, LOWEST_ORDER, type Task } from '../../core/task.ts'
import { eraseTask } from '../../core/task-changes.ts'
import { BOTTOM, TOP, writing } from '../conformance/stores/caller.ts'
import { plainItems } from '../conformance/stores/oracle.ts'
import {
  idNumber,
  listId,
  listNumber,
  numberOf,
  second,
  taskNumber,
} from '../conformance/stores/store.ts'

const now = second(60)
const context = {
  now,
  newId(): never {
    throw new Error('lists add no tasks')
  },
}

function draftOf(lists: readonly List[], tasks: readonly Task[] = []): Draft {
  return createDraft(plainItems(tasks, lists), { top: null, live: tasks.length })
}

const inOrder = (draft: Draft) =>
  draft.lists
    .all()
    .sort(compareOrder)
    .map((list) => numberOf(list) - numberOf({ id: listId(0) }))

const before = (n: number) => ({ before: listId(n) })
const after = (n: number) => ({ after: listId(n) })

describe('the order of lists', () => {
  test('starts at 0 and grows by the gap', () => {
    const draft = draftOf([])
    for (const n of [1, 2]) applyListWrite(draft, writing.createList(n), context)
    expect(draft.lists.all().map(({ order }) => order)).toStrictEqual([0, ORDER_GAP])
  })

  test('makes room at the bottom when the highest order is taken', () => {
    const draft = draftOf([listNumber(1, { order: 5 }), listNumber(2, { order: HIGHEST_ORDER })])
    applyListWrite(draft, writing.createList(3), context)
    expect(inOrder(draft)).toStrictEqual([1, 2, 3])
    for (const { order } of draft.lists.all()) expect(order).toBeLessThanOrEqual(HIGHEST_ORDER)
  })

  test('makes room at the top when the lowest order is taken', () => {
    const draft = draftOf([listNumber(1, { order: LOWEST_ORDER }), listNumber(2, { order: 5 })])
    applyListWrite(draft, writing.moveList(2, TOP), context)
    expect(inOrder(draft)).toStrictEqual([2, 1])
    for (const { order } of draft.lists.all()) expect(order).toBeGreaterThanOrEqual(LOWEST_ORDER)
  })

  test.each([
    ['before another', 4, before(2), [1, 4, 2, 3]],
    ['after another', 1, after(2), [2, 1, 3, 4]],
    ['before the first', 3, before(1), [3, 1, 2, 4]],
    ['after the last', 2, after(4), [1, 3, 4, 2]],
    ['to the top', 4, TOP, [4, 1, 2, 3]],
    ['to the bottom', 1, BOTTOM, [2, 3, 4, 1]],
  ])('moves a list %s when all have one order', (_, n, destination, expected) => {
    const draft = draftOf([1, 2, 3, 4].map((one) => listNumber(one, { order: 7 })))
    applyListWrite(draft, writing.moveList(n, destination), context)
    expect(inOrder(draft)).toStrictEqual(expected)
  })

  test('changes only the list that moves if there is room', () => {
    const draft = draftOf([1, 2, 3].map((n) => listNumber(n, { order: n * ORDER_GAP })))
    applyListWrite(draft, writing.moveList(3, before(2)), context)
    expect(draft.lists.changes()).toMatchObject([{ after: { id: listId(3), version: 2 } }])
  })
})

describe('deleting a list', () => {
  const list = listNumber(1, { name: 'secret', color: '#123456' })
  const tasks = [
    taskNumber(1, { list_id: listId(1) }),
    taskNumber(2, { list_id: listId(1), parent_id: idNumber(1) }),
    taskNumber(3, { list_id: listId(2) }),
    taskNumber(4, { list_id: listId(1), deleted_at: second(5) }),
  ]

  test('leaves a tombstone of the list, and its tasks in the trash', () => {
    const draft = draftOf([list, listNumber(2)], tasks)
    const outcome = applyListWrite(draft, writing.removeList(1), context)
    expect(outcome).toStrictEqual({ kind: 'list_done', list: null })
    expect(draft.lists.changes()).toStrictEqual([
      {
        before: list,
        after: {
          ...list,
          name: '',
          color: null,
          version: 2,
          updated_at: now,
          deleted_at: now,
        },
        isErased: true,
      },
    ])
    const [parent, subtask] = tasks
    const trashed = { list_id: listId(1), version: 2, updated_at: now, deleted_at: now }
    expect<unknown>(draft.tasks.changes()).toStrictEqual([
      { before: parent, after: { ...parent, ...trashed }, isErased: false },
      {
        before: subtask,
        after: { ...subtask, ...trashed, deleted_with_parent: true },
        isErased: false,
      },
    ])
  })

  test('leaves tombstones of its tasks if it is permanent', () => {
    const draft = draftOf([list], tasks)
    applyListWrite(draft, writing.removeList(1, null, true), context)
    expect<unknown>(draft.tasks.changes()).toStrictEqual(
      tasks.slice(0, 2).map((task) => ({
        before: task,
        after: eraseTask(task, now),
        isErased: true,
      })),
    )
  })

  test.each<[string, Task[]]>([
    ['is gone', []],
    ['is in the trash', [taskNumber(1, { list_id: listId(1), deleted_at: second(5) })]],
  ])('takes along a subtask whose parent %s', (_, parents) => {
    const orphan = taskNumber(2, { list_id: listId(1), parent_id: idNumber(1) })
    const draft = draftOf([list], [...parents, orphan])
    applyListWrite(draft, writing.removeList(1), context)
    expect(draft.tasks.inList(listId(1))).toStrictEqual([])
    const trashed = { version: 2, updated_at: now, deleted_at: now }
    expect<unknown>(draft.tasks.changes()).toStrictEqual([
      { before: orphan, after: { ...orphan, ...trashed }, isErased: false },
    ])
  })

  test('makes room for another list', () => {
    const draft = draftOf(Array.from({ length: 500 }, (_, n) => listNumber(n)))
    expect(applyListWrite(draft, writing.createList(500), context)).toStrictEqual({
      kind: 'invalid',
      problems: ['lists: you have the maximum of 500 lists; delete some first'],
    })
    applyListWrite(draft, writing.removeList(7), context)
    expect(applyListWrite(draft, writing.createList(500), context)).toMatchObject({
      kind: 'list_done',
    })
  })
})
