import type { Task } from '../../core/task.ts'
import { versionTag } from '../../core/version.ts'
import { json } from './json.ts'

/** Where the status and the headers of an answer go. */
export interface Answer {
  status?: number | string
  readonly headers: Record<string, string | number>
}

/** The one place that says what of a task goes out, in which order. */
export function present(task: Task): Task {
  const { id, text, completed, order, version, created_at, updated_at, completed_at } = task
  const shown = { id, text, completed, order, version, created_at, updated_at, completed_at }
  return task.deleted_at === undefined ? shown : { ...shown, deleted_at: task.deleted_at }
}

/** Answers with something of the caller's that is not to be kept. */
export function reply({ headers }: Answer, body: unknown): string {
  headers['cache-control'] = 'private, no-store'
  return json(headers, body)
}

/** Answers with something of the caller's that may be kept, and asked for again by its tag. */
export function replyTagged({ headers }: Answer, tag: string, body: unknown): string {
  headers['etag'] = tag
  headers['cache-control'] = 'private, no-cache'
  return json(headers, body)
}

/** Answers with one task, whose version is its tag. */
export function replyWithTask(answer: Answer, task: Task): string {
  return replyTagged(answer, versionTag(task.version), present(task))
}
