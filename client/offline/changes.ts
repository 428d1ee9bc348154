import { TaskportError } from '../errors.ts'
import type {
  List,
  ListCreate,
  ListMove,
  ListPatch,
  Task,
  TaskCreate,
  TaskMove,
  TaskPatch,
} from '../types.ts'
import { isLocal, newLocalId, randomText } from './ids.ts'
import { checkMembers, isEqual, memberOf, membersOf, normalize, withCleared } from './members.ts'
import type { Replica } from './replica.ts'
import { StorageFullError } from './storage-full.ts'
import type { ChangeKind, Members, OfflineList, OfflineTask, WaitingChange } from './types.ts'
import type { View } from './view.ts'

type Draft = Pick<WaitingChange, 'op' | 'id' | 'members' | 'base'>

/** The functions that change tasks and lists. Each resolves once the change is in the queue. */
export function createChanges(options: {
  readonly replica: Replica
  readonly view: () => View
  readonly now: () => Date
  readonly onStorageError: (error: StorageFullError | null) => void
}) {
  const { replica, view, now, onStorageError } = options

  /** Adds changes to the queue. There are none if nothing is to change. */
  async function add(build: (view: View) => readonly Draft[] | Draft | null): Promise<void> {
    try {
      await replica.add(({ changes }) => {
        const last = Number.parseInt(changes.at(-1)?.key ?? '0', 10)
        const drafts = [build(view()) ?? []].flat()
        const added = drafts.map((draft, index) => {
          const number = `${last + 1 + index}`.padStart(9, '0')
          const key = `${number}-${randomText().slice(0, 8)}`
          return [`change:${key}`, { ...draft, key, at: now().toISOString() }] as const
        })
        return new Map(added)
      })
      onStorageError(null)
    } catch (error) {
      if (error instanceof StorageFullError) onStorageError(error)
      throw error
    }
  }

  function taskOf({ tasks, idOf }: View, id: string): OfflineTask {
    return tasks.get(idOf(id)) ?? missing('Task')
  }

  function listOf({ lists, idOf }: View, id: string): OfflineList {
    return lists.get(idOf(id)) ?? missing('List')
  }

  /** Checks the list and the parent of a task as the service does, and puts a subtask beside its parent. */
  function withPlace(seen: View, members: Members, own: OfflineTask | null): Members {
    const { list_id, parent_id = own?.parent_id ?? null } = members
    if (typeof list_id === 'string') listOf(seen, list_id)
    if (typeof parent_id !== 'string') return members
    const parent = taskOf(seen, parent_id)
    const isParent =
      own !== null && [...seen.tasks.values()].some((one) => one.parent_id === own.id)
    if (parent.parent_id !== null || parent === own || isParent)
      invalid('parent_id: must be a task without a parent, for a task without subtasks')
    if (list_id !== undefined && seen.idOf(`${list_id}`) !== `${parent.list_id}`)
      invalid('list_id: must be the list of the parent')
    return { ...members, list_id: parent.list_id }
  }

  function update<Item extends Task | List>(
    op: ChangeKind,
    item: Item,
    wanted: Members,
  ): Draft | null {
    checkMembers(wanted)
    const own: Members = { ...item }
    const changed = Object.entries(withCleared(wanted, own)).filter(
      ([name, value]) => !isEqual(value, memberOf(item, name)),
    )
    if (changed.length === 0) return null
    const members = Object.fromEntries(changed)
    // A recurrence is handed on when the task is completed.
    const related = 'recurrence' in members ? ['completed', 'successor_id'] : []
    const names = [...Object.keys(members), ...related]
    const base = Object.fromEntries(names.map((name) => [name, memberOf(item, name)]))
    return { op, id: item.id, members, base }
  }

  function move(
    op: ChangeKind,
    id: string,
    place: TaskMove | ListMove,
    neighbor: (id: string) => unknown,
  ): Draft {
    const members: Members = { ...place }
    for (const name of ['before', 'after']) {
      const other = members[name]
      if (typeof other === 'string') neighbor(other)
    }
    return { op, id, members, base: {} }
  }

  return {
    async createTask(task: TaskCreate): Promise<OfflineTask> {
      const id = newLocalId()
      await add((seen) => {
        const members = normalize(task, false)
        const { completed: _, ...rest } = members
        checkMembers({ text: undefined, ...rest })
        return { op: 'create', id, members: withPlace(seen, rest, null), base: {} }
      })
      return taskOf(view(), id)
    },

    /** Changes the given members of a task. */
    async updateTask(id: string, patch: TaskPatch): Promise<OfflineTask> {
      await add((seen) => {
        const task = taskOf(seen, id)
        return update('patch', task, withPlace(seen, normalize(patch, false), task))
      })
      return taskOf(view(), id)
    },

    /** Moves a task and its subtasks to the trash, or deletes them permanently. */
    deleteTask: (id: string, { permanent = false }: { readonly permanent?: boolean } = {}) =>
      add((seen) => {
        const { tasks, trash, idOf } = seen
        const task = tasks.get(idOf(id)) ?? (permanent ? trash.get(idOf(id)) : undefined)
        if (!task) return missing('Task')
        return {
          op: permanent ? 'erase' : 'delete',
          id: task.id,
          members: {},
          base: membersOf(task),
        }
      }),

    /** Restores a task from the trash. */
    async restoreTask(id: string): Promise<OfflineTask> {
      await add(({ tasks, trash, idOf }) => {
        if (tasks.has(idOf(id))) return null
        const task = trash.get(idOf(id)) ?? missing('Task')
        const { id: own } = task
        const isWaiting = replica.data().changes.some((change) => change.id === own)
        if (!isLocal(own) || isWaiting) return { op: 'restore', id: own, members: {}, base: {} }
        // It was deleted before it was ever sent, so it is created again.
        const { completed, ...members } = membersOf(task)
        const create: Draft = { op: 'create', id: own, members, base: {} }
        if (!completed) return create
        return [
          create,
          { op: 'patch', id: own, members: { completed }, base: { completed: false } },
        ]
      })
      return taskOf(view(), id)
    },

    /** Moves a task before or after another, or to the top or bottom. */
    async moveTask(id: string, place: TaskMove): Promise<OfflineTask> {
      await add((seen) => move('move', taskOf(seen, id).id, place, (other) => taskOf(seen, other)))
      return taskOf(view(), id)
    },

    async createList(list: ListCreate): Promise<OfflineList> {
      const id = newLocalId()
      await add(() => {
        const members = normalize(list, true)
        checkMembers({ name: undefined, ...members })
        return { op: 'create_list', id, members, base: {} }
      })
      return listOf(view(), id)
    },

    /** Changes the name or the color of a list. */
    async updateList(id: string, patch: ListPatch): Promise<OfflineList> {
      await add((seen) => update('patch_list', listOf(seen, id), normalize(patch, true)))
      return listOf(view(), id)
    },

    /** Deletes a list, and moves its tasks to the trash. */
    deleteList: (id: string) =>
      add((seen) => {
        const list = listOf(seen, id)
        return { op: 'delete_list', id: list.id, members: {}, base: membersOf(list) }
      }),

    /** Moves a list before or after another, or to the top or bottom. */
    async moveList(id: string, place: ListMove): Promise<OfflineList> {
      await add((seen) =>
        move('move_list', listOf(seen, id).id, place, (other) => listOf(seen, other)),
      )
      return listOf(view(), id)
    },
  }
}

function missing(what: string): never {
  throw new TaskportError('NOT_FOUND', `${what} not found`, { status: 404 })
}

function invalid(detail: string): never {
  const about = { status: 422, details: [detail] }
  throw new TaskportError('VALIDATION_ERROR', 'The change is not valid', about)
}
