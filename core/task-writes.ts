import { addSuccessor, removeSuccessor } from './completion.ts'
import type { Draft } from './draft.ts'
import { orderAt, orderOnTop, type Row } from './moves.ts'
import { placeAfter, placeOfNew, placeOfRestored } from './placement.ts'
import { isScheduled, scheduleAfter } from './schedule.ts'
import { type Instant, isLive, type Recurrence, type Task, type TaskPatch } from './task.ts'
import {
  changeTask,
  createTask,
  eraseTask,
  reorderTask,
  restoreTask,
  trashTask,
} from './task-changes.ts'
import {
  accepts,
  type ClearWrite,
  type TaskWrite,
  type WriteContext,
  type WriteOutcome,
} from './writes.ts'

/** Applies a write of tasks. */
export function applyTaskWrite(
  draft: Draft,
  write: TaskWrite | ClearWrite,
  context: WriteContext,
): WriteOutcome {
  const { now } = context
  if (write.op === 'create') return create(draft, write, context)
  if (write.op === 'clear_completed') return clearCompleted(draft, write, now)
  const task = draft.tasks.find(write.id)
  const reachesTrash = write.op === 'restore' || (write.op === 'delete' && write.permanent)
  if (!task || !(isLive(task) || reachesTrash)) return { kind: 'not_found' }
  if (!accepts(write.versions, task.version)) return { kind: 'stale', version: task.version }
  switch (write.op) {
    case 'patch':
      return patch(draft, task, write.patch, context)
    case 'restore':
      return isLive(task) ? { kind: 'done', task } : restore(draft, task, now)
    case 'move': {
      const order = orderAt(rowOfTasks(draft, now), task, write.destination)
      if (order === null) {
        const member = 'before' in write.destination ? 'before' : 'after'
        return invalid(`${member}: must be the id of another of your tasks`)
      }
      return put(draft, task, reorderTask(task, order, now))
    }
    case 'delete':
      remove(draft, task, write.permanent, now)
      return { kind: 'done', task: null }
  }
}

/** The tasks of a draft as a row. Changes of orders are saved in the draft. */
export function rowOfTasks(draft: Draft, now: Instant): Row<Task> {
  const { tasks } = draft
  return {
    find(id) {
      const task = tasks.find(id)
      return task && isLive(task) ? task : null
    },
    following: tasks.following,
    preceding: tasks.preceding,
    get top() {
      return draft.top
    },
    set top(order) {
      draft.top = order
    },
    reorder: (task, order) => put(draft, task, reorderTask(task, order, now)),
  }
}

function invalid(...problems: string[]): WriteOutcome {
  return { kind: 'invalid', problems }
}

function put(draft: Draft, before: Task | null, after: Task): WriteOutcome {
  if (after !== before) draft.tasks.put(before, after)
  return { kind: 'done', task: after }
}

function create(
  draft: Draft,
  { id, task }: TaskWrite & { op: 'create' },
  { now, maxTasks }: WriteContext,
): WriteOutcome {
  if (maxTasks !== undefined && draft.live >= maxTasks)
    return invalid('tasks: you have the maximum number of tasks; delete some first')
  const problems: string[] = []
  const schedule = isScheduled(task) ? scheduleAfter(null, task, problems) : {}
  const place = task.list_id || task.parent_id ? placeOfNew(draft, task, problems) : {}
  if (problems.length > 0) return invalid(...problems)
  const order = orderOnTop(rowOfTasks(draft, now))
  return put(draft, null, createTask(id, { ...task, ...schedule, ...place }, order, now))
}

function patch(draft: Draft, task: Task, wanted: TaskPatch, context: WriteContext): WriteOutcome {
  const { now } = context
  const patch = withoutRepetition(task, wanted)
  const problems: string[] = []
  const schedule = isScheduled(patch) ? scheduleAfter(task, patch, problems) : {}
  const isMoved = patch.list_id !== undefined || patch.parent_id !== undefined
  const place = isMoved ? placeAfter(draft, task, patch, problems) : {}
  if (problems.length > 0) return invalid(...problems)

  const changed = changeTask(task, { ...patch, ...schedule, ...place }, now)
  if (changed === task) return { kind: 'done', task }
  if (changed.list_id !== task.list_id) moveSubtasks(draft, changed, now)
  return put(draft, task, withCompletion(draft, task, withoutUndo(changed, patch), context))
}

/** A repeated completion does not bring back the recurrence, which the successor has by now. */
function withoutRepetition({ undo }: Task, patch: TaskPatch): TaskPatch {
  if (!undo || !patch.completed) return patch
  const { recurrence, ...others } = patch
  return isSameRecurrence(recurrence, undo.recurrence) ? others : patch
}

/**
 * A new schedule cannot be replaced by the one from before the completion. A client that reopens a task
 * as it was before, with its recurrence, sets none.
 */
function withoutUndo(task: Task, { due, recurrence, completed }: TaskPatch): Task {
  const { undo, ...rest } = task
  if (!undo) return task
  const isAsBefore = completed === false && isSameRecurrence(recurrence, undo.recurrence)
  return due === null || (recurrence && !isAsBefore) ? rest : task
}

function isSameRecurrence(one: TaskPatch['recurrence'], other: Recurrence): boolean {
  return one?.rule === other.rule && one.from === other.from
}

function withCompletion(draft: Draft, before: Task, after: Task, context: WriteContext): Task {
  if (after.completed === before.completed) return after
  return after.completed
    ? addSuccessor(draft, after, context)
    : removeSuccessor(draft, after, context.now)
}

/** Takes the subtasks of a task along to its list. */
function moveSubtasks(draft: Draft, { id, list_id }: Task, now: Instant): void {
  for (const subtask of draft.tasks.subtasks([id]))
    if (isLive(subtask)) put(draft, subtask, changeTask(subtask, { list_id }, now))
}

/**
 * Moves a task and its subtasks to the trash, or deletes them for good.
 *
 * @param subtasks the task's subtasks, including the trash.
 * @returns how many tasks were deleted.
 */
function remove(
  draft: Draft,
  task: Task,
  isPermanent: boolean,
  now: Instant,
  subtasks = draft.tasks.subtasks([task.id]),
): number {
  const along = subtasks.filter((subtask) =>
    isLive(task) ? isLive(subtask) : subtask.deleted_with_parent,
  )
  for (const one of [task, ...along]) {
    if (isPermanent) draft.tasks.erase(one, eraseTask(one, now))
    else draft.tasks.put(one, trashTask(one, now, one !== task))
  }
  return 1 + along.length
}

/** Moves all tasks of a list to the trash, or deletes them for good. */
export function removeTasksIn(
  draft: Draft,
  list: string,
  isPermanent: boolean,
  now: Instant,
): void {
  const tasks = draft.tasks.inList(list)
  const ids = new Set<string | null>(tasks.map(({ id }) => id))
  const byParent = Map.groupBy(tasks, ({ parent_id }) => parent_id)
  // A parent that another program or an older version deleted has left its subtasks behind.
  for (const task of tasks.filter(({ parent_id }) => !ids.has(parent_id)))
    remove(draft, task, isPermanent, now, byParent.get(task.id) ?? [])
}

function restore(draft: Draft, task: Task, now: Instant): WriteOutcome {
  const restored = restoreTask(task, now, placeOfRestored(draft, task))
  for (const subtask of draft.tasks.subtasks([task.id])) {
    if (!subtask.deleted_with_parent) continue
    const place = { list_id: restored.list_id, parent_id: task.id }
    put(draft, subtask, restoreTask(subtask, now, place))
  }
  return put(draft, task, restored)
}

/** Deletes completed tasks, each with its subtasks. Leaves those that have open subtasks. */
function clearCompleted(
  draft: Draft,
  { permanent, limit }: ClearWrite,
  now: Instant,
): WriteOutcome {
  let count = 0
  for (let most = limit + 1; ; most *= 2) {
    const completed = draft.tasks.completed(most)
    const parents = completed.filter(({ parent_id }) => parent_id === null)
    const subtasks = draft.tasks.subtasks(parents.map(({ id }) => id)).filter(isLive)
    const byParent = Map.groupBy(subtasks, ({ parent_id }) => parent_id)
    const removed = new Set<string>()
    for (const task of completed) {
      const along = byParent.get(task.id) ?? []
      if (removed.has(task.id) || along.some((subtask) => !subtask.completed)) continue
      const isFull = count > 0 && count + 1 + along.length > limit
      if (isFull) return { kind: 'cleared', count, hasMore: true }
      count += remove(draft, task, permanent, now, along)
      for (const { id } of along) removed.add(id)
    }
    if (completed.length < most) return { kind: 'cleared', count, hasMore: false }
  }
}
