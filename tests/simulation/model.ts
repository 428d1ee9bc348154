import { expect } from 'bun:test'
import type { Task } from '../../core/task.ts'

/** A change that the server acknowledged to a device. */
export type Done =
  | { readonly kind: 'created'; readonly mark: string }
  | { readonly kind: 'appended'; readonly mark: string }
  | { readonly kind: 'restored' }
  | { readonly kind: 'changed' }

interface Known {
  readonly user: string
  /** The acknowledged marks in the text. */
  readonly marks: Set<string>
  /** Marks that may have been appended without an acknowledgement. */
  readonly uncertain: Set<string>
  /** Which attempt made each version. Two writes must not get the same version. */
  readonly makers: Map<number, string>
  isDeleted: boolean
  /** The version of the latest acknowledged change of `isDeleted`. */
  decidedAt: number
  isErased: boolean
}

/** Everything that was acknowledged to any device, which must be stored in the end. */
export function createModel() {
  const tasks = new Map<string, Known>()
  const ids = new Map<string, string>()

  function known(id: string, user: string): Known {
    const task = tasks.get(id) ?? {
      user,
      marks: new Set(),
      uncertain: new Set(),
      makers: new Map(),
      isDeleted: false,
      decidedAt: 0,
      isErased: false,
    }
    tasks.set(id, task)
    expect(task.user).toBe(user)
    return task
  }

  function claim(id: string, task: Known, version: number, maker: string): void {
    const other = task.makers.get(version)
    if (other !== undefined && other !== maker)
      throw new Error(`Version ${version} of ${id} was acknowledged to ${other} and to ${maker}`)
    task.makers.set(version, maker)
  }

  return {
    /** Records an acknowledged write that produced this task. `before` is the version it expected. */
    done(user: string, maker: string, before: number, task: Task, done: Done): void {
      const model = known(task.id, user)
      if (task.version !== before) claim(task.id, model, task.version, maker)
      if (done.kind === 'created') {
        expect(ids.get(done.mark) ?? task.id).toBe(task.id)
        ids.set(done.mark, task.id)
      }
      if (done.kind === 'created' || done.kind === 'appended') model.marks.add(done.mark)
      if (done.kind === 'restored') decide(model, false, task.version)
    },

    /** Records that a mark may have been appended without an acknowledgement. */
    seen(user: string, id: string, mark: string): void {
      known(id, user).uncertain.add(mark)
    },

    /** Records that the task is permanently deleted, by any device. */
    erased(user: string, id: string): void {
      const model = known(id, user)
      model.isDeleted = true
      model.isErased = true
    },

    /** Records an acknowledged deletion that expected this version. */
    deleted(user: string, maker: string, id: string, before: number, isPermanent: boolean): void {
      const model = known(id, user)
      claim(id, model, before + 1, maker)
      decide(model, true, before + 1)
      if (isPermanent) model.isErased = true
    },

    /** Compares the model with the server's tasks, once every device has finished. */
    check(user: string, listed: readonly Task[]): void {
      const byId = new Map(listed.map((task) => [task.id, task]))
      expect(byId.size).toBe(listed.length)
      const marks = listed.flatMap(({ text }) => text.split(' '))
      expect(new Set(marks).size).toBe(marks.length)
      for (const mark of marks) expect(mark).toStartWith(`${user}-`)
      for (const [id, model] of tasks) {
        if (model.user !== user) continue
        const task = byId.get(id)
        expect({ id, isThere: task !== undefined }).toEqual({ id, isThere: !model.isDeleted })
        if (!task) continue
        const text = new Set(task.text.split(' '))
        expect([...model.marks].filter((mark) => !text.has(mark))).toEqual([])
        const unknown = [...text].filter((mark) => !model.marks.has(mark))
        expect(unknown.filter((mark) => !model.uncertain.has(mark))).toEqual([])
      }
      for (const { id } of listed) expect(tasks.get(id)?.user).toBe(user)
      const orders = listed.map(({ order }) => order)
      expect(new Set(orders).size).toBe(orders.length)
    },

    /** The number of tasks with acknowledged writes. */
    size: () => tasks.size,
  }
}

export type Model = ReturnType<typeof createModel>

function decide(model: Known, isDeleted: boolean, version: number): void {
  if (model.isErased || version <= model.decidedAt) return
  model.isDeleted = isDeleted
  model.decidedAt = version
}
