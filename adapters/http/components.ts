import Type, { type TSchema } from 'typebox'
import { TaskBatch, TaskMove, TaskOperation } from '../../core/requests.ts'
import { Task, TaskCreate, TaskId, TaskPatch, TaskUpdate } from '../../core/task.ts'
import { statusOf } from './errors.ts'

/** A reference to one of the named schemas. */
export function ref(name: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` }
}

/** `schema` with other definitions of some of its members, such as references to named schemas. */
function withMembers(
  schema: TSchema & { readonly properties: object },
  members: object,
  more: { readonly description?: string } = {},
): TSchema {
  return { ...schema, properties: { ...schema.properties, ...members }, ...more }
}

const TaskList = withMembers(
  Type.Object(
    {
      tasks: Type.Array(Type.Unknown()),
      count: Type.Integer({
        minimum: 0,
        description: 'How many tasks the filters find, on all pages together.',
      }),
      next_cursor: Type.Union([Type.String(), Type.Null()], {
        description:
          'Send it as `cursor`, with the same `sort` and filters, for the next page; `null` where there is none.',
      }),
    },
    { description: 'Tasks, in the order that was asked for.' },
  ),
  { tasks: { type: 'array', items: ref('Task') } },
)

const BatchResult = withMembers(
  Type.Object(
    {
      status: Type.Integer({
        description:
          'The status that the operation would have been answered with on its own: 201 for a created task, 200 for a changed one, 204 for a deleted one, or that of its error.',
      }),
      task: Type.Optional(Type.Unknown()),
      error: Type.Optional(Type.Unknown()),
    },
    {
      description:
        'What became of one operation: the task as it now is, an error, or neither for a deleted task.',
    },
  ),
  { task: ref('Task'), error: ref('Error') },
)

const BatchResults = withMembers(
  Type.Object(
    { results: Type.Array(Type.Unknown()) },
    { description: 'What became of the operations, in their order.' },
  ),
  { results: { type: 'array', items: ref('BatchResult') } },
)

const ClearedTasks = Type.Object(
  { count: Type.Integer({ minimum: 0, description: 'How many tasks were deleted.' }) },
  { description: 'How many completed tasks there were.' },
)

const TaskChange = {
  description: 'What became of one task.',
  oneOf: [
    withMembers(
      Type.Object(
        { type: Type.Literal('upsert'), task: Type.Unknown() },
        { description: 'A task as it now is, new to you or not.' },
      ),
      { task: ref('Task') },
    ),
    Type.Object(
      { type: Type.Literal('delete'), id: TaskId, deleted_at: Task.properties.created_at },
      { description: 'A task that is gone, into the trash or for good.' },
    ),
  ],
}

const ChangeList = withMembers(
  Type.Object(
    {
      changes: Type.Array(Type.Unknown()),
      next_cursor: Type.String({ description: 'Send it as `cursor` for what comes next.' }),
      has_more: Type.Boolean({ description: 'Whether there is more to be read at once.' }),
    },
    { description: 'What has changed, the oldest change first.' },
  ),
  { changes: { type: 'array', items: ref('TaskChange') } },
)

const ErrorBody = Type.Object(
  {
    error: Type.Enum(Object.keys(statusOf), { description: 'What went wrong, for programs.' }),
    message: Type.String({ description: 'What went wrong, for people.' }),
    details: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'Every wrong field, as `field: what is wrong`; of an atomic batch, which operation failed, as `operations[1]: why`.',
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
  { description: 'Whether the service can do its work.' },
)

const IfMatch = Type.String({
  description: 'as the header If-Match: * or entity tags such as "v7"',
  examples: ['"v7"'],
})

/** The named schemas of the OpenAPI document: the core's own, and what only HTTP knows. */
export const components: Record<string, TSchema> = {
  Task,
  TaskList,
  TaskCreate,
  TaskUpdate,
  TaskPatch,
  TaskMove: withMembers(
    TaskMove,
    {},
    { description: 'Where to put the task: exactly one of these.' },
  ),
  TaskOperation: {
    ...TaskOperation,
    properties: {
      op: TaskOperation.properties.op,
      id: TaskOperation.properties.id,
      if_match: IfMatch,
      body: {
        description:
          'What to create, what to patch or where to move to, as in a request of its own.',
        anyOf: [ref('TaskCreate'), ref('TaskPatch'), ref('TaskMove')],
      },
    },
    description: 'One change: what to do, to which task, with what.',
  },
  TaskBatch: withMembers(
    TaskBatch,
    { operations: { ...TaskBatch.properties.operations, items: ref('TaskOperation') } },
    { description: 'Changes to be done together.' },
  ),
  BatchResult,
  BatchResults,
  ClearedTasks,
  TaskChange,
  ChangeList,
  Health,
  Error: ErrorBody,
}
