import type { OperationRequest } from '../../../core/batch.ts'
import { TaskportError } from '../../../core/errors.ts'
import type { List } from '../../../core/list.ts'
import type { Task } from '../../../core/task.ts'
import type { OperationResult } from '../../../core/tasks.ts'
import { membersOf } from '../../../core/validation.ts'
import { type ErrorBody, errorOf } from '../errors.ts'
import { representList } from '../lists/representation.ts'
import { readIfMatch } from '../middleware/entity-tags.ts'
import { representTask } from './representation.ts'

/** Reads `if_match`, the one member of a batch operation that the core does not know. */
export function readOperation(operation: unknown): OperationRequest {
  const { op, if_match: ifMatch } = membersOf(operation)
  if (ifMatch !== undefined && typeof ifMatch !== 'string')
    return { operation, versions: null, problems: ['if_match: must be a string'] }
  const problems: string[] = []
  // What does not exist yet has no version, so creates ignore the member.
  const isCreate = op === 'create' || op === 'create_list'
  const versions = isCreate ? null : readIfMatch(ifMatch, 'if_match', problems)
  return { operation, versions, problems }
}

/** The result of one operation of a batch, like the response to a separate request. */
interface BatchResult {
  readonly status: number
  readonly task?: Task
  readonly list?: List
  readonly error?: ErrorBody
}

export function representResult({ op, outcome }: OperationResult): BatchResult {
  if (outcome instanceof TaskportError) {
    const { status, body } = errorOf(outcome, 'if_match')
    return { status, error: body }
  }
  const status = op === 'create' || op === 'create_list' ? 201 : 200
  if ('list' in outcome)
    return outcome.list ? { status, list: representList(outcome.list) } : { status: 204 }
  return outcome.task ? { status, task: representTask(outcome.task) } : { status: 204 }
}
