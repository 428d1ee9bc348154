import Type, { type Static } from 'typebox'

/** RFC 3339 in UTC with milliseconds and `Z`: text that sorts as the times it stands for. */
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

// Unicode's property White_Space. It is written out, as surrogates are, so that the pattern means the
// same to every reader of the document: without the flag `u` too, and where properties are not known.
const WHITE_SPACE = '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const NONE = '\\u0000\\ud800-\\udfff'
const PAIR = '[\\ud800-\\udbff][\\udc00-\\udfff]'

const TaskText = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: `^[${WHITE_SPACE}]*(?:[^${WHITE_SPACE}${NONE}]|${PAIR})(?:[^${NONE}]|${PAIR})*$`,
  description:
    '1 to 500 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate',
  examples: ['Buy milk'],
})

const Completed = Type.Boolean({ description: 'true or false' })

/** The range of `order`: that of the 32-bit column of the tables that this service takes over. */
export const LOWEST_ORDER = -2_147_483_648
export const HIGHEST_ORDER = 2_147_483_647

/** A task as every part of the service knows it; its owner is never part of it. */
export const Task = Type.Object(
  {
    id: TaskId,
    text: TaskText,
    completed: Completed,
    order: Type.Integer({
      minimum: LOWEST_ORDER,
      maximum: HIGHEST_ORDER,
      description: 'a whole number: of the tasks of one user, the lowest comes first',
      examples: [-1024],
    }),
    version: Type.Integer({
      minimum: 1,
      description:
        'a whole number: 1 at creation, one more with every write that changes something',
      examples: [1],
    }),
    created_at: Instant,
    updated_at: Instant,
    completed_at: Type.Union([Instant, Type.Null()], {
      description: 'When the task was last completed; `null` while it is not.',
    }),
    deleted_at: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'When the task went to the trash; absent while it is not there.',
        examples: ['2026-01-31T09:30:00.000Z'],
      }),
    ),
  },
  { description: 'One task.' },
)
export type Task = Static<typeof Task>

/** What a caller sends to make a task. Other members are ignored. */
export const TaskCreate = Type.Object(
  { text: TaskText },
  { description: 'A new task. Other members are ignored.' },
)
export type TaskCreate = Static<typeof TaskCreate>

/** What a caller sends to replace a task: all that it may change. */
export const TaskUpdate = Type.Object(
  { text: TaskText, completed: Completed },
  { description: 'All that can be changed of a task. Other members are ignored.' },
)
export type TaskUpdate = Static<typeof TaskUpdate>

/** What a caller sends to change a task; an absent member stays as it is. */
export const TaskPatch = Type.Partial(TaskUpdate, {
  description: 'What to change of a task; an absent member stays as it is.',
})
export type TaskPatch = Static<typeof TaskPatch>

/** A task at its creation: not completed, every time the same. */
export function createTask(id: string, text: string, order: number, now: Instant): Task {
  return {
    id,
    text,
    completed: false,
    order,
    version: 1,
    created_at: now,
    updated_at: now,
    completed_at: null,
  }
}

/**
 * The task after `patch`. A change that leaves text and completion as they were returns the task
 * as it is. A completion gets the time of the write.
 */
export function changeTask(task: Task, patch: TaskPatch, now: Instant): Task {
  const text = patch.text ?? task.text
  const completed = patch.completed ?? task.completed
  if (text === task.text && completed === task.completed) return task
  const changed = { ...written(task, now), text, completed }
  if (completed === task.completed) return changed
  return { ...changed, completed_at: completed ? changed.updated_at : null }
}

/** The task at another place in its user's order. */
export function placeTask(task: Task, order: number, now: Instant): Task {
  return order === task.order ? task : { ...written(task, now), order }
}

/** The task in the trash. */
export function trashTask(task: Task, now: Instant): Task {
  const trashed = written(task, now)
  return { ...trashed, deleted_at: trashed.updated_at }
}

/** The task out of the trash; as it is where it is not there. */
export function restoreTask(task: Task, now: Instant): Task {
  if (isLive(task)) return task
  const { deleted_at: _, ...restored } = written(task, now)
  return restored
}

/** Whether a task is not in the trash. */
export function isLive(task: Task): boolean {
  return task.deleted_at === undefined
}

// `updated_at` never goes back, whatever the clock does.
function written(task: Task, now: Instant): Task {
  const at = now > task.updated_at ? now : task.updated_at
  return { ...task, version: task.version + 1, updated_at: at }
}
