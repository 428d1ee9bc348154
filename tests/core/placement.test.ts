import { describe, expect, test } from 'bun:test'
import { createDraft, type Draft } from '../../core/draft.ts'
import {
  MAX_SUBTASKS,
  type Place,
  placeAfter,
  placeOfNew,
  placeOfRestored,
} from '../../core/placement.ts'
import type { Task } from '../../core/task.ts'
import { plainItems } from '../conformance/stores/oracle.ts'
import { idNumber, listId, listNumber, second, taskNumber } from '../conformance/stores/store.ts'

const inList = (n: number, list: number, fields: Partial<Task> = {}) =>
  taskNumber(n, { list_id: listId(list), ...fields })

const trashed = { deleted_at: second(9) }

// Task 1, in list 1, has the subtask 2. Task 3 is in list 2, 4 in the inbox, 5 in the trash.
const TASKS = [
  inList(1, 1),
  inList(2, 1, { parent_id: idNumber(1) }),
  inList(3, 2),
  taskNumber(4),
  inList(5, 1, trashed),
]

function draftOf(tasks: readonly Task[]): Draft {
  const items = plainItems(tasks, [listNumber(1), listNumber(2)])
  return createDraft(items, { top: null, live: 0 })
}

function fullParent(): Task[] {
  const parent_id = idNumber(1)
  return [
    inList(1, 1),
    ...Array.from({ length: MAX_SUBTASKS }, (_, n) => inList(100 + n, 1, { parent_id })),
  ]
}

describe('placeOfNew', () => {
  function place(wanted: Partial<Place>, tasks = TASKS) {
    const problems: string[] = []
    const found = placeOfNew(draftOf(tasks), wanted, problems)
    return problems.length > 0 ? problems : found
  }

  test('is the inbox by default', () => {
    expect(place({})).toStrictEqual({ list_id: null, parent_id: null })
  })

  test('is the list that is wanted', () => {
    const wanted = { list_id: listId(2), parent_id: null }
    expect(place(wanted)).toStrictEqual(wanted)
  })

  test('is the list of the parent', () => {
    const expected = { list_id: listId(1), parent_id: idNumber(1) }
    expect(place({ parent_id: idNumber(1) })).toStrictEqual(expected)
    expect(place({ parent_id: idNumber(1), list_id: null })).toStrictEqual(expected)
    expect(place(expected)).toStrictEqual(expected)
    const inbox = { list_id: null, parent_id: idNumber(4) }
    expect(place({ parent_id: idNumber(4) })).toStrictEqual(inbox)
  })

  test.each<[string, Partial<Place>, string]>([
    ['an unknown list', { list_id: listId(9) }, 'list_id: must be the id of one of your lists'],
    [
      'an unknown parent',
      { parent_id: idNumber(9) },
      'parent_id: must be the id of one of your tasks',
    ],
    [
      'a parent in the trash',
      { parent_id: idNumber(5) },
      'parent_id: must be the id of one of your tasks',
    ],
    [
      'a parent that is a subtask',
      { parent_id: idNumber(2) },
      'parent_id: must be the id of a task that has no parent itself',
    ],
    [
      'a list other than the one of the parent',
      { parent_id: idNumber(1), list_id: listId(2) },
      'list_id: must be the list of the parent, or absent',
    ],
    [
      'a list for a subtask in the inbox',
      { parent_id: idNumber(4), list_id: listId(2) },
      'list_id: must be the list of the parent, or absent',
    ],
  ])('refuses %s', (_, wanted, problem) => {
    expect(place(wanted)).toStrictEqual([problem])
  })

  test('refuses a parent without room, not counting its subtasks in the trash', () => {
    const wanted = { parent_id: idNumber(1) }
    expect(place(wanted, fullParent())).toStrictEqual([
      'parent_id: must be the id of a task with fewer than 100 subtasks',
    ])
    const [parent, subtask, ...others] = fullParent()
    if (!parent || !subtask) throw new Error('there are subtasks')
    const tasks = [parent, { ...subtask, ...trashed }, ...others]
    expect(place(wanted, tasks)).toMatchObject(wanted)
  })
})

describe('placeAfter', () => {
  function place(n: number, patch: Partial<Place>, tasks = TASKS) {
    const problems: string[] = []
    const draft = draftOf(tasks)
    const task = draft.tasks.find(idNumber(n))
    if (!task) throw new Error(`there is no task ${n}`)
    const found = placeAfter(draft, task, patch, problems)
    return problems.length > 0 ? problems : found
  }

  test.each<[string, number, Partial<Place>, Place]>([
    ['stays without a new place', 2, {}, { list_id: listId(1), parent_id: idNumber(1) }],
    ['is another list', 3, { list_id: listId(1) }, { list_id: listId(1), parent_id: null }],
    ['is the inbox', 1, { list_id: null }, { list_id: null, parent_id: null }],
    [
      'stays in the list without a parent',
      2,
      { parent_id: null },
      { list_id: listId(1), parent_id: null },
    ],
    [
      'is another list and parent',
      4,
      { list_id: listId(1), parent_id: idNumber(1) },
      { list_id: listId(1), parent_id: idNumber(1) },
    ],
    [
      'is another list without the parent',
      2,
      { list_id: listId(2), parent_id: null },
      { list_id: listId(2), parent_id: null },
    ],
  ])('%s', (_, n, patch, expected) => {
    expect(place(n, patch)).toStrictEqual(expected)
  })

  test('does not judge a list that stays the same', () => {
    const task = inList(7, 9)
    expect(place(7, { list_id: listId(9) }, [task])).toMatchObject({ list_id: listId(9) })
  })

  test('does not judge a parent that stays the same', () => {
    const tasks = fullParent()
    expect(place(100, { parent_id: idNumber(1) }, tasks)).toMatchObject({ parent_id: idNumber(1) })
  })

  test('refuses itself as a parent, and says nothing else', () => {
    expect(place(1, { parent_id: idNumber(1) })).toStrictEqual([
      'parent_id: must be the id of another task',
    ])
  })

  test.each([
    ['an unknown parent', 9, 'parent_id: must be the id of one of your tasks'],
    ['its own subtask', 2, 'parent_id: must be the id of a task that has no parent itself'],
    ['another parent', 6, 'parent_id: must be null for a task that has subtasks'],
  ])('names the parent once if a task with subtasks gets %s', (_, n, problem) => {
    expect(place(1, { parent_id: idNumber(n) }, [...TASKS, inList(6, 1)])).toStrictEqual([problem])
  })

  test('counts neither trash nor tombstones as subtasks', () => {
    const tasks = [...TASKS, inList(6, 1), inList(7, 1, { parent_id: idNumber(6), ...trashed })]
    expect(place(6, { parent_id: idNumber(1) }, tasks)).toMatchObject({ parent_id: idNumber(1) })
  })
})

describe('placeOfRestored', () => {
  const subtask = inList(6, 1, { parent_id: idNumber(1), ...trashed })
  const alone = { list_id: listId(1), parent_id: null }

  function place(task: Task, tasks: readonly Task[] = TASKS) {
    return placeOfRestored(draftOf([...tasks, task]), task)
  }

  test('is below the parent, in the list of the parent', () => {
    const expected = { list_id: listId(1), parent_id: idNumber(1) }
    expect(place(subtask)).toStrictEqual(expected)
    expect(place({ ...subtask, list_id: listId(2) })).toStrictEqual(expected)
    const inInbox = { ...subtask, parent_id: idNumber(4) }
    expect(place(inInbox)).toStrictEqual({ list_id: null, parent_id: idNumber(4) })
  })

  test.each<[string, Task[]]>([
    ['is gone', []],
    ['is in the trash', [inList(1, 1, trashed)]],
    ['has a parent', [inList(1, 1, { parent_id: idNumber(3) })]],
    ['has no room', fullParent()],
  ])('is without the parent if that %s', (_, tasks) => {
    expect(place(subtask, tasks)).toStrictEqual(alone)
  })

  test('is the inbox if the list is gone', () => {
    expect(place(inList(6, 9, trashed))).toStrictEqual({ list_id: null, parent_id: null })
    expect(place({ ...subtask, list_id: listId(9) }, [])).toStrictEqual({
      list_id: null,
      parent_id: null,
    })
  })
})
