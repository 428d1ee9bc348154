import type { Task } from '../../../core/task.ts'
import { versionTag } from '../middleware/entity-tags.ts'

/** Where the status and the headers of a response go: Elysia's `set`. */
export interface ResponseHead {
  status?: number | string
  readonly headers: Record<string, string | number>
}

/** Defines which members of a task clients see, and in which order. */
export function representTask(task: Task): Task {
  const { id, text, completed, order, version, created_at, updated_at, completed_at } = task
  const shown = { id, text, completed, order, version, created_at, updated_at, completed_at }
  return task.deleted_at === undefined ? shown : { ...shown, deleted_at: task.deleted_at }
}

/** Sends data that clients must not store. */
export function reply({ headers }: ResponseHead, body: unknown): string {
  headers['cache-control'] = 'private, no-store'
  return json(headers, body)
}

/** Sends data that clients may store, and revalidate by its tag. */
export function replyTagged({ headers }: ResponseHead, tag: string, body: unknown): string {
  headers['etag'] = tag
  headers['cache-control'] = 'private, no-cache'
  return json(headers, body)
}

/** Sends 304: the client has the current representation (RFC 9110, 15.4.5). */
export function replyNotModified(head: ResponseHead, tag: string): void {
  head.status = 304
  head.headers['etag'] = tag
  head.headers['cache-control'] = 'private, no-cache'
}

/** Sends one task, with its version as the tag. */
export function replyWithTask(head: ResponseHead, task: Task): string {
  return replyTagged(head, versionTag(task.version), representTask(task))
}

// Elysia sends a text directly. For an object, it would make two responses.
function json(headers: ResponseHead['headers'], body: unknown): string {
  headers['content-type'] = 'application/json'
  return JSON.stringify(body)
}
