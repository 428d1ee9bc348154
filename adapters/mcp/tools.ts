import { hash } from 'node:crypto'
import Type, { type Static, type TObject } from 'typebox'
import { TaskportError } from '../../core/errors.ts'
import { List, ListCreate } from '../../core/list.ts'
import type { ListService } from '../../core/lists.ts'
import type { Owner } from '../../core/owner.ts'
import { TaskListQuery, type TaskQuery } from '../../core/query.ts'
import { readTaskQuery } from '../../core/requests.ts'
import { Task, TaskCreate, TaskPatch } from '../../core/task.ts'
import type { TaskService } from '../../core/tasks.ts'
import { createReader, invalid } from '../../core/validation.ts'
import { findTask } from './naming.ts'

/** The use cases that tools call. */
export interface UseCases {
  readonly tasks: TaskService
  readonly lists: ListService
}

/** What a client should know before it calls a tool. */
interface Hints {
  /** Whether it changes nothing. */
  readonly isReadOnly: boolean
  /** Whether it may overwrite or remove something. */
  readonly isDestructive: boolean
  /** Whether a second call with the same arguments changes nothing more. */
  readonly isIdempotent: boolean
}

/** A tool, as models see it, and what it does. */
export interface Tool extends Hints {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: TObject
  readonly output: TObject
  /** @throws TaskportError or NamingError if the caller can correct it. */
  readonly call: (useCases: UseCases, owner: Owner, input: unknown) => Promise<Result>
}

type Result = Record<string, unknown>

/** Defines a tool whose arguments are read before it runs. Hints are false unless given. */
function tool<Input extends TObject>(
  definition: Omit<Tool, keyof Hints | 'input' | 'call'> &
    Partial<Hints> & {
      readonly input: Input
      readonly run: (useCases: UseCases, owner: Owner, input: Static<Input>) => Promise<Result>
    },
): Tool {
  const { run, ...shown } = definition
  const read = createReader('arguments', definition.input)
  return {
    isReadOnly: false,
    isDestructive: false,
    isIdempotent: false,
    ...shown,
    call(useCases, owner, input) {
      const problems: string[] = []
      const known = read(input ?? {}, problems)
      if (known === undefined) throw invalid(...problems)
      return run(useCases, owner, known)
    },
  }
}

/** Arguments. A model that misspells one should learn about it. */
function args<Properties extends TObject['properties']>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false })
}

const named = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'the id of the task, or words that occur in no other task',
  examples: ['019c1325-8e40-7c3d-9a54-1f0e6b2d7a90', 'call the dentist'],
})

const key = Type.String({
  pattern: '^[\\x21-\\x7e]{1,255}$',
  description:
    '1 to 255 visible ASCII characters. If the call may be repeated, send the same key: the task is added once',
  examples: ['dentist-2026-01-31'],
})

const version = Type.Integer({
  minimum: 1,
  description:
    'the version of the task that you read: the call fails if the task has changed since then',
})

const { completed: _, ...changeable } = TaskPatch.properties

const reopened = Type.Literal(false, {
  description: 'false, which reopens a completed task. To complete a task, call complete_task',
})

const OneTask = Type.Object({ task: Task })
const CountedList = Type.Object({
  ...List.properties,
  open: Type.Integer({ description: 'The number of its open tasks.' }),
})
const oneTask = (task: object) => ({ task: seen(Task, task) })
const count = (description: string) => Type.Integer({ minimum: 0, description })

const DEFAULT_LIMIT = 50

const addTask = tool({
  name: 'add_task',
  title: 'Add a task',
  description:
    'Adds a task for the user. Use it when the user wants to be reminded of something or to do it later. Put the date into due, not into text. Example: {"text": "Call the dentist", "due": "2026-01-31", "priority": "high"}. For a task that repeats, set recurrence: {"text": "Water the plants", "due": "2026-02-02", "recurrence": {"rule": "FREQ=WEEKLY;BYDAY=MO"}}.',
  input: args({ ...TaskCreate.properties, key: Type.Optional(key) }),
  output: OneTask,
  async run({ tasks }, owner, { key, ...body }) {
    const retry = key === undefined ? null : { key, fingerprint: fingerprintOf('add_task', body) }
    const { value } = await tasks.create(owner, { body, retry })
    return oneTask(value)
  },
})

const listTasks = tool({
  name: 'list_tasks',
  title: 'List tasks',
  description: `Lists the tasks that match all filters, and counts the open and the completed ones. Use it for questions such as "What do I have to do?", and to find the id of a task. It returns at most ${DEFAULT_LIMIT} tasks unless limit says otherwise; count is the number of all tasks that match. Example for tasks that are due before February: {"completed": false, "due_before": "2026-02-01", "sort": "due"}. Example for a search: {"q": "dentist"}.`,
  input: args({
    ...TaskListQuery.properties,
    limit: Type.Optional({ ...TaskListQuery.properties.limit, default: DEFAULT_LIMIT }),
  }),
  output: Type.Object({
    tasks: Type.Array(Task),
    count: count('The number of tasks that match all filters.'),
    open: count('The number of open tasks that match the filters other than completed.'),
    completed: count('The number of completed tasks that match the filters other than completed.'),
  }),
  isReadOnly: true,
  isIdempotent: true,
  async run({ tasks }, owner, input) {
    const query = readTaskQuery({ limit: DEFAULT_LIMIT, ...input }, null)
    const { tasks: page, count } = await tasks.list(owner, query)
    const counts = await countsOf(tasks, owner, query, count)
    return { tasks: page.map((task) => seen(Task, task)), count, ...counts }
  },
})

const getTask = tool({
  name: 'get_task',
  title: 'Get a task',
  description:
    'Returns one task with all its details and its version. Example: {"task": "dentist"}.',
  input: args({ task: named }),
  output: OneTask,
  isReadOnly: true,
  isIdempotent: true,
  async run({ tasks }, owner, { task }) {
    const { id } = await findTask(tasks, owner, task)
    return oneTask(await tasks.get(owner, id))
  },
})

const updateTask = tool({
  name: 'update_task',
  title: 'Change a task',
  description:
    'Changes a task: only the arguments that you send, and null clears one. tags replaces all tags. Use complete_task to complete a task. Example: {"task": "dentist", "due": "2026-02-03T09:30"}.',
  input: args({
    task: named,
    version: Type.Optional(version),
    ...changeable,
    completed: Type.Optional(reopened),
  }),
  output: OneTask,
  isDestructive: true,
  isIdempotent: true,
  async run({ tasks }, owner, { task, version, ...body }) {
    const { id, versions } = await findTask(tasks, owner, task)
    const found = versions === 'any' ? null : versions
    const expected = version === undefined ? found : [version]
    const changed = await tasks.change(owner, { op: 'patch', id, body, versions: expected })
    return oneTask(changed)
  },
})

const completeTask = tool({
  name: 'complete_task',
  title: 'Complete a task',
  description:
    'Marks a task as done. If the task repeats, next is the task that follows it: tell the user when it is due. Example: {"task": "water the plants"}.',
  input: args({ task: named }),
  output: Type.Object({
    task: Task,
    next: Type.Union([Task, Type.Null()], {
      description: 'The next task of a repeating one; null if there is none.',
    }),
  }),
  // Words may mean the successor of a repeating task the second time.
  async run({ tasks }, owner, { task: name }) {
    const { id, versions } = await findTask(tasks, owner, name, { completed: false })
    const body = { completed: true }
    const task = await tasks.change(owner, { op: 'patch', id, body, versions })
    return { ...oneTask(task), next: await successorOf(tasks, owner, task.successor_id) }
  },
})

const deleteTask = tool({
  name: 'delete_task',
  title: 'Delete a task',
  description:
    'Deletes a task and its subtasks. It can be restored with restore_task for a while, if the server keeps deleted tasks. To mark a task as done, use complete_task instead. Example: {"task": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a90"}.',
  input: args({ task: named }),
  output: Type.Object({ deleted_id: Task.properties.id }),
  isDestructive: true,
  isIdempotent: true,
  async run({ tasks }, owner, { task }) {
    const { id, versions } = await findTask(tasks, owner, task)
    await tasks.remove(owner, { id, versions })
    return { deleted_id: id.toLowerCase() }
  },
})

const restoreTask = tool({
  name: 'restore_task',
  title: 'Restore a task',
  description:
    'Restores a deleted task. Words are looked up in deleted tasks only. Example: {"task": "dentist"}.',
  input: args({ task: named }),
  output: OneTask,
  isIdempotent: true,
  async run({ tasks }, owner, { task }) {
    const { id, versions } = await findTask(tasks, owner, task, { deleted: true })
    return oneTask(await tasks.change(owner, { op: 'restore', id, versions }))
  },
})

const listLists = tool({
  name: 'list_lists',
  title: 'List lists',
  description:
    'Returns all lists of the user, each with the number of its open tasks. Use it to find the id of a list for list_id of add_task, or list of list_tasks. Takes no arguments: {}.',
  input: args({}),
  output: Type.Object({ lists: Type.Array(CountedList) }),
  isReadOnly: true,
  isIdempotent: true,
  async run({ lists }, owner) {
    const { lists: all } = await lists.all(owner)
    return { lists: all.map((list) => seen(CountedList, list)) }
  },
})

const addList = tool({
  name: 'add_list',
  title: 'Add a list',
  description:
    'Adds a list that tasks can be in. Call list_lists first, because two lists can have the same name. Example: {"name": "Groceries", "color": "#1e90ff"}.',
  input: args(ListCreate.properties),
  output: Type.Object({ list: List }),
  async run({ lists }, owner, body) {
    const { value } = await lists.create(owner, { body, retry: null })
    return { list: seen(List, value) }
  },
})

export const TOOLS: readonly Tool[] = [
  addTask,
  listTasks,
  getTask,
  updateTask,
  completeTask,
  deleteTask,
  restoreTask,
  listLists,
  addList,
]

/** The members of a task or a list that clients see. Stores keep more. */
function seen(schema: TObject, item: object): Result {
  const members = new Map(Object.entries(item))
  return Object.fromEntries(
    Object.keys(schema.properties).flatMap((name) => {
      const value = members.get(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function fingerprintOf(operation: string, body: object): string {
  return hash('sha256', `${operation} ${JSON.stringify(body)}`, 'base64url')
}

/** @param count how many tasks match the query itself. */
async function countsOf(tasks: TaskService, owner: Owner, query: TaskQuery, count: number) {
  const completed = query.completed !== true
  const { count: others } = await tasks.list(owner, { ...query, completed, limit: 1 })
  // Between the two reads, tasks may have been deleted.
  if (query.completed === null) return { open: Math.max(0, count - others), completed: others }
  return completed ? { open: count, completed: others } : { open: others, completed: count }
}

/** The task that follows a completed one; `null` if there is none, or it has been deleted since. */
async function successorOf(tasks: TaskService, owner: Owner, id: string | null) {
  if (id === null) return null
  try {
    return seen(Task, await tasks.get(owner, id))
  } catch (error) {
    if (error instanceof TaskportError && error.code === 'not_found') return null
    throw error
  }
}
