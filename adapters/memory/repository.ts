import type { Owner } from '../../core/owner.ts'
import type { TaskRepository } from '../../core/ports.ts'
import { changeTask, newestFirst, type Task } from '../../core/task.ts'

/** Keeps tasks as long as the process lives. Copies go in and copies come out. */
export function createMemoryRepository(): TaskRepository {
  const owners = new Map<Owner, Map<string, Task>>()

  return {
    async list(owner) {
      return Array.from(owners.get(owner)?.values() ?? [], (task) => ({ ...task })).sort(
        newestFirst,
      )
    },

    async get(owner, id) {
      const task = owners.get(owner)?.get(id)
      return task ? { ...task } : null
    },

    async insert(owner, task) {
      const tasks = owners.get(owner) ?? new Map<string, Task>()
      owners.set(owner, tasks.set(task.id, { ...task }))
    },

    async update(owner, id, patch, now) {
      const tasks = owners.get(owner)
      const task = tasks?.get(id)
      if (!tasks || !task) return null
      const changed = changeTask(task, patch, now)
      tasks.set(id, changed)
      return { ...changed }
    },

    async remove(owner, id) {
      const tasks = owners.get(owner)
      if (!tasks?.delete(id)) return false
      if (tasks.size === 0) owners.delete(owner)
      return true
    },
  }
}
