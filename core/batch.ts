import Type, { type Static } from 'typebox'
import { Id } from './item.ts'
import { type ExpectedVersions, readChange, readCreate, readCreateList } from './requests.ts'
import { createReader, invalid, membersOf } from './validation.ts'
import type { ItemWrite, Reference } from './writes.ts'

const OPERATIONS = [
  'create',
  'patch',
  'delete',
  'restore',
  'move',
  'create_list',
  'patch_list',
  'delete_list',
  'move_list',
] as const

/** One operation of a batch, apart from the versions that it accepts. */
export const Operation = Type.Object(
  {
    op: Type.Enum([...OPERATIONS], { description: `one of ${OPERATIONS.join(', ')}` }),
    id: Type.Optional(Id),
    body: Type.Optional(Type.Unknown({ description: 'What the operation of that name takes.' })),
  },
  { description: 'a JSON object' },
)

const MAX_OPERATIONS = 100

/** Operations that a caller sends together. */
export const Batch = Type.Object(
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
export type Batch = Static<typeof Batch>

const read = {
  batch: createReader('body', Batch),
  operation: createReader('operation', Operation),
}

/** @throws TaskportError `invalid`, with everything that is wrong. */
export function readBatch(body: unknown, problems: readonly string[] = []): Batch {
  const found = [...problems]
  const batch = read.batch(body, found)
  if (!batch || found.length > 0) throw invalid(...found)
  return batch
}

/** A requested operation of a batch, not validated yet. */
export interface OperationRequest {
  readonly operation: unknown
  readonly versions: ExpectedVersions
  /** Problems that the caller found, to be reported together with the others. */
  readonly problems: readonly string[]
}

export interface OperationOptions {
  /** Makes the id of a new task or list. */
  readonly newId: () => string
  readonly requireVersion: boolean
  /** Whether deletions skip the trash. */
  readonly permanent: boolean
}

/** What an operation of a batch makes; `null` if it makes nothing. */
type Made = { readonly kind: Kind; readonly id: string } | null
type Kind = 'task' | 'list'

/**
 * Reads the operations of a batch in order. A text such as `$0` in place of an id stands for what operation
 * 0 makes.
 */
export function createOperationReader(options: OperationOptions) {
  const made: Made[] = []

  return {
    /** @throws TaskportError like `readChange`. */
    next(request: OperationRequest): ItemWrite {
      const index = made.push(null) - 1
      const write = readOperation(request, made, options)
      if (write.op === 'create') made[index] = { kind: 'task', id: write.id }
      if (write.op === 'create_list') made[index] = { kind: 'list', id: write.id }
      return write
    },
  }
}

function readOperation(
  { operation, versions, problems }: OperationRequest,
  made: readonly Made[],
  { newId, requireVersion, permanent }: OperationOptions,
): ItemWrite {
  const resolved = resolve(operation, made)
  const found: string[] = []
  const known = read.operation(resolved.operation, found)
  if (!known) throw invalid(...resolved.problems, ...found, ...problems)
  const { op, id = '', body } = known
  const all = [...resolved.problems, ...problems]
  const write =
    op === 'create'
      ? readCreate(newId(), body, all)
      : op === 'create_list'
        ? readCreateList(newId(), body, all)
        : readChange({ op, id, body, versions, permanent, problems: all }, requireVersion)
  const { references } = resolved
  return references.length === 0 ? write : { ...write, references }
}

const REFERENCE = /^\$(0|[1-9]\d?)$/

// Takes the place of a reference that cannot be resolved, so that it is not reported as a wrong id too.
const NO_ID = '00000000-0000-0000-0000-000000000000'

/** Replaces references by the ids that they stand for. */
function resolve(operation: unknown, made: readonly Made[]) {
  const references: Reference[] = []
  const problems: string[] = []
  const { op, id, body } = membersOf(operation)
  const ownKind: Kind = `${op}`.endsWith('_list') ? 'list' : 'task'
  const kinds: Record<string, Kind> = `${op}`.startsWith('move')
    ? { before: ownKind, after: ownKind }
    : ownKind === 'task'
      ? { list_id: 'list', parent_id: 'task' }
      : {}

  function idFor(index: string, member: string, kind: Kind): string {
    const target = made[Number(index)]
    if (target?.kind === kind) {
      references.push({ id: target.id, member })
      return target.id
    }
    problems.push(
      `${member}: $${index} must be the number of an earlier operation that creates a ${kind}`,
    )
    return NO_ID
  }

  const ownIndex = indexIn(id)
  const members = Object.entries(kinds).flatMap(([member, kind]) => {
    const index = indexIn(membersOf(body)[member])
    return index === undefined ? [] : [[member, idFor(index, member, kind)] as const]
  })
  const resolved = {
    ...(ownIndex === undefined ? {} : { id: idFor(ownIndex, 'id', ownKind) }),
    ...(members.length === 0
      ? {}
      : { body: { ...membersOf(body), ...Object.fromEntries(members) } }),
  }
  const isSame = ownIndex === undefined && members.length === 0
  return {
    operation: isSame ? operation : { ...membersOf(operation), ...resolved },
    references,
    problems,
  }
}

/** The number in a reference; `undefined` for anything else. */
function indexIn(value: unknown): string | undefined {
  return typeof value === 'string' ? REFERENCE.exec(value)?.[1] : undefined
}
