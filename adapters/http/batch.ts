import { TaskportError } from '../../core/errors.ts'
import type { Task } from '../../core/task.ts'
import type { OperationResult } from '../../core/tasks.ts'
import { answerTo, type ErrorBody } from './errors.ts'
import { present } from './representation.ts'

/** What became of one operation of a batch, as its own request would have been answered. */
interface Result {
  readonly status: number
  readonly task?: Task
  readonly error?: ErrorBody
}

export function presentResult({ op, outcome }: OperationResult): Result {
  if (outcome instanceof TaskportError) {
    const { status, body } = answerTo(outcome)
    return { status, error: body }
  }
  if (outcome === null) return { status: 204 }
  return { status: op === 'create' ? 201 : 200, task: present(outcome) }
}
