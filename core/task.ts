import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'

/** RFC 3339 in UTC with milliseconds and `Z`. Sorts chronologically as text. */
export type Instant = string

const Instant = Type.String({
  format: 'date-time',
  description: 'RFC 3339, UTC, with milliseconds.',
  examples: ['2026-01-31T09:30:00.000Z'],
})

/** Any version of a UUID, in any letter case, as 8-4-4-4-12 hexadecimal digits. */
export const TaskId = Type.String({
  format: 'uuid',
  description: 'a UUID, written as 8-4-4-4-12 hexadecimal digits',
  examples: ['019c1325-8e40-7c3d-9a54-1f0e6b2d7a90'],
})

/** An id as stores keep it: in lower case. */
export const StoredTaskId = Type.String({
  format: 'uuid',
  pattern: '^[^A-F]*$',
  description: 'a UUID in lower case, written as 8-4-4-4-12 hexadecimal digits',
})
const storedId = Compile(StoredTaskId)

export function isStoredId(text: string): boolean {
  return storedId.Check(text)
}

// Unicode's property White_Space. It is spelled out, like surrogates, because clients compile this
// pattern from the OpenAPI document, some without the flag `u` or Unicode properties.
const WHITE_SPACE = '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const FORBIDDEN = '\\u0000\\ud800-\\udfff'
const PAIR = '[\\ud800-\\udbff][\\udc00-\\udfff]'

const TaskText = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: `^[${WHITE_SPACE}]*(?:[^${WHITE_SPACE}${FORBIDDEN}]|${PAIR})(?:[^${FORBIDDEN}]|${PAIR})*$`,
  description:
    '1 to 500 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate',
  examples: ['Buy milk'],
})

const Completed = Type.Boolean({ description: 'true or false' })

/** The range of `order`: a 32-bit column, as in the table of the Python service. */
export const LOWEST_ORDER = -2_147_483_648
export const HIGHEST_ORDER = 2_147_483_647

/** A task. Its owner is never part of it. */
export const Task = Type.Object(
  {
    id: TaskId,
    text: TaskText,
    completed: Completed,
    order: Type.Integer({
      minimum: LOWEST_ORDER,
      maximum: HIGHEST_ORDER,
      description: 'a whole number: the task with the lowest comes first',
      examples: [-1024],
    }),
    version: Type.Integer({
      minimum: 1,
      description:
        'a whole number: 1 at creation, raised by one with every write that changes the task',
      examples: [1],
    }),
    created_at: Instant,
    updated_at: Instant,
    completed_at: Type.Union([Instant, Type.Null()], {
      description: 'When the task was completed; `null` while it is not completed.',
    }),
    deleted_at: Type.Optional(
      Type.String({
        format: 'date-time',
        description:
          'When the task was moved to the trash; absent for a task that is not in the trash.',
        examples: ['2026-01-31T09:30:00.000Z'],
      }),
    ),
  },
  { description: 'One task.' },
)
export type Task = Static<typeof Task>

/** What a caller sends to create a task. Other members are ignored. */
export const TaskCreate = Type.Object(
  { text: TaskText },
  { description: 'A new task. Other members are ignored.' },
)
export type TaskCreate = Static<typeof TaskCreate>

/** The input of a replace: every field that a caller can change. */
export const TaskUpdate = Type.Object(
  { text: TaskText, completed: Completed },
  { description: 'Everything that can be changed in a task. Other members are ignored.' },
)
export type TaskUpdate = Static<typeof TaskUpdate>

/** The input of a change. Absent members keep their values. */
export const TaskPatch = Type.Partial(TaskUpdate, {
  description: 'What to change in a task. Absent members keep their values.',
})
export type TaskPatch = Static<typeof TaskPatch>

/** A new task. */
export function createTask(id: string, created: TaskCreate, order: number, now: Instant): Task {
  return {
    id,
    text: created.text,
    completed: false,
    order,
    version: 1,
    created_at: now,
    updated_at: now,
    completed_at: null,
  }
}

/** Applies a patch. Returns the same object if nothing changes. */
export function changeTask(task: Task, patch: TaskPatch, now: Instant): Task {
  const text = patch.text ?? task.text
  const completed = patch.completed ?? task.completed
  if (text === task.text && completed === task.completed) return task
  const changed = { ...touched(task, now), text, completed }
  if (completed === task.completed) return changed
  return { ...changed, completed_at: completed ? changed.updated_at : null }
}

/** Changes the order. Returns the same object if it is the same. */
export function reorderTask(task: Task, order: number, now: Instant): Task {
  return order === task.order ? task : { ...touched(task, now), order }
}

/** Moves a task to the trash. */
export function trashTask(task: Task, now: Instant): Task {
  const trashed = touched(task, now)
  return { ...trashed, deleted_at: trashed.updated_at }
}

/** What is left of a task that is deleted for good: nothing that its owner wrote. */
export function eraseTask(task: Task, now: Instant): Task {
  return { ...trashTask(task, now), text: '' }
}

/** Restores a task. Returns the same object if it is not in the trash. */
export function restoreTask(task: Task, now: Instant): Task {
  if (isLive(task)) return task
  const { deleted_at: _, ...restored } = touched(task, now)
  return restored
}

/** Whether a task is not in the trash. */
export function isLive(task: Task): boolean {
  return task.deleted_at === undefined
}

// `updated_at` never goes back, even if the clock does.
function touched(task: Task, now: Instant): Task {
  const at = now > task.updated_at ? now : task.updated_at
  return { ...task, version: task.version + 1, updated_at: at }
}
