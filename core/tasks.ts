import { TaskportError } from './errors.ts'
import type { Owner } from './owner.ts'
import type { Clock, NewId, TaskRepository } from './ports.ts'
import {
  createTask,
  type Task,
  TaskCreate,
  TaskId,
  type TaskList,
  TaskPatch,
  TaskUpdate,
} from './task.ts'
import { createRule, invalid } from './validation.ts'

/**
 * The use cases. Each is given whose tasks it is about and rejects with a `TaskportError`:
 * `invalid` for input that breaks a rule (all broken ones in one error, before the store is asked),
 * `not_found`, and whatever the store reports. Input comes as the caller sent it. Ids are taken in any
 * letter case.
 */
export interface TaskService {
  list(owner: Owner): Promise<TaskList>
  get(owner: Owner, id: string): Promise<Task>
  create(owner: Owner, input: unknown): Promise<Task>
  /** Sets everything that can be changed. Never creates. */
  replace(owner: Owner, id: string, input: unknown): Promise<Task>
  /** Sets what is present. */
  patch(owner: Owner, id: string, input: unknown): Promise<Task>
  remove(owner: Owner, id: string): Promise<void>
}

const idRule = createRule('id', TaskId)
const createRules = createRule('body', TaskCreate)
const updateRules = createRule('body', TaskUpdate)
const patchRules = createRule('body', TaskPatch)

export function createTaskService(deps: {
  readonly repository: TaskRepository
  readonly now: Clock
  readonly newId: NewId
}): TaskService {
  const { repository, now, newId } = deps

  async function change(
    owner: Owner,
    id: string,
    input: unknown,
    rules: typeof patchRules | typeof updateRules,
  ): Promise<Task> {
    if (!idRule.accepts(id) || !rules.accepts(input))
      throw invalid(...idRule.problems(id), ...rules.problems(input))
    return found(await repository.update(owner, id.toLowerCase(), input, now()))
  }

  return {
    async list(owner) {
      const tasks = await repository.list(owner)
      return { tasks, count: tasks.length }
    },

    async get(owner, id) {
      if (!idRule.accepts(id)) throw invalid(...idRule.problems(id))
      return found(await repository.get(owner, id.toLowerCase()))
    },

    async create(owner, input) {
      if (!createRules.accepts(input)) throw invalid(...createRules.problems(input))
      const task = createTask(newId(), input, now())
      await repository.insert(owner, task)
      return task
    },

    replace: (owner, id, input) => change(owner, id, input, updateRules),

    patch: (owner, id, input) => change(owner, id, input, patchRules),

    async remove(owner, id) {
      if (!idRule.accepts(id)) throw invalid(...idRule.problems(id))
      if (!(await repository.remove(owner, id.toLowerCase()))) throw notFound()
    },
  }
}

function found(task: Task | null): Task {
  if (task === null) throw notFound()
  return task
}

function notFound(): TaskportError {
  return new TaskportError('not_found', 'Task not found')
}
