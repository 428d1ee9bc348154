import { hash } from 'node:crypto'
import Type from 'typebox'
import type { RetryKey } from '../../../core/calls.ts'
import { createReader } from '../../../core/validation.ts'
import { HttpError } from '../errors.ts'
import type { ResponseHead } from '../reply.ts'

/** What a caller may send as `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). */
export const IdempotencyKey = Type.String({
  pattern: '^[\\x21-\\x7e]{1,255}$',
  description: '1 to 255 visible ASCII characters',
})

const readKey = createReader('Idempotency-Key', IdempotencyKey)

/**
 * Reads the `Idempotency-Key`. `retry` is `null` if there is none.
 *
 * @param operation the name of the operation that the key belongs to.
 */
export function readRetry(
  request: Request,
  operation: string,
  body: unknown,
): { readonly retry: RetryKey | null; readonly problems: string[] } {
  const key = request.headers.get('idempotency-key')
  if (key === null) return { retry: null, problems: [] }
  const fingerprint = hash('sha256', `${operation} ${textOf(body)}`, 'base64url')
  const problems: string[] = []
  readKey(key, problems)
  return { retry: { key, fingerprint }, problems }
}

/** Marks the response to an earlier request with the same key. */
export function markReplayed({ headers }: ResponseHead, replayed: boolean): void {
  if (replayed) headers['idempotency-replayed'] = 'true'
}

// Of the parsed body, so that a retry may differ in white space.
function textOf(body: unknown): string {
  try {
    return JSON.stringify(body)
  } catch {
    throw new HttpError('BAD_REQUEST', 'The body is nested too deeply')
  }
}
