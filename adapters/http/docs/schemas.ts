import Type, { type TSchema } from 'typebox'
import { ApiToken, ApiTokenCreate } from '../../../core/api-token.ts'
import { Batch, Operation } from '../../../core/batch.ts'
import { Id, Instant } from '../../../core/item.ts'
import { List, ListCreate, ListPatch } from '../../../core/list.ts'
import { ListMove, TaskMove } from '../../../core/requests.ts'
import { Task, TaskCreate, TaskPatch, TaskUpdate } from '../../../core/task.ts'
import { statusOf } from '../errors.ts'

/** A reference to a schema in `components`. */
export function ref(name: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` }
}

type WithMembers = TSchema & { readonly properties: object }

/** A schema of the core with some members replaced. */
function withMembers<Schema extends WithMembers>(
  schema: Schema,
  members: object,
  more: { readonly description?: string } = {},
): Schema {
  return { ...schema, properties: { ...schema.properties, ...members }, ...more }
}

const TaskList = Type.Object(
  {
    tasks: Type.Array(ref('Task')),
    count: Type.Integer({
      minimum: 0,
      description: 'The number of tasks that match the filters, on all pages.',
    }),
    next_cursor: Type.Union([Type.String(), Type.Null()], {
      description:
        'Send it as `cursor`, with the same `sort` and filters, to get the next page. `null` on the last page.',
    }),
  },
  { description: 'A list of tasks, or one page of it.' },
)

const open = Type.Integer({
  minimum: 0,
  description: 'The number of its tasks that are neither completed nor deleted.',
  examples: [3],
})

const ListOfLists = Type.Object(
  {
    lists: Type.Array(ref('CountedList')),
    count: Type.Integer({ minimum: 0, description: 'The number of lists.' }),
  },
  { description: 'All lists, in their order.' },
)

const BatchResult = Type.Object(
  {
    status: Type.Integer({
      description:
        'The status that a separate request would have returned: 201 for a created task or list, 200 for a changed one, 204 for a deleted one, or the status of the error.',
    }),
    task: Type.Optional(ref('Task')),
    list: Type.Optional(ref('List')),
    error: Type.Optional(ref('Error')),
  },
  {
    description:
      'The result of one operation: the task or the list after the change, or an error. Only the status if the operation deleted something.',
  },
)

const BatchResults = Type.Object(
  { results: Type.Array(ref('BatchResult')) },
  { description: 'The results of the operations, in the same order.' },
)

const ClearedTasks = Type.Object(
  {
    count: Type.Integer({ minimum: 0, description: 'The number of deleted tasks.' }),
    has_more: Type.Boolean({ description: 'Whether there are more completed tasks to delete.' }),
  },
  { description: 'The result of deleting completed tasks.' },
)

const TaskChange = {
  description: 'A change of one task or list.',
  oneOf: [
    Type.Object(
      { type: Type.Literal('list'), list: ref('List') },
      { description: 'A list that was created or changed, in its current state.' },
    ),
    Type.Object(
      { type: Type.Literal('list_deleted'), id: Id, deleted_at: Instant },
      { description: 'A list that was deleted. Its tasks are reported as deleted too.' },
    ),
    Type.Object(
      { type: Type.Literal('upsert'), task: ref('Task') },
      { description: 'A task that was created or changed, in its current state.' },
    ),
    Type.Object(
      { type: Type.Literal('delete'), id: Id, deleted_at: Instant },
      { description: 'A task that was moved to the trash or deleted permanently.' },
    ),
  ],
}

const ChangeList = Type.Object(
  {
    changes: Type.Array(ref('TaskChange')),
    next_cursor: Type.String({
      description: 'Send it as `cursor` to get the changes after these.',
    }),
    has_more: Type.Boolean({ description: 'Whether there are more changes to read right away.' }),
  },
  { description: 'Changes, oldest first.' },
)

const ApiTokenList = Type.Object(
  { tokens: Type.Array(ref('ApiToken')) },
  { description: 'All API tokens.' },
)

const NewApiToken = Type.Object(
  {
    ...ApiToken.properties,
    token: Type.String({
      description: 'The secret text to send. It is not stored, and cannot be read again.',
      pattern: '^tp_[0-9A-Za-z]{49}$',
    }),
  },
  { description: 'A new API token, with its secret.' },
)

const ErrorBody = Type.Object(
  {
    error: Type.Enum(Object.keys(statusOf), { description: 'The error code, for programs.' }),
    message: Type.String({ description: 'An explanation, for people.' }),
    details: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'One entry for each invalid field: `field: what is wrong`. For an atomic batch, the operation that failed: `operations[1]: what is wrong`.',
      }),
    ),
  },
  { description: 'The body of every error.' },
)

const Health = Type.Object(
  {
    status: Type.Enum(['healthy', 'unhealthy']),
    database: Type.Enum(['connected', 'disconnected']),
    version: Type.String({ description: 'The version of this service.' }),
  },
  { description: 'The health of the service.' },
)

const ServiceInfo = Type.Object(
  {
    name: Type.String({ description: 'The name of the software.' }),
    version: Type.String({ description: 'The version of this service.' }),
    docs: Type.String({ description: 'The path of the API documentation.' }),
  },
  { description: 'The name and version of the service.' },
)

const IfMatch = Type.String({
  description: 'like the header If-Match: * or entity tags such as "v7"',
  examples: ['"v7"'],
})

/** An id, or the number of the operation that makes what it stands for. */
const Reference = {
  anyOf: [Id, Type.String({ pattern: '^\\$(?:0|[1-9][0-9]?)$', examples: ['$0'] })],
  description:
    'The id of a task or list, or `$` and the number of an earlier operation of the same batch that creates it, such as `$0`.',
}

const ReferenceOrNull = { ...Reference, anyOf: [...Reference.anyOf, Type.Null()] }
const placeReferences = { list_id: ReferenceOrNull, parent_id: ReferenceOrNull }

/** What the document says about the members that clients set, beyond what errors say. */
const members = {
  description:
    'Notes: up to 10000 characters (Unicode code points), with neither U+0000 nor a lone surrogate. `null` for none; an empty text counts as `null`.',
  due: 'A day such as 2026-01-31, or a local time such as 2026-01-31T09:30, without seconds or offset. It is never converted to another time zone. `null` for none, which also clears `time_zone` and `recurrence`.',
  time_zone:
    'The IANA time zone of `due`, such as Europe/Berlin. Only for a `due` with a time. `null` means the time zone of the reader.',
  priority: 'One of none, low, medium, high.',
  tags: 'Up to 20 tags, each 1 to 50 characters without control characters or white space at the ends. No two may be alike: letter case and Unicode normalization make no difference.',
  list_id: 'The id of one of your lists. `null` for the inbox.',
  parent_id:
    'The id of the task that this one is a subtask of: a task in the same list that has no parent itself. `null` for none.',
  recurrence:
    'How the task repeats, such as `{"rule": "FREQ=WEEKLY;BYDAY=MO", "from": "due"}`: an RRULE of RFC 5545, counted from `due` or from the day of completion. Needs a `due`. Completing the task creates the next one. `null` for a task that does not repeat.',
  successor_id:
    'Read-only. The id of the task that followed when this recurring task was completed; otherwise `null`.',
}

/** A schema of tasks, with descriptions for readers of the document. */
function described<Schema extends WithMembers>(schema: Schema): Schema {
  const properties = Object.entries(schema.properties).map(([name, member]) => {
    const description = Object.hasOwn(members, name) ? Object(members)[name] : member.description
    return [name, { ...member, description }]
  })
  return withMembers(schema, Object.fromEntries(properties))
}

/** The schemas of the OpenAPI document, by name: those of the core, and those that only HTTP has. */
export const components: Record<string, TSchema> = {
  Task: described(Task),
  TaskList,
  TaskCreate: described(TaskCreate),
  TaskUpdate: described(TaskUpdate),
  TaskPatch: described(TaskPatch),
  TaskMove: {
    ...TaskMove,
    description: 'Where to move the task: exactly one of these members.',
  },
  TaskOperation: {
    ...Operation,
    properties: {
      op: Operation.properties.op,
      id: Reference,
      if_match: IfMatch,
      body: {
        description: 'The body that a separate request would have, for creates, patches and moves.',
        anyOf: [
          ref('BatchTaskCreate'),
          ref('BatchTaskPatch'),
          ref('BatchMove'),
          ref('ListCreate'),
          ref('ListPatch'),
        ],
      },
    },
    description: 'One operation of a batch.',
  },
  TaskBatch: withMembers(
    Batch,
    { operations: { ...Batch.properties.operations, items: ref('TaskOperation') } },
    { description: 'Operations to run in one request.' },
  ),
  BatchTaskCreate: withMembers(described(TaskCreate), placeReferences),
  BatchTaskPatch: withMembers(described(TaskPatch), placeReferences),
  BatchMove: withMembers(
    TaskMove,
    { before: Reference, after: Reference },
    { description: 'Where to move the task or list: exactly one of these members.' },
  ),
  BatchResult,
  BatchResults,
  ClearedTasks,
  List,
  CountedList: Type.Object(
    { ...List.properties, open },
    { description: 'One list, with the number of its open tasks.' },
  ),
  ListOfLists,
  ListCreate,
  ListPatch,
  ListMove: {
    ...ListMove,
    description: 'Where to move the list: exactly one of these members.',
  },
  TaskChange,
  ChangeList,
  ApiToken,
  ApiTokenList,
  ApiTokenCreate,
  NewApiToken,
  Health,
  ServiceInfo,
  Error: ErrorBody,
}
