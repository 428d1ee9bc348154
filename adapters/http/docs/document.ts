import { toOpenAPISchema } from '@elysiajs/openapi'
import { type AnyElysia, Elysia } from 'elysia'
import Type, { type TSchema } from 'typebox'
import { TaskBatch, TaskMove, TaskOperation } from '../../../core/requests.ts'
import { Task, TaskCreate, TaskId, TaskPatch, TaskUpdate } from '../../../core/task.ts'
import { statusOf } from '../errors.ts'

/**
 * The OpenAPI 3.1 document of the routes that `app` has.
 *
 * @param publicUrl the address of the service; `null` for the host that sends the document.
 */
export function createDocument(app: AnyElysia, version: string, publicUrl: string | null) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Taskport',
      version,
      description:
        'A multi-user tasks API. Each user sees only their own tasks. Send the token of the signed-in user as `Authorization: Bearer`.',
      contact: { name: 'Taskport' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl ?? '/', description: 'This server.' }],
    tags: [
      { name: 'Tasks', description: 'The tasks of the signed-in user.' },
      { name: 'Health', description: 'The state of the service.' },
      { name: 'Service', description: 'The name and version of the service.' },
    ],
    paths: pathsOf(app),
    components: {
      schemas: components,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A JWT from Better Auth, or from any other issuer that this server trusts.',
        },
      },
    },
  }
}

/** The paths, with the parameters as the routes document them; Elysia would keep only path parameters. */
function pathsOf(app: AnyElysia) {
  const { paths } = toOpenAPISchema(app)
  for (const { path, method, hooks } of app.routes) {
    const operation = Object(paths[path.replace(/:(\w+)/g, '{$1}')])[method.toLowerCase()]
    const parameters = hooks.detail?.parameters
    if (operation && parameters) operation.parameters = parameters
  }
  return paths
}

/** `GET /openapi.json`: the document of the routes that `app` has so far. */
export function createDocumentRoute(app: AnyElysia, version: string, publicUrl: string | null) {
  const document = JSON.stringify(createDocument(app, version, publicUrl))
  return new Elysia({ name: 'openapi' }).get(
    '/openapi.json',
    ({ set }) => {
      set.headers['content-type'] = 'application/json'
      set.headers['cache-control'] = 'no-cache'
      return document
    },
    { detail: { hide: true } },
  )
}

/** A reference to a schema in `components`. */
export function ref(name: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` }
}

/** A schema with some members replaced, for example by references to other schemas. */
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
        description: 'The number of tasks that match the filters, on all pages.',
      }),
      next_cursor: Type.Union([Type.String(), Type.Null()], {
        description:
          'Send it as `cursor`, with the same `sort` and filters, to get the next page. `null` on the last page.',
      }),
    },
    { description: 'A list of tasks, or one page of it.' },
  ),
  { tasks: { type: 'array', items: ref('Task') } },
)

const BatchResult = withMembers(
  Type.Object(
    {
      status: Type.Integer({
        description:
          'The status that a separate request would have returned: 201 for a created task, 200 for a changed one, 204 for a deleted one, or the status of the error.',
      }),
      task: Type.Optional(Type.Unknown()),
      error: Type.Optional(Type.Unknown()),
    },
    {
      description:
        'The result of one operation: the task after the change, an error, or neither for a deleted task.',
    },
  ),
  { task: ref('Task'), error: ref('Error') },
)

const BatchResults = withMembers(
  Type.Object(
    { results: Type.Array(Type.Unknown()) },
    { description: 'The results of the operations, in the same order.' },
  ),
  { results: { type: 'array', items: ref('BatchResult') } },
)

const ClearedTasks = Type.Object(
  {
    count: Type.Integer({ minimum: 0, description: 'The number of deleted tasks.' }),
    has_more: Type.Boolean({ description: 'Whether there are more completed tasks to delete.' }),
  },
  { description: 'The result of deleting completed tasks.' },
)

const TaskChange = {
  description: 'A change of one task.',
  oneOf: [
    withMembers(
      Type.Object(
        { type: Type.Literal('upsert'), task: Type.Unknown() },
        { description: 'A task that was created or changed, in its current state.' },
      ),
      { task: ref('Task') },
    ),
    Type.Object(
      { type: Type.Literal('delete'), id: TaskId, deleted_at: Task.properties.created_at },
      { description: 'A task that was moved to the trash or deleted permanently.' },
    ),
  ],
}

const ChangeList = withMembers(
  Type.Object(
    {
      changes: Type.Array(Type.Unknown()),
      next_cursor: Type.String({
        description: 'Send it as `cursor` to get the changes after these.',
      }),
      has_more: Type.Boolean({ description: 'Whether there are more changes to read right away.' }),
    },
    { description: 'Changes, oldest first.' },
  ),
  { changes: { type: 'array', items: ref('TaskChange') } },
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

/** The schemas of the OpenAPI document, by name: those of the core, and those that only HTTP has. */
const components: Record<string, TSchema> = {
  Task,
  TaskList,
  TaskCreate,
  TaskUpdate,
  TaskPatch,
  TaskMove: withMembers(
    TaskMove,
    {},
    { description: 'Where to move the task: exactly one of these members.' },
  ),
  TaskOperation: {
    ...TaskOperation,
    properties: {
      op: TaskOperation.properties.op,
      id: TaskOperation.properties.id,
      if_match: IfMatch,
      body: {
        description:
          'The body that a separate request would have, for `create`, `patch` and `move`.',
        anyOf: [ref('TaskCreate'), ref('TaskPatch'), ref('TaskMove')],
      },
    },
    description: 'One operation of a batch.',
  },
  TaskBatch: withMembers(
    TaskBatch,
    { operations: { ...TaskBatch.properties.operations, items: ref('TaskOperation') } },
    { description: 'Operations to run in one request.' },
  ),
  BatchResult,
  BatchResults,
  ClearedTasks,
  TaskChange,
  ChangeList,
  Health,
  ServiceInfo,
  Error: ErrorBody,
}
