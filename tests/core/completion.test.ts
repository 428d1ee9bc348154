import { describe, expect, test } from 'bun:test'
import { addSuccessor, removeSuccessor } from '../../core/completion.ts'
import { createDraft, type Draft } from '../../core/draft.ts'
import { DEFAULTS, type Task } from '../../core/task.ts'
import { changeTask, eraseTask } from '../../core/task-changes.ts'
import { plainItems } from '../conformance/stores/oracle.ts'
import { idNumber, listId, second, taskNumber } from '../conformance/stores/store.ts'

const NOW = second(60)
const LATER = second(70)
const FIRST_ID = 1000
const DAILY = { rule: 'FREQ=DAILY;COUNT=5', from: 'due' } as const

const MEMBERS = {
  description: 'secret',
  due: '2026-01-31T09:30',
  time_zone: 'Asia/Tokyo',
  priority: 'high',
  tags: ['a', 'b'],
  list_id: listId(1),
  order: 7,
} as const

const task = taskNumber(1, { ...MEMBERS, recurrence: DAILY, version: 4 })
const completed = changeTask(task, { completed: true }, NOW)

function subtask(n: number, fields: Partial<Task> = {}): Task {
  return taskNumber(n, { parent_id: idNumber(1), list_id: listId(1), ...fields })
}

function draftOf(tasks: readonly Task[]): Draft {
  return createDraft(plainItems(tasks), { top: null, live: tasks.length })
}

/** Completes task 1 in a draft. */
function complete(draft: Draft): Task {
  let next = FIRST_ID
  const after = addSuccessor(draft, completed, { now: NOW, newId: () => idNumber(next++) })
  draft.tasks.put(task, after)
  return after
}

/** Reopens task 1 in a draft. */
function reopen(draft: Draft, before: Task): Task {
  return removeSuccessor(draft, changeTask(before, { completed: false }, LATER), LATER)
}

function added(draft: Draft): Task[] {
  return draft.tasks.changes().flatMap(({ before, after }) => (before ? [] : [after]))
}

describe('addSuccessor', () => {
  test('adds a new task with the members of the completed one', () => {
    const draft = draftOf([task])
    expect(complete(draft)).toStrictEqual({
      ...completed,
      recurrence: null,
      successor_id: idNumber(FIRST_ID),
      undo: { recurrence: DAILY, copies: [] },
    })
    expect(added(draft)).toStrictEqual([
      {
        ...taskNumber(1, MEMBERS),
        id: idNumber(FIRST_ID),
        due: '2026-02-01T09:30',
        recurrence: { rule: 'FREQ=DAILY;COUNT=4', from: 'due' },
        created_at: NOW,
        updated_at: NOW,
      },
    ])
  })

  test('copies the subtasks, the oldest first, whatever the order in which they are stored', () => {
    const [two, three, four] = [2, 3, 4].map((n) => subtask(n, { text: `text ${n}` }))
    if (!two || !three || !four) throw new Error('there are three')
    const trashed = subtask(5, { deleted_at: second(5) })
    for (const stored of [
      [task, four, two, trashed, three],
      [three, task, trashed, four, two],
    ]) {
      const draft = draftOf(stored)
      const copies = [1, 2, 3].map((n) => idNumber(FIRST_ID + n))
      expect(complete(draft).undo?.copies).toStrictEqual(copies)
      expect(added(draft).slice(1)).toStrictEqual(
        [two, three, four].map((original, index) => ({
          ...original,
          id: copies[index] ?? '',
          parent_id: idNumber(FIRST_ID),
          created_at: NOW,
          updated_at: NOW,
        })),
      )
    }
  })

  test('leaves out a subtask that another subtask followed', () => {
    const draft = draftOf([
      task,
      subtask(2, { completed: true, successor_id: idNumber(3) }),
      subtask(3, { completed: true, successor_id: idNumber(4) }),
      subtask(4),
      subtask(5, { completed: true, successor_id: idNumber(6) }),
      taskNumber(6, { list_id: listId(1) }),
    ])
    complete(draft)
    expect(added(draft).map(({ text }) => text)).toStrictEqual(['task 1', 'task 4', 'task 5'])
  })

  test('adds nothing after the last date, but remembers the recurrence', () => {
    const recurrence = { rule: 'FREQ=DAILY;COUNT=1', from: 'due' } as const
    const draft = draftOf([task])
    const newId = () => idNumber(FIRST_ID)
    const after = addSuccessor(draft, { ...completed, recurrence }, { now: NOW, newId })
    expect(after).toMatchObject({ recurrence: null, successor_id: null, undo: { recurrence } })
    expect(draft.tasks.changes()).toStrictEqual([])
  })

  test('adds nothing to a task that does not recur', () => {
    const draft = draftOf([task])
    const plain = { ...completed, recurrence: null }
    expect(addSuccessor(draft, plain, { now: NOW, newId: () => '' })).toBe(plain)
    expect(draft.tasks.changes()).toStrictEqual([])
  })
})

test('nothing that the owner wrote is left of a completed task that is erased', () => {
  const draft = draftOf([task])
  const erased = eraseTask({ ...complete(draft), deleted_with_parent: true }, LATER)
  const { order } = MEMBERS
  expect(erased).toStrictEqual({
    ...taskNumber(1, { ...DEFAULTS, order, completed: true, completed_at: NOW, version: 6 }),
    text: '',
    updated_at: LATER,
    deleted_at: LATER,
  })
})

describe('removeSuccessor', () => {
  test('restores the task, and leaves tombstones without anything that the owner wrote', () => {
    const draft = draftOf([task, subtask(2, { text: 'secret', tags: ['secret'] })])
    const reopened = reopen(draft, complete(draft))
    expect(reopened).toStrictEqual({ ...task, version: 6, updated_at: LATER })
    const tombstones = draft.tasks.changes().filter(({ isErased }) => isErased)
    expect<unknown>(tombstones).toMatchObject(
      [0, 1].map((n) => ({
        before: null,
        after: { ...DEFAULTS, id: idNumber(FIRST_ID + n), text: '', deleted_at: LATER },
      })),
    )
  })

  test('keeps a task that has nothing to take back', () => {
    const draft = draftOf([task])
    const plain = taskNumber(1, { successor_id: idNumber(2) })
    expect(removeSuccessor(draft, plain, LATER)).toBe(plain)
    expect(draft.tasks.changes()).toStrictEqual([])
  })

  test.each<[string, (made: readonly [Task, Task]) => Task[]]>([
    ['the successor is gone', ([, copy]) => [copy]],
    ['the successor has another version', ([one, copy]) => [{ ...one, version: 2 }, copy]],
    ['the successor is in the trash', ([one, copy]) => [{ ...one, deleted_at: LATER }, copy]],
    ['a copy is gone', ([one]) => [one]],
    ['a copy has another version', ([one, copy]) => [one, { ...copy, version: 2 }]],
    ['a copy is in the trash', ([one, copy]) => [one, { ...copy, deleted_at: LATER }]],
    ['another subtask was added', ([one, copy]) => [one, copy, { ...copy, id: idNumber(50) }]],
    [
      'another subtask is in place of a copy',
      ([one, copy]) => [one, { ...copy, id: idNumber(50) }],
    ],
  ])('keeps the successor when %s', (_, change) => {
    const first = draftOf([task, subtask(2)])
    const done = complete(first)
    const [successor, copy] = added(first)
    if (!successor || !copy) throw new Error('nothing was added')
    const draft = draftOf([done, ...change([successor, copy])])
    const { undo: _undo, ...rest } = done
    expect(reopen(draft, done)).toStrictEqual({
      ...rest,
      completed: false,
      completed_at: null,
      version: 6,
      updated_at: LATER,
    })
    expect(draft.tasks.changes()).toStrictEqual([])
  })

  test('keeps the successor when the recurrence does not fit the task any more', () => {
    const draft = draftOf([task])
    const done = complete(draft)
    expect(reopen(draft, { ...done, due: null })).toMatchObject({
      recurrence: null,
      successor_id: done.successor_id,
    })
    const rule = 'FREQ=DAILY;UNTIL=20270101T093000'
    const undo = { recurrence: { rule, from: 'due' }, copies: [] } as const
    const onDay = { ...done, due: '2026-01-31', undo: { ...undo, copies: [] } }
    expect(reopen(draft, onDay)).toMatchObject({
      recurrence: null,
      successor_id: done.successor_id,
    })
  })
})
