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

// The lookahead and the class are each linear in the length of the text.
const TaskText = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: '^(?=\\p{White_Space}*\\P{White_Space})[^\\u0000\\p{Cs}]*$',
  description:
    '1 to 500 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate',
  examples: ['Buy milk'],
})

const Completed = Type.Boolean({ description: 'true or false' })

/** A task as every part of the service knows it; its owner is never part of it. */
export const Task = Type.Object(
  {
    id: TaskId,
    text: TaskText,
    completed: Completed,
    created_at: Instant,
    updated_at: Instant,
    completed_at: Type.Union([Instant, Type.Null()], {
      description: 'When the task was last completed; `null` while it is not.',
    }),
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

/** All tasks of one owner, newest first, and how many they are. */
export const TaskList = Type.Object(
  {
    tasks: Type.Array(Task, { description: 'Newest first.' }),
    count: Type.Integer({ minimum: 0, description: 'How many tasks the caller has.' }),
  },
  { description: "The caller's tasks." },
)
export type TaskList = Static<typeof TaskList>

/** A task at its creation: not completed, every time the same. */
export function createTask(id: string, { text }: TaskCreate, now: Instant): Task {
  return { id, text, completed: false, created_at: now, updated_at: now, completed_at: null }
}

/**
 * The task after `patch`. A change that leaves text and completion as they were returns the task
 * as it is. `updated_at` never goes back, whatever the clock does; a completion gets the same time.
 */
export function changeTask(task: Task, patch: TaskPatch, now: Instant): Task {
  const text = patch.text ?? task.text
  const completed = patch.completed ?? task.completed
  if (text === task.text && completed === task.completed) return task
  const at = now > task.updated_at ? now : task.updated_at
  const completedAt = completed === task.completed ? task.completed_at : completed ? at : null
  return { ...task, text, completed, updated_at: at, completed_at: completedAt }
}

/** Whether `a` comes before `b` in a list: newest first, by creation, then by id. */
export function newestFirst(a: Task, b: Task): number {
  if (a.created_at !== b.created_at) return a.created_at > b.created_at ? -1 : 1
  return a.id > b.id ? -1 : a.id < b.id ? 1 : 0
}
