import Type, { type Static } from 'typebox'
import { TaskportError } from './errors.ts'
import { isPosition, type ListQuery, listQuery, type PagePosition, TaskListQuery } from './query.ts'
import { TaskCreate, TaskId, TaskPatch, TaskUpdate } from './task.ts'
import { createReader, invalid } from './validation.ts'
import type { Destination, TaskWrite, Versions } from './writes.ts'

const Neighbour = Type.Optional({
  ...TaskId,
  description: 'the id of another of your tasks, written as 8-4-4-4-12 hexadecimal digits',
})

/** Where to move a task: exactly one member. */
export const TaskMove = Type.Object(
  {
    before: Neighbour,
    after: Neighbour,
    to: Type.Optional(Type.Enum(['top', 'bottom'], { description: 'top or bottom' })),
  },
  {
    minProperties: 1,
    maxProperties: 1,
    additionalProperties: false,
    description: 'a JSON object with exactly one of before, after and to',
  },
)
export type TaskMove = Static<typeof TaskMove>

const OPERATIONS = ['create', 'patch', 'delete', 'restore', 'move'] as const

/** One operation of a batch, apart from the versions that it accepts. */
export const TaskOperation = Type.Object(
  {
    op: Type.Enum([...OPERATIONS], { description: `one of ${OPERATIONS.join(', ')}` }),
    id: Type.Optional(TaskId),
    body: Type.Optional(Type.Unknown({ description: 'What the operation of that name takes.' })),
  },
  { description: 'a JSON object' },
)
export type TaskOperation = Static<typeof TaskOperation>

const MAX_OPERATIONS = 100

/** Operations that a caller sends together. */
export const TaskBatch = Type.Object(
  {
    atomic: Type.Boolean({ description: 'true or false' }),
    operations: Type.Array(Type.Unknown(), {
      minItems: 1,
      maxItems: MAX_OPERATIONS,
      description: `an array of 1 to ${MAX_OPERATIONS} operations`,
    }),
  },
  { description: 'a JSON object' },
)
export type TaskBatch = Static<typeof TaskBatch>

const Permanent = Type.Boolean({ description: 'true or false' })

const read = {
  id: createReader('id', TaskId),
  list: createReader('query', TaskListQuery),
  batch: createReader('body', TaskBatch),
  permanent: createReader('permanent', Permanent),
  replace: createReader('body', TaskUpdate),
  patch: createReader('body', TaskPatch),
  move: createReader('body', TaskMove),
  create: createReader('body', TaskCreate),
  operation: createReader('operation', TaskOperation),
}

/** The versions that a caller expects: `any` if it says that any will do, `null` if it does not say. */
export type ExpectedVersions = readonly number[] | 'any' | null

/** A requested change of one task, not validated yet. */
export interface ChangeRequest {
  readonly op: 'replace' | 'patch' | 'delete' | 'restore' | 'move'
  readonly id: string
  readonly body?: unknown
  readonly versions: ExpectedVersions
  /** Versions that the caller refuses, even if it expects them. */
  readonly except?: readonly number[] | 'any'
  /** For a delete: whether to skip the trash, or to delete a task that is in it. */
  readonly permanent?: unknown
  /** Problems that the caller found, to be reported together with the others. */
  readonly problems?: readonly string[]
}

/** @throws TaskportError `invalid` */
export function readId(id: string): string {
  const problems: string[] = []
  read.id(id, problems)
  if (problems.length > 0) throw invalid(...problems)
  return id.toLowerCase()
}

/**
 * @param after the end of the previous page; `null` for the first page.
 * @param problems problems that the caller found. They come last in the details.
 * @param positionName what the caller calls the position in its own requests.
 * @throws TaskportError `invalid`, with everything that is wrong.
 */
export function readList(
  input: unknown,
  after: PagePosition | null,
  problems: readonly string[] = [],
  positionName = 'position',
): ListQuery {
  const found: string[] = []
  const parameters = read.list(input, found)
  found.push(...problems)
  if (!parameters || found.length > 0) throw invalid(...found)
  const query = listQuery(parameters, after)
  if (after && !isPosition(query.sort, after))
    throw invalid(`${positionName}: belongs to a different list`)
  return query
}

/**
 * @param id the id of the new task.
 * @param problems what the caller itself found wrong.
 * @throws TaskportError `invalid`, with everything that is wrong.
 */
export function readCreate(id: string, body: unknown, problems: readonly string[] = []): TaskWrite {
  const found = [...problems]
  const task = read.create(body, found)
  if (!task || found.length > 0) throw invalid(...found)
  return { op: 'create', id, task }
}

/** @throws TaskportError like `readCreate`. */
export function readBatch(body: unknown, problems: readonly string[] = []): TaskBatch {
  const found = [...problems]
  const batch = read.batch(body, found)
  if (!batch || found.length > 0) throw invalid(...found)
  return batch
}

/**
 * @param requireVersion whether the caller must name the versions that it expects.
 * @throws TaskportError `invalid`, with everything that is wrong; `version_required`.
 */
export function readChange(request: ChangeRequest, requireVersion: boolean): TaskWrite {
  const problems: string[] = []
  read.id(request.id, problems)
  problems.push(...(request.problems ?? []))
  const change = contentOf(request, problems)
  if (!change || problems.length > 0) throw invalid(...problems)
  if (requireVersion && request.versions === null && request.op !== 'restore')
    throw new TaskportError('version_required', 'The version that is expected is missing')
  return { ...change, id: request.id.toLowerCase(), versions: versionsOf(request) }
}

function versionsOf({ versions, except = [] }: ChangeRequest): Versions {
  if (except === 'any') return []
  if (versions !== null && versions !== 'any')
    return versions.filter((version) => !except.includes(version))
  return except.length === 0 ? null : { except }
}

type Content<Write> = Write extends unknown ? Omit<Write, 'id' | 'versions'> : never

/** The content of a change. Returns `undefined` if it is invalid, and adds the reasons to `problems`. */
function contentOf(
  { op, body, permanent = false }: ChangeRequest,
  problems: string[],
): Content<Exclude<TaskWrite, { op: 'create' }>> | undefined {
  switch (op) {
    case 'replace':
    case 'patch': {
      const patch = read[op](body, problems)
      return patch && { op: 'patch', patch }
    }
    case 'move': {
      const move = read.move(body, problems)
      return move && { op, destination: destinationOf(move) }
    }
    case 'delete': {
      const isPermanent = read.permanent(permanent, problems)
      return isPermanent === undefined ? undefined : { op, permanent: isPermanent }
    }
    case 'restore':
      return { op }
  }
}

function destinationOf({ before, after, to }: TaskMove): Destination {
  if (before !== undefined) return { before: before.toLowerCase() }
  if (after !== undefined) return { after: after.toLowerCase() }
  return { to: to ?? 'top' }
}

/** A requested operation of a batch, not validated yet. */
export interface OperationRequest {
  readonly operation: unknown
  readonly versions: ExpectedVersions
  /** Problems that the caller found, to be reported together with the others. */
  readonly problems: readonly string[]
}

/**
 * @param options.newId makes the id of a new task.
 * @param options.permanent whether deletions skip the trash.
 * @throws TaskportError like `readChange`.
 */
export function readOperation(
  { operation, versions, problems }: OperationRequest,
  options: {
    readonly newId: () => string
    readonly requireVersion: boolean
    readonly permanent: boolean
  },
): TaskWrite {
  const found: string[] = []
  const known = read.operation(operation, found)
  if (!known) throw invalid(...found, ...problems)
  const { op, id = '', body } = known
  if (op === 'create') return readCreate(options.newId(), body, problems)
  const { requireVersion, permanent } = options
  return readChange({ op, id, body, versions, permanent, problems }, requireVersion)
}
