import { plural } from './format.ts'

const MAX_TEXT = 500

/** What is wrong with the text of a task, in words for people; `null` if nothing is. */
export function textProblem(text: string): string | null {
  if (text.trim() === '') return 'Write something first'
  const excess = [...text].length - MAX_TEXT
  return excess > 0 ? `That is ${plural(excess, 'character')} too long` : null
}

const REJECTIONS: Readonly<Record<string, string>> = {
  NOT_FOUND: 'it is no longer there',
  CONFLICT: 'another device has changed the same',
  VALIDATION_ERROR: 'the service does not accept it',
}

/** Why the service refused a change, in words for people. */
export function rejectionReason(code: string, message: string): string {
  return REJECTIONS[code] ?? message
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : `${error}`
}
