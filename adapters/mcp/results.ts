import type { CallToolResult } from '@modelcontextprotocol/server'
import { type ErrorCode, TaskportError } from '../../core/errors.ts'

/** Something that the caller can correct, and that only tools know: a task named by words. */
export class NamingError extends Error {
  override readonly name = 'NamingError'
  readonly code: 'not_found' | 'ambiguous'
  readonly next: string
  /** The tasks that the words could mean. */
  readonly matches: readonly object[]

  constructor(
    code: NamingError['code'],
    message: string,
    next: string,
    matches: readonly object[] = [],
  ) {
    super(message)
    this.code = code
    this.next = next
    this.matches = matches
  }
}

/** What a tool returned: the same as data and as text, because many clients read only one of them. */
export function resultOf(structuredContent: Record<string, unknown>): CallToolResult {
  return { structuredContent, ...textOf(structuredContent) }
}

/**
 * The result of a call that its caller can correct; `null` for any other error. It is JSON, so that a text
 * of a task in it cannot be mistaken for a text of the service.
 */
export function errorResult(error: unknown): CallToolResult | null {
  if (error instanceof NamingError) {
    const { code, message, next, matches } = error
    return { isError: true, ...textOf({ error: code, message, ...some({ matches }), next }) }
  }
  if (!(error instanceof TaskportError)) return null
  const { code, details } = error
  // Clients do not need to know which part is down.
  const message = code === 'unavailable' ? 'The service is temporarily unavailable' : error.message
  return {
    isError: true,
    ...textOf({ error: code, message, ...some({ details }), next: nextStep[code] }),
  }
}

/** What the caller of a tool should do about an error. */
const nextStep: Record<ErrorCode, string> = {
  invalid: 'Correct the arguments that details names, and call the tool again.',
  not_found: 'Call list_tasks to find the id of the task, or list_lists for the id of a list.',
  stale: 'Call get_task to see the current version, decide again, and repeat the call with it.',
  version_required: 'Call get_task, and repeat the call with its version.',
  retry_key_reused: 'Use another key for another task.',
  position_expired: 'Start again from the beginning.',
  unavailable:
    'Wait a few seconds, and call the tool again. With the same key, add_task adds once.',
}

function textOf(value: object): Pick<CallToolResult, 'content'> {
  return { content: [{ type: 'text', text: JSON.stringify(value) }] }
}

/** Leaves out members that are empty. */
function some(lists: Record<string, readonly unknown[]>): Record<string, readonly unknown[]> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0))
}
