import Type, { type Static, type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { isDue, isTimeZone } from './calendar.ts'

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
const ANY = `(?:[^${FORBIDDEN}]|${PAIR})`

/** A text that is not only white space. */
export function visibleText(maxLength: number, example: string) {
  return Type.String({
    minLength: 1,
    maxLength,
    pattern: `^[${WHITE_SPACE}]*(?:[^${WHITE_SPACE}${FORBIDDEN}]|${PAIR})${ANY}*$`,
    description: `1 to ${maxLength} characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate`,
    examples: [example],
  })
}

const TaskText = visibleText(500, 'Buy milk')

const Completed = Type.Boolean({ description: 'true or false' })

/** A member that may be `null`, which details of errors do not mention. */
function orNull<Schema extends TSchema>(schema: Schema, description: string) {
  return Type.Union([schema, Type.Null()], { description })
}

const Description = orNull(
  Type.String({ maxLength: 10_000, pattern: `^${ANY}*$` }),
  'up to 10000 characters (Unicode code points), with neither U+0000 nor a lone surrogate',
)

const DUE =
  'a day such as 2026-01-31 or a local time such as 2026-01-31T09:30, without seconds or offset'

/** A day, or a minute on the wall clock. It is never converted to an instant. */
export const Due = Type.Refine(
  Type.String({
    pattern: '^(?:19|[2-9]\\d)\\d\\d-\\d\\d-\\d\\d(?:T\\d\\d:\\d\\d)?$',
    description: DUE,
    examples: ['2026-01-31T09:30'],
  }),
  isDue,
)

const TimeZone = Type.Refine(Type.String({ minLength: 1, maxLength: 64 }), isTimeZone)

/** From the lowest to the highest. */
export const PRIORITIES = ['none', 'low', 'medium', 'high'] as const
export const Priority = Type.Enum([...PRIORITIES], {
  description: `one of ${PRIORITIES.join(', ')}`,
})
export type Priority = Static<typeof Priority>

const CONTROL = '\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff'
const TAG_END = `(?:[^${CONTROL}${WHITE_SPACE}]|${PAIR})`

/** A tag. */
const Tag = Type.String({
  minLength: 1,
  maxLength: 50,
  pattern: `^${TAG_END}(?:(?:[^${CONTROL}]|${PAIR})*${TAG_END})?$`,
  description: '1 to 50 characters, without control characters or white space at the ends',
})

export const MAX_TAGS = 20
const TAGS = `an array of up to ${MAX_TAGS} tags, each 1 to 50 characters without control characters or white space at the ends, no two alike`

const Tags = Type.Refine(Type.Array(Tag, { maxItems: MAX_TAGS, description: TAGS }), areDistinct)

function areDistinct(tags: readonly string[]): boolean {
  return new Set(tags.map(tagKey)).size === tags.length
}

/** What tags are compared by: the tag without differences of letter case and normalization. */
export function tagKey(tag: string): string {
  // Upper case expands letters such as ß. It would also make the dotless ı an i, unlike case folding.
  return tag
    .normalize('NFC')
    .replace(/[^ı]+/g, (part) => part.toLowerCase().toUpperCase().toLowerCase())
    .normalize('NFC')
}

/** How a task repeats: an RRULE of RFC 5545, and the date that it counts from. */
export const Recurrence = Type.Object({
  rule: Type.String({ maxLength: 200, examples: ['FREQ=WEEKLY;BYDAY=MO'] }),
  from: Type.Enum(['due', 'completion']),
})
export type Recurrence = Static<typeof Recurrence>

const RECURRENCE =
  'an object such as {"rule": "FREQ=WEEKLY;BYDAY=MO", "from": "due"}, where rule has at most 200 characters and from is due or completion'

const TIME_ZONE = 'an IANA time zone such as Europe/Berlin'

/** The range of `order`: a 32-bit column, as in the table of the Python service. */
export const LOWEST_ORDER = -2_147_483_648
export const HIGHEST_ORDER = 2_147_483_647

/** The members that the service maintains for tasks and lists. */
export const kept = {
  order: Type.Integer({
    minimum: LOWEST_ORDER,
    maximum: HIGHEST_ORDER,
    description: 'a whole number: the lowest comes first',
    examples: [-1024],
  }),
  version: Type.Integer({
    minimum: 1,
    description: 'a whole number: 1 at creation, raised by one with every write that changes it',
    examples: [1],
  }),
  created_at: Instant,
  updated_at: Instant,
}

/** A task, as clients see it. Its owner is never part of it. */
export const Task = Type.Object(
  {
    id: TaskId,
    text: TaskText,
    description: Description,
    completed: Completed,
    due: orNull(Due, DUE),
    time_zone: orNull(TimeZone, TIME_ZONE),
    priority: Priority,
    tags: Tags,
    list_id: orNull(TaskId, 'the id of one of your lists'),
    parent_id: orNull(TaskId, 'the id of another of your tasks'),
    recurrence: orNull(Recurrence, RECURRENCE),
    successor_id: orNull(TaskId, 'the id of the task that followed when this one was completed'),
    ...kept,
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

/** What a task needs to take back its completion. */
export const Undo = Type.Object({
  recurrence: Recurrence,
  /** The ids of the copies of its subtasks that belong to its successor. */
  copies: Type.Array(TaskId),
})
export type Undo = Static<typeof Undo>

/** A task, as stores keep it. */
export type Task = Omit<Static<typeof Task>, 'tags'> & {
  readonly tags: readonly string[]
  /** Set in the trash if the task was deleted together with its parent. */
  readonly deleted_with_parent?: true
  /** Set while the task is completed, if its completion can be taken back. */
  readonly undo?: Undo
}

/** The values of members that a client does not set. */
export const DEFAULTS = {
  description: null,
  due: null,
  time_zone: null,
  priority: 'none',
  tags: [],
  list_id: null,
  parent_id: null,
  recurrence: null,
} as const satisfies Partial<Task>

// `null` stands for the default.
const optional = {
  description: Type.Optional(Description),
  due: Type.Optional(Task.properties.due),
  time_zone: Type.Optional(Task.properties.time_zone),
  priority: Type.Optional(orNull(Priority, `one of ${PRIORITIES.join(', ')}`)),
  tags: Type.Optional(orNull(Tags, TAGS)),
  list_id: Type.Optional(Task.properties.list_id),
  parent_id: Type.Optional(Task.properties.parent_id),
  recurrence: Type.Optional(
    orNull(
      Type.Object({
        rule: Recurrence.properties.rule,
        from: Type.Optional(Recurrence.properties.from),
      }),
      RECURRENCE,
    ),
  ),
}

/** What a caller sends to create a task. Other members are ignored. */
export const TaskCreate = Type.Object(
  { text: TaskText, ...optional },
  {
    description:
      'A new task. Absent members and `null` stand for the default. Other members are ignored.',
  },
)

/** What a caller sends to replace a task. Members that older clients do not know may be absent. */
export const TaskUpdate = Type.Object(
  { text: TaskText, completed: Completed, ...optional },
  {
    description:
      'The new values of a task. Members other than `text` and `completed` keep their values if they are absent. `null` stands for the default. Other members are ignored.',
  },
)

/** What a caller sends to change a task. */
export const TaskPatch = Type.Partial(TaskUpdate, {
  description:
    'What to change in a task. Absent members keep their values. `null` stands for the default.',
})

/** The members of a task that callers set, with defaults in place of `null`. Absent members stay. */
export type TaskPatch = Partial<Pick<Task, 'text' | 'completed' | keyof typeof DEFAULTS>>
export type TaskCreate = Omit<TaskPatch, 'text' | 'completed'> & Pick<Task, 'text'>

/** Whether a task is not in the trash. */
export function isLive(task: Task): boolean {
  return task.deleted_at === undefined
}
