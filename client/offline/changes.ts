import { TaskportError } from '../errors.ts'
import { newKey } from '../key.ts'
import type { ListCreate, ListMove, ListPatch, TaskCreate, TaskMove, TaskPatch } from '../types.ts'
import { isLocal, newLocalId } from './ids.ts'
import {
  checkTexts,
  defaultsOf,
  differing,
  isTask,
  membersOf,
  pick,
  withCleared,
} from './members.ts'
import type { Entries, Replica } from './replica.ts'
import { StorageFullError } from './storage-full.ts'
import type { ChangeKind, Members, OfflineList, OfflineTask, WaitingChange } from './types.ts'
import type { View } from './view.ts'

type Draft = Pick<WaitingChange, 'op' | 'id'> & Partial<Pick<WaitingChange, 'members' | 'base'>>

/** The functions that change tasks and lists. Each resolves once the change is in the queue. */
export function createChanges(
  replica: Replica,
  view: () => View,
  now: () => Date,
  /** Called with the reason when the storage is full, and with `null` when it is not. */
  onStored: (error: StorageFullError | null) => void,
) {
  /** Adds changes to the queue. There are none if nothing is to change. */
  async function add(build: (view: View) => readonly Draft[]): Promise<void> {
    try {
      await replica.add(({ changes }) => {
        let number = Number.parseInt(changes.at(-1)?.key ?? '0', 10)
        const entries: Entries = new Map()
        for (const draft of build(view())) {
          const key = `${`${++number}`.padStart(9, '0')}-${newKey().slice(0, 8)}`
          const at = now().toISOString()
          entries.set(`changes:${key}`, { members: {}, base: {}, ...draft, key, at })
        }
        return entries
      })
      onStored(null)
    } catch (error) {
      if (error instanceof StorageFullError) onStored(error)
      throw error
    }
  }

  /** The changes that tasks and lists have in common. */
  function changesOf<
    Item extends OfflineTask | OfflineList,
    Create extends object,
    Patch extends object,
    Place extends Members,
  >(isList: boolean) {
    // Safe: only lists are found if `isList`.
    const itemIn = (seen: View, id: string) => find(seen, id, isList) as Item
    // Safe: the operations of lists end so.
    const opOf = (op: string) => (isList ? `${op}_list` : op) as ChangeKind

    /** Adds changes of an item, and returns it as it is then. */
    async function change(id: string, build: (seen: View) => readonly Draft[]): Promise<Item> {
      await add(build)
      return itemIn(view(), id)
    }

    return {
      create(item: Create): Promise<Item> {
        const id = newLocalId()
        return change(id, (seen) => {
          const { completed: _, ...members } = membersOf(item, isList)
          checkTexts({ ...defaultsOf(isList), ...members })
          checkPlace(seen, members)
          return [{ op: opOf('create'), id, members }]
        })
      },

      update: (id: string, patch: Patch): Promise<Item> =>
        change(id, (seen) => {
          const item = itemIn(seen, id)
          const wanted = withCleared(membersOf(patch, isList))
          checkTexts(wanted)
          checkPlace(seen, wanted)
          const names = differing(wanted, item)
          if (names.length === 0) return []
          const members = pick(wanted, names)
          // A recurrence is handed on when the task is completed.
          const base = pick(item, [...names, 'completed', 'successor_id'])
          return [{ op: opOf('patch'), id: item.id, members, base }]
        }),

      move: (id: string, place: Place): Promise<Item> =>
        change(id, (seen) => {
          const neighbor = place['before'] ?? place['after']
          if (neighbor) itemIn(seen, `${neighbor}`)
          return [{ op: opOf('move'), id: itemIn(seen, id).id, members: place }]
        }),

      remove: (id: string): Promise<void> =>
        add((seen) => [removal(opOf('delete'), itemIn(seen, id))]),

      change,
    }
  }

  const ofTasks = changesOf<OfflineTask, TaskCreate, TaskPatch, TaskMove>(false)
  const ofLists = changesOf<OfflineList, ListCreate, ListPatch, ListMove>(true)

  return {
    createTask: ofTasks.create,

    /** Changes the given members of a task. */
    updateTask: ofTasks.update,

    /** Moves a task and its subtasks to the trash, or deletes them permanently. */
    deleteTask: (id: string, { permanent }: { readonly permanent?: boolean | undefined } = {}) =>
      permanent
        ? add((seen) => [removal('erase', seen.trash.get(seen.idOf(id)) ?? find(seen, id, false))])
        : ofTasks.remove(id),

    /** Restores a task from the trash. */
    restoreTask: (id: string): Promise<OfflineTask> =>
      ofTasks.change(id, (seen) => {
        const own = seen.idOf(id)
        const task = seen.trash.get(own)
        // It is not in the trash, if there is one.
        if (!task) return []
        const isWaiting = replica.data().changes.some((change) => change.id === own)
        if (!isLocal(own) || isWaiting) return [{ op: 'restore', id: own }]
        // It was deleted before it was ever sent, so it is created again.
        const { completed, ...members } = membersOf(task)
        const base = { completed: false }
        return [
          { op: 'create', id: own, members },
          ...(completed ? [{ op: 'patch', id: own, members: { completed }, base } as const] : []),
        ]
      }),

    /** Moves a task before or after another, or to the top or bottom. */
    moveTask: ofTasks.move,

    createList: ofLists.create,

    /** Changes the name or the color of a list. */
    updateList: ofLists.update,

    /** Deletes a list, and moves its tasks to the trash. */
    deleteList: ofLists.remove,

    /** Moves a list before or after another, or to the top or bottom. */
    moveList: ofLists.move,
  }
}

function removal(op: ChangeKind, item: OfflineTask | OfflineList): Draft {
  return { op, id: item.id, base: membersOf(item) }
}

/** Checks that the list and the parent of a task exist. */
function checkPlace(seen: View, { list_id, parent_id }: Members): void {
  if (list_id) find(seen, `${list_id}`, true)
  if (parent_id) find(seen, `${parent_id}`, false)
}

function find({ items, idOf }: View, id: string, isList: boolean): OfflineTask | OfflineList {
  const item = items.get(idOf(id))
  if (!item || isTask(item) === isList)
    throw new TaskportError('NOT_FOUND', 'Not found', { status: 404 })
  return item
}
