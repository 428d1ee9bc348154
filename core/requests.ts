import Type, { type Static } from 'typebox'
import { TaskportError } from './errors.ts'
import { Id } from './item.ts'
import { ListCreate, ListPatch } from './list.ts'
import type { Destination } from './moves.ts'
import { TaskListQuery, type TaskQuery, taskQuery } from './query.ts'
import { type Schedule, scheduleProblems } from './schedule.ts'
import { isPosition, type PagePosition } from './sorting.ts'
import {
  DEFAULTS,
  TaskCreate,
  type TaskPatch,
  TaskPatch as TaskPatchBody,
  TaskUpdate,
} from './task.ts'
import { createReader, invalid, membersOf } from './validation.ts'
import type { ItemWrite, ListWrite, TaskWrite, Versions } from './writes.ts'

function moveAmong(items: 'tasks' | 'lists') {
  const Neighbour = Type.Optional({
    ...Id,
    description: `the id of another of your ${items}, written as 8-4-4-4-12 hexadecimal digits`,
  })
  return Type.Object(
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
}

/** Where to move a task or a list: exactly one member. */
export const TaskMove = moveAmong('tasks')
export const ListMove = moveAmong('lists')
type Move = Static<typeof TaskMove>

const Permanent = Type.Boolean({ description: 'true or false' })

const read = {
  id: createReader('id', Id),
  list: createReader('query', TaskListQuery),
  permanent: createReader('permanent', Permanent),
  replace: createReader('body', TaskUpdate),
  patch: createReader('body', TaskPatchBody),
  move: createReader('body', TaskMove),
  move_list: createReader('body', ListMove),
  create: createReader('body', TaskCreate),
  createList: createReader('body', ListCreate),
  patchList: createReader('body', ListPatch),
}

/** The versions that a caller expects: `any` if it says that any will do, `null` if it does not say. */
export type ExpectedVersions = readonly number[] | 'any' | null

/** A requested change of one task or list, not validated yet. */
export interface ChangeRequest {
  readonly op: 'replace' | Exclude<ItemWrite['op'], 'create' | 'create_list'>
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
export function readTaskQuery(
  input: unknown,
  after: PagePosition | null,
  problems: readonly string[] = [],
  positionName = 'position',
): TaskQuery {
  const found: string[] = []
  const parameters = read.list(input, found)
  found.push(...problems)
  if (!parameters || found.length > 0) throw invalid(...found)
  const query = taskQuery(parameters, after)
  if (after && !isPosition(query.sort, after))
    throw invalid(`${positionName}: belongs to a different list`)
  return query
}

/**
 * @param id the id of the new task.
 * @param problems what the caller itself found wrong.
 * @throws TaskportError `invalid`, with everything that is wrong.
 */
export function readCreate(
  id: string,
  body: unknown,
  problems: readonly string[] = [],
): TaskWrite & { op: 'create' } {
  const found = [...problems]
  const task = read.create(body, found)
  found.push(...scheduleProblemsIn(body, found, true))
  if (!task || found.length > 0) throw invalid(...found)
  const { text, ...others } = taskMembers(task)
  return { op: 'create', id, task: { ...others, text: task.text } }
}

/** @throws TaskportError like `readCreate`. */
export function readCreateList(
  id: string,
  body: unknown,
  problems: readonly string[] = [],
): ListWrite & { op: 'create_list' } {
  const found = [...problems]
  const list = read.createList(body, found)
  if (!list || found.length > 0) throw invalid(...found)
  return { op: 'create_list', id, list }
}

/**
 * @param requireVersion whether the caller must name the versions that it expects.
 * @throws TaskportError `invalid`, with everything that is wrong; `version_required`.
 */
export function readChange(request: ChangeRequest, requireVersion: boolean): ItemWrite {
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
): Content<Exclude<ItemWrite, { op: 'create' | 'create_list' }>> | undefined {
  switch (op) {
    case 'replace':
    case 'patch': {
      const patch = read[op](body, problems)
      problems.push(...scheduleProblemsIn(body, problems, false))
      return patch && { op: 'patch', patch: taskMembers(patch) }
    }
    case 'patch_list': {
      const patch = read.patchList(body, problems)
      return patch && { op, patch }
    }
    case 'move':
    case 'move_list': {
      const move = read[op](body, problems)
      return move && { op, destination: destinationOf(move) }
    }
    case 'delete':
    case 'delete_list': {
      const isPermanent = read.permanent(permanent, problems)
      return isPermanent === undefined ? undefined : { op, permanent: isPermanent }
    }
    case 'restore':
      return { op }
  }
}

function destinationOf({ before, after, to }: Move): Destination {
  if (before !== undefined) return { before: before.toLowerCase() }
  if (after !== undefined) return { after: after.toLowerCase() }
  return { to: to ?? 'top' }
}

/** What is wrong with the schedule in a body, apart from the problems that were found in its members. */
function scheduleProblemsIn(body: unknown, found: readonly string[], isNew: boolean): string[] {
  const isWrong = (member: string) => found.some((problem) => problem.startsWith(`${member}: `))
  // Members that the reader did not report are as the schema says.
  const { due, time_zone, recurrence } = membersOf(body) as Partial<Schedule>
  const schedule: { -readonly [Name in keyof Schedule]?: Schedule[Name] } = {}
  if (!isWrong('due') && (due !== undefined || isNew)) schedule.due = due ?? null
  if (!isWrong('time_zone') && time_zone) schedule.time_zone = time_zone
  if (!isWrong('recurrence') && recurrence) schedule.recurrence = recurrence
  return scheduleProblems(schedule)
}

/** The members of a body that callers set, with defaults in place of `null`. */
function taskMembers(body: Static<typeof TaskPatchBody>): TaskPatch {
  const { text, completed } = body
  const members: { -readonly [Name in keyof TaskPatch]: TaskPatch[Name] } = {}
  if (text !== undefined) members.text = text
  if (completed !== undefined) members.completed = completed
  if (body.description !== undefined) members.description = body.description || null
  if (body.due !== undefined) members.due = body.due
  if (body.time_zone !== undefined) members.time_zone = body.time_zone
  if (body.priority !== undefined) members.priority = body.priority ?? DEFAULTS.priority
  if (body.tags !== undefined) members.tags = body.tags ?? DEFAULTS.tags
  if (body.list_id !== undefined) members.list_id = body.list_id?.toLowerCase() ?? null
  if (body.parent_id !== undefined) members.parent_id = body.parent_id?.toLowerCase() ?? null
  if (body.recurrence !== undefined)
    members.recurrence = body.recurrence && {
      rule: body.recurrence.rule,
      from: body.recurrence.from ?? 'due',
    }
  return members
}
