import { expect } from 'bun:test'
import type { List } from '../../core/list.ts'
import type { Task } from '../../core/task.ts'

/** Everything that devices saw, from which the relations between tasks follow. */
export function createObservations() {
  const versions = new Map<string, Task | List>()
  const owners = new Map<string, string>()
  const firstParents = new Map<string, { version: number; parent: string | null }>()
  const containers = new Map<string, Set<string>>()
  const successors = new Map<string, Set<string>>()
  const predecessors = new Map<string, string>()

  function see(user: string, item: Task | List): void {
    const key = `${item.id} ${item.version}`
    expect(versions.get(key) ?? item).toEqual(item)
    versions.set(key, item)
    expect(owners.get(item.id) ?? user).toBe(user)
    owners.set(item.id, user)
  }

  function seeRelations({ id, version, list_id, parent_id, successor_id }: Task): void {
    const first = firstParents.get(id)
    if (!first || version < first.version) firstParents.set(id, { version, parent: parent_id })
    const around = containers.get(id) ?? new Set()
    for (const container of [list_id, parent_id]) if (container !== null) around.add(container)
    containers.set(id, around)
    if (successor_id === null) return
    successors.set(id, (successors.get(id) ?? new Set()).add(successor_id))
    // No task follows two others.
    expect(predecessors.get(successor_id) ?? id).toBe(id)
    predecessors.set(successor_id, id)
  }

  return {
    /** Records a task that a device saw. Everyone sees the same in a version. */
    task(user: string, task: Task): void {
      see(user, task)
      seeRelations(task)
      expect(task.text).toStartWith(`${user}-`)
      if (task.completed) expect(task.recurrence).toBeNull()
    },

    list: (user: string, list: List): void => see(user, list),

    /** A task in a version, if a device saw it. */
    taskAt(id: string, version: number): Task | null {
      const item = versions.get(`${id} ${version}`)
      return item && 'text' in item ? item : null
    },

    /** The lists and parents that a task may ever have been in. A subtask moves along with its parent. */
    containersOf(id: string): string[] {
      const own = [...(containers.get(id) ?? [])]
      return own.flatMap((container) => [container, ...(containers.get(container) ?? [])])
    },

    /**
     * Checks that every completion left at most one successor, with at most one copy of each subtask.
     *
     * @param existing all tasks of a user, including the trash.
     * @param derived those that no device created.
     */
    checkSuccessors(existing: ReadonlyMap<string, Task>, derived: readonly Task[]): void {
      for (const [id, all] of successors) {
        const left = [...all].filter((one) => existing.has(one))
        const task = existing.get(id)
        if (task)
          for (const one of left)
            expect({ id, successor_id: one }).toEqual({
              id,
              successor_id: task.successor_id ?? 'none',
            })
        expect(left.length).toBeLessThanOrEqual(1)
      }
      const copies = new Set<string>()
      for (const { id, text } of derived) {
        if (predecessors.has(id)) continue
        const parent = firstParents.get(id)?.parent ?? ''
        expect({ id, isCopy: predecessors.has(parent) }).toEqual({ id, isCopy: true })
        const copy = `${parent} ${firstMark(text)}`
        expect({ id, isSecond: copies.has(copy) }).toEqual({ id, isSecond: false })
        copies.add(copy)
      }
    },
  }
}

export function firstMark(text: string): string {
  return text.split(' ')[0] ?? ''
}
