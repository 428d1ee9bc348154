import { TaskportError } from '../../../core/errors.ts'
import type { OperationRequest } from '../../../core/requests.ts'
import type { Task } from '../../../core/task.ts'
import type { OperationResult } from '../../../core/tasks.ts'
import { type ErrorBody, errorOf } from '../errors.ts'
import { readIfMatch } from '../middleware/entity-tags.ts'
import { representTask } from './representation.ts'

/** Reads `if_match`, the one member of a batch operation that the core does not know. */
export function readOperation(operation: unknown): OperationRequest {
  const { op, if_match: ifMatch } = Object(operation)
  if (ifMatch !== undefined && typeof ifMatch !== 'string')
    return { operation, versions: null, problems: ['if_match: must be a string'] }
  const problems: string[] = []
  // A new task has no version yet, so a create ignores the member.
  const versions = op === 'create' ? null : readIfMatch(ifMatch, 'if_match', problems)
  return { operation, versions, problems }
}

/** The result of one operation of a batch, like the response to a separate request. */
interface BatchResult {
  readonly status: number
  readonly task?: Task
  readonly error?: ErrorBody
}

export function representResult({ op, outcome }: OperationResult): BatchResult {
  if (outcome instanceof TaskportError) {
    const { status, body } = errorOf(outcome, 'if_match')
    return { status, error: body }
  }
  if (outcome === null) return { status: 204 }
  return { status: op === 'create' ? 201 : 200, task: representTask(outcome) }
}
