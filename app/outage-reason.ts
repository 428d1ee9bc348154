import type { TaskportError } from '../core/errors.ts'

/** Why the store is unavailable, in one line. */
export function outageReason({ message, cause }: TaskportError): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message
}
