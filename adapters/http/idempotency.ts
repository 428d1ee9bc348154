import { hash } from 'node:crypto'
import type { RetryMark } from '../../core/tasks.ts'
import { HttpError } from './errors.ts'

/**
 * How the caller marks a request that it may send again (draft-ietf-httpapi-idempotency-key-header);
 * `null` where it does not.
 *
 * @param operation what is asked for, so that a key serves for one operation.
 */
export function retryMark(request: Request, operation: string, body: unknown): RetryMark | null {
  const key = request.headers.get('idempotency-key')
  if (key === null) return null
  return { key, fingerprint: hash('sha256', `${operation} ${textOf(body)}`, 'base64url') }
}

// What was parsed, and not what was sent: white space makes no other request.
function textOf(body: unknown): string {
  try {
    return JSON.stringify(body)
  } catch {
    throw new HttpError('BAD_REQUEST', 'The body is nested too deeply')
  }
}
