import Type, { type Static } from 'typebox'
import { TaskportError } from './errors.ts'
import type { NewId } from './ports.ts'
import { isPosition, type ListQuery, listQuery, type Position, TaskListQuery } from './query.ts'
import { TaskCreate, TaskId, TaskPatch, TaskUpdate } from './task.ts'
import { createRule, invalid } from './validation.ts'
import { versionsIn } from './version.ts'
import type { Place, TaskWrite } from './writes.ts'

const Neighbour = Type.Optional({
  ...TaskId,
  description: 'the id of another of your tasks, written as 8-4-4-4-12 hexadecimal digits',
})

/** Where a caller wants a task to stand: exactly one of the three. */
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

/** One of the writes of a batch. */
export const TaskOperation = Type.Object(
  {
    op: Type.Enum([...OPERATIONS], { description: `one of ${OPERATIONS.join(', ')}` }),
    id: Type.Optional(TaskId),
    if_match: Type.Optional(
      Type.String({
        description: 'as the header If-Match: * or entity tags such as "v7"',
        examples: ['"v7"'],
      }),
    ),
    body: Type.Optional(Type.Unknown({ description: 'What the operation of that name takes.' })),
  },
  { description: 'a JSON object' },
)
export type TaskOperation = Static<typeof TaskOperation>

const MAX_OPERATIONS = 100

/** Writes that a caller sends together. */
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

/** What a caller names a call, to be able to repeat it (draft-ietf-httpapi-idempotency-key-header). */
export const RetryKey = Type.String({
  pattern: '^[\\x21-\\x7e]{1,255}$',
  description: '1 to 255 visible ASCII characters',
})

const Permanent = Type.Boolean({ description: 'true or false' })

const rules = {
  id: createRule('id', TaskId),
  list: createRule('query', TaskListQuery),
  retryKey: createRule('Idempotency-Key', RetryKey),
  batch: createRule('body', TaskBatch),
  permanent: createRule('permanent', Permanent),
  replace: createRule('body', TaskUpdate),
  patch: createRule('body', TaskPatch),
  move: createRule('body', TaskMove),
  create: createRule('body', TaskCreate),
  operation: createRule('operation', TaskOperation),
}

/** A change of one task, as a caller asks for it. */
export interface ChangeRequest {
  readonly op: 'replace' | 'patch' | 'delete' | 'restore' | 'move'
  readonly id: string
  readonly body?: unknown
  /** `null` where the caller does not say which version it expects. */
  readonly ifMatch: string | null
  /** For a delete: whether past the trash, or out of it. */
  readonly permanent?: unknown
}

/** What is wrong with what a caller says of a list, but for its cursor. */
export function listProblems(input: unknown): string[] {
  return rules.list.problems(input)
}

/** @throws TaskportError `invalid` */
export function readList(input: unknown, after: Position | null): ListQuery {
  if (!rules.list.accepts(input)) throw invalid(...listProblems(input))
  const query = listQuery(input, after)
  if (after && !isPosition(query.sort, after)) throw invalid('cursor: is not of this list')
  return query
}

/**
 * @param key the caller's name for the call; `null` for none.
 * @throws TaskportError `invalid` with everything that is wrong.
 */
export function readCreate(id: string, body: unknown, key: string | null = null): TaskWrite {
  const problems = keyProblems(key)
  if (problems.length > 0 || !rules.create.accepts(body))
    throw invalid(...problems, ...rules.create.problems(body))
  return { op: 'create', id, text: body.text }
}

/** @throws TaskportError as `readCreate` */
export function readBatch(body: unknown, key: string | null): TaskBatch {
  const problems = keyProblems(key)
  if (problems.length > 0 || !rules.batch.accepts(body))
    throw invalid(...problems, ...rules.batch.problems(body))
  return body
}

function keyProblems(key: string | null): string[] {
  return key === null ? [] : rules.retryKey.problems(key)
}

/**
 * Reads a change of one task.
 *
 * @param tagsName what the caller's versions are called: the header or the member.
 * @param requireVersion whether the caller has to say which version it expects.
 * @throws TaskportError `invalid` with everything that is wrong; `version_required`.
 */
export function readChange(
  request: ChangeRequest,
  tagsName: string,
  requireVersion: boolean,
): TaskWrite {
  const { op, body, ifMatch, permanent = false } = request
  const versions = ifMatch === null ? null : versionsIn(ifMatch)
  const problems = rules.id.problems(request.id)
  if (versions === undefined) problems.push(`${tagsName}: must be * or entity tags such as "v7"`)
  if (op === 'replace' || op === 'patch' || op === 'move')
    problems.push(...rules[op].problems(body))
  if (op === 'delete') problems.push(...rules.permanent.problems(permanent))
  if (problems.length > 0 || versions === undefined) throw invalid(...problems)
  if (requireVersion && ifMatch === null && op !== 'restore')
    throw new TaskportError('version_required', `Say in ${tagsName} which version you expect`)
  const id = request.id.toLowerCase()
  switch (op) {
    case 'replace':
    case 'patch':
      return { op: 'patch', id, versions, patch: rules.patch.accepts(body) ? body : {} }
    case 'move':
      return { op, id, versions, place: placeOf(rules.move.accepts(body) ? body : {}) }
    case 'delete':
      return { op, id, versions, permanent: permanent === true }
    case 'restore':
      return { op, id, versions }
  }
}

function placeOf({ before, after, to }: TaskMove): Place {
  if (before !== undefined) return { before: before.toLowerCase() }
  if (after !== undefined) return { after: after.toLowerCase() }
  return { to: to ?? 'top' }
}

/**
 * Reads one operation of a batch.
 *
 * @param newId the id of the task, where it makes one.
 * @param permanent whether deletions go past the trash.
 * @throws TaskportError as `readChange`
 */
export function readOperation(
  input: unknown,
  options: {
    readonly newId: NewId
    readonly requireVersion: boolean
    readonly permanent: boolean
  },
): TaskWrite {
  if (!rules.operation.accepts(input)) throw invalid(...rules.operation.problems(input))
  const { op, id = '', if_match: ifMatch = null, body } = input
  if (op === 'create') return readCreate(options.newId(), body)
  const { requireVersion, permanent } = options
  return readChange({ op, id, body, ifMatch, permanent }, 'if_match', requireVersion)
}
