import { TaskportError } from '../../client/taskport.ts'
import { plural } from './format.ts'

const MAX_TEXT = 500
const MAX_NAME = 100

/** What is wrong with the text of a task, in words for people; `null` if nothing is. */
export function textProblem(text: string): string | null {
  return text.trim() === '' ? 'Write something first' : lengthProblem(text, MAX_TEXT)
}

/** What is wrong with the name of a list. */
export function nameProblem(name: string): string | null {
  return name.trim() === '' ? 'Write a name first' : lengthProblem(name, MAX_NAME)
}

function lengthProblem(text: string, max: number): string | null {
  const excess = [...text].length - max
  return excess > 0 ? `That is ${plural(excess, 'character')} too long` : null
}

const FIELDS: Readonly<Record<string, string>> = {
  text: 'A task needs a text of up to 500 characters',
  name: 'A list needs a name of up to 100 characters',
  description: 'A description has at most 10,000 characters',
  tags: 'A task has at most 20 tags of up to 50 characters, and none of them twice',
  due: 'That is not a date',
}

const REASONS: Readonly<Record<string, string>> = {
  NOT_FOUND: 'It is no longer there',
  CONFLICT: 'Another device has changed the same',
  NETWORK_ERROR: 'There is no connection',
  TIMEOUT: 'The service does not answer',
  UNAUTHORIZED: 'This browser is signed out. Open the printed address again',
}

/** Why something is not possible, in words for people; `null` if there are none. */
export function reasonOf(code: string, details: readonly string[]): string | null {
  const [field = ''] = details[0]?.split(':') ?? []
  return (code === 'VALIDATION_ERROR' ? FIELDS[field] : REASONS[code]) ?? null
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof TaskportError) return reasonOf(error.code, error.details) ?? error.message
  return error instanceof Error ? error.message : `${error}`
}
