import Type, { type Static } from 'typebox'
import { type CallEffect, type OwnerState, savedChanges } from './calls.ts'
import { createDraft, type Draft } from './draft.ts'
import { List } from './list.ts'
import { orderOnTop } from './moves.ts'
import { compareText } from './order.ts'
import { Owner } from './owner.ts'
import { scheduleAfter } from './schedule.ts'
import { DEFAULTS, isLive, StoredTaskId, Task, Undo } from './task.ts'
import { rowOfTasks } from './task-writes.ts'
import { invalid } from './validation.ts'

const INSTANT = 'a time such as 2026-01-31T09:30:00.000Z: UTC, with milliseconds'

// The format that stores keep. PostgreSQL has no year 0.
const StoredInstant = Type.String({
  format: 'date-time',
  pattern: '^(?!0000)\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:[0-5]\\d\\.\\d{3}Z$',
  description: INSTANT,
})

const OrNull = { description: `null, or ${INSTANT}` }

const StoredIdOrNull = Type.Union([StoredTaskId, Type.Null()], {
  description: 'null, or a UUID in lower case, written as 8-4-4-4-12 hexadecimal digits',
})

// Unknown members are rejected, because they would be lost.
const exact = { additionalProperties: false, description: 'a JSON object' }

const { order, version, description, due, time_zone, priority, tags, recurrence } = Task.properties

/**
 * A task with its owner, as export files contain it, with its members in this order. Files of older
 * versions lack the optional ones.
 */
export const ArchivedTask = Type.Object(
  {
    user_id: Owner,
    id: StoredTaskId,
    text: Task.properties.text,
    description: Type.Optional(description),
    completed: Task.properties.completed,
    due: Type.Optional(due),
    time_zone: Type.Optional(time_zone),
    priority: Type.Optional(priority),
    tags: Type.Optional(tags),
    list_id: Type.Optional(StoredIdOrNull),
    parent_id: Type.Optional(StoredIdOrNull),
    recurrence: Type.Optional(recurrence),
    successor_id: Type.Optional(StoredIdOrNull),
    order: Type.Optional(order),
    version: Type.Optional(version),
    created_at: StoredInstant,
    updated_at: StoredInstant,
    completed_at: Type.Union([StoredInstant, Type.Null()], OrNull),
    deleted_at: Type.Optional(StoredInstant),
    deleted_with_parent: Type.Optional(Type.Literal(true, { description: 'true' })),
    undo: Type.Optional(
      Type.Object(Undo.properties, { description: 'an object with recurrence and copies' }),
    ),
  },
  exact,
)
export type ArchivedTask = Omit<Static<typeof ArchivedTask>, 'tags'> & {
  readonly tags?: readonly string[]
}

/** A list with its owner, as export files contain it. `type` distinguishes it from a task. */
export const ArchivedList = Type.Object(
  {
    type: Type.Literal('list', { description: 'list' }),
    user_id: Owner,
    ...List.properties,
    id: StoredTaskId,
    created_at: StoredInstant,
    updated_at: StoredInstant,
  },
  exact,
)
export type ArchivedList = Static<typeof ArchivedList>

export type ArchivedItem = ArchivedTask | ArchivedList

/** What archives are sorted by. */
export type ArchivedKey = Pick<ArchivedItem, 'user_id' | 'id'>

/**
 * Applies the rules of `TaskArchive.add` to one owner. Stores hold the owner's lock, as for `applyCall`.
 *
 * @throws TaskportError `invalid` if the schedule of a task is not valid.
 */
export function applyImport(
  { record, tasks, lists }: Omit<OwnerState, 'remembered'>,
  archived: readonly ArchivedItem[],
  newEpoch: () => string,
): Omit<CallEffect, 'result' | 'remember'> & { readonly added: number } {
  const draft = createDraft({ tasks, lists }, record)
  let added = 0

  function addTask({ user_id: _, ...task }: ArchivedTask, orderOf: () => number): void {
    if (draft.tasks.find(task.id)) return
    const whole: Task = { successor_id: null, version: 1, ...DEFAULTS, ...task, order: orderOf() }
    checkSchedule(whole)
    draft.tasks.put(null, placed(draft, whole))
    added++
  }

  const unplaced: ArchivedTask[] = []
  for (const one of archived) {
    if ('type' in one) {
      const { type: _, user_id: __, ...list } = one
      if (draft.lists.find(list.id)) continue
      draft.lists.put(null, list)
      added++
      continue
    }
    const { order } = one
    if (order === undefined) unplaced.push(one)
    else addTask(one, () => order)
  }
  // The oldest first, so that the newest ends up on top.
  for (const task of unplaced.sort(byCreation))
    addTask(task, () => orderOnTop(rowOfTasks(draft, task.created_at)))

  return { ...savedChanges(record, draft, newEpoch), added }
}

function checkSchedule(task: Task): void {
  const problems: string[] = []
  scheduleAfter(null, task, problems)
  const named = problems.map((problem) => `task ${task.id}: ${problem}`)
  if (named.length > 0) throw invalid(...named)
}

/**
 * A task in a list and below a parent that exist. They may be missing, because an export is not a snapshot.
 * In the trash, that makes no difference.
 */
function placed(draft: Draft, task: Task): Task {
  if (!isLive(task)) return task
  const list = task.list_id === null ? null : draft.lists.find(task.list_id)
  const list_id = list?.id ?? null
  const parent = task.parent_id === null ? null : draft.tasks.find(task.parent_id)
  const isParent = parent && isLive(parent) && parent.parent_id === null
  return { ...task, list_id, parent_id: isParent && parent.list_id === list_id ? parent.id : null }
}

function byCreation(a: ArchivedTask, b: ArchivedTask): number {
  return compareText(a.created_at, b.created_at) || compareText(a.id, b.id)
}
