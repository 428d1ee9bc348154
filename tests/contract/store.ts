import { isOwner, type Owner } from '../../core/owner.ts'
import type { TaskRepository } from '../../core/ports.ts'
import type { Task } from '../../core/task.ts'

/** How a store lends itself to the suites of this folder. */
export interface StoreUnderTest {
  readonly name: string
  /** A repository on an empty store. */
  open(): Promise<{ readonly repository: TaskRepository; close(): Promise<void> }>
}

export function ownerNamed(name: string): Owner {
  if (!isOwner(name)) throw new Error(`${name} cannot own tasks`)
  return name
}

/** The id of the `n`th task: rising with `n`. */
export function idNumber(n: number): string {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
}

/** A time `n` seconds after a fixed one. */
export function second(n: number): string {
  return new Date(Date.UTC(2026, 0, 31) + n * 1000).toISOString()
}

export function taskNumber(n: number, fields: Partial<Task> = {}): Task {
  const at = fields.created_at ?? second(n)
  return {
    id: idNumber(n),
    text: `task ${n}`,
    completed: false,
    created_at: at,
    updated_at: at,
    completed_at: null,
    ...fields,
  }
}
