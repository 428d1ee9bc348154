import type { Task } from '../../../core/task.ts'
import { versionTag } from '../middleware/entity-tags.ts'
import { type ResponseHead, replyTagged } from '../reply.ts'

/** Defines which members of a task clients see, and in which order. */
export function representTask(task: Task): Task {
  const { id, text, completed, order, version, created_at, updated_at, completed_at } = task
  const shown = { id, text, completed, order, version, created_at, updated_at, completed_at }
  return task.deleted_at === undefined ? shown : { ...shown, deleted_at: task.deleted_at }
}

/** Sends one task, with its version as the tag. */
export function replyWithTask(head: ResponseHead, task: Task): string {
  return replyTagged(head, versionTag(task.version), representTask(task))
}
