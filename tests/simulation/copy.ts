import { expect } from 'bun:test'
import type { Change } from '../../core/feed.ts'
import type { List } from '../../core/list.ts'
import type { Task } from '../../core/task.ts'

interface Page {
  readonly changes: readonly Change[]
  readonly has_more: boolean
}

/** Records what devices see. */
interface Observer {
  observe(user: string, task: Task): void
  observeList(user: string, list: List): void
}

/** A device's copy of the tasks and lists, which only the feed changes. */
export function createCopy(user: string, observer: Observer) {
  const tasks = new Map<string, Task>()
  const lists = new Map<string, List>()
  // The ids since the beginning of a snapshot; `null` if no snapshot is being read.
  let seen: Set<string> | null = null

  function apply(change: Change): void {
    switch (change.type) {
      case 'list': {
        const { list } = change
        observer.observeList(user, list)
        expect(list.version).toBeGreaterThanOrEqual(lists.get(list.id)?.version ?? 1)
        // Only a list that was changed later may come after a task that is in it.
        if (list.version === 1 && !lists.has(list.id)) expect(tasksIn(list.id)).toEqual([])
        lists.set(list.id, list)
        seen?.add(list.id)
        return
      }
      case 'upsert': {
        const { task } = change
        observer.observe(user, task)
        expect(task.version).toBeGreaterThanOrEqual(tasks.get(task.id)?.version ?? 1)
        tasks.set(task.id, task)
        seen?.add(task.id)
        return
      }
      case 'list_deleted':
      case 'delete':
        tasks.delete(change.id)
        lists.delete(change.id)
        seen?.delete(change.id)
    }
  }

  function tasksIn(list: string): Task[] {
    return [...tasks.values()].filter(({ list_id }) => list_id === list)
  }

  /** Checks the first page of a snapshot, which has what its tasks need. */
  function checkSnapshot(changes: readonly Change[]): void {
    const types = changes.map(({ type }) => type)
    expect(types).toEqual(types.toSorted())
    const known = changes.flatMap((change) => (change.type === 'list' ? [change.list.id] : []))
    for (const change of changes)
      if (change.type === 'upsert' && change.task.list_id !== null)
        expect(known).toContain(change.task.list_id)
  }

  return {
    tasks,
    lists,

    /** Takes over a page of the feed. `isFirst` says that it is the first one of a snapshot. */
    take({ changes, has_more }: Page, isFirst: boolean): void {
      if (isFirst) {
        seen = new Set()
        checkSnapshot(changes)
      }
      for (const change of changes) apply(change)
      if (has_more) return
      // A snapshot has every task and list, so all others are gone.
      for (const id of [...tasks.keys(), ...lists.keys()])
        if (seen?.has(id) === false) {
          tasks.delete(id)
          lists.delete(id)
        }
      seen = null
      expectWhole(tasks, lists)
    },
  }
}

/** Checks that each task is in a list that exists, and each subtask in the list of its parent. */
export function expectWhole(
  tasks: ReadonlyMap<string, Task>,
  lists: ReadonlyMap<string, unknown>,
): void {
  for (const task of tasks.values()) {
    const { id, list_id, parent_id } = task
    if (list_id !== null && !lists.has(list_id)) throw new Error(`${id} is in an unknown list`)
    if (parent_id === null) continue
    const parent = tasks.get(parent_id)
    if (parent === undefined) throw new Error(`${id} has an unknown parent`)
    expect({ id, list_id }).toEqual({ id, list_id: parent.list_id })
    expect(parent.parent_id).toBeNull()
  }
}
