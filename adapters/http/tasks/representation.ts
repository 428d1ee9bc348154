import type { Task } from '../../../core/task.ts'
import { versionTag } from '../middleware/entity-tags.ts'
import { type ResponseHead, replyTagged } from '../reply.ts'

/** Defines which members of a task clients see, and in which order. */
export function representTask(task: Task): Task {
  const shown = {
    id: task.id,
    text: task.text,
    description: task.description,
    completed: task.completed,
    due: task.due,
    time_zone: task.time_zone,
    priority: task.priority,
    tags: task.tags,
    list_id: task.list_id,
    parent_id: task.parent_id,
    recurrence: task.recurrence,
    successor_id: task.successor_id,
    order: task.order,
    version: task.version,
    created_at: task.created_at,
    updated_at: task.updated_at,
    completed_at: task.completed_at,
  }
  return task.deleted_at === undefined ? shown : { ...shown, deleted_at: task.deleted_at }
}

/** Sends one task, with its version as the tag. */
export function replyWithTask(head: ResponseHead, task: Task): string {
  return replyTagged(head, versionTag(task.version), representTask(task))
}
