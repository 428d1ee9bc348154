import { readConfig } from '../../app/config.ts'
import { OperatorError } from '../../core/errors.ts'

export const SECRET = 'a secret of the tests, at least 32 bytes long'

/** The configuration of these variables. */
export function read(variables: Record<string, string>, isTerminal = false) {
  return readConfig(variables, isTerminal)
}

/** Why these variables are refused. */
export function messageOf(variables: Record<string, string>): string {
  try {
    read(variables)
  } catch (error) {
    if (error instanceof OperatorError) return error.message
    throw error
  }
  throw new Error('The configuration was accepted')
}
