import { OperatorError } from '../core/errors.ts'
import { Environment } from './environment.ts'

interface SettingSchema {
  readonly type?: unknown
  readonly enum?: unknown
  readonly examples?: readonly unknown[]
}

const schemas: Readonly<Record<string, SettingSchema>> = Environment.properties

/** `problems` has one line for each problem, which starts with the name of the variable. */
export class ConfigError extends OperatorError {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(
      ['The configuration is not valid:', ...problems.map((problem) => `  ${problem}`)].join('\n'),
    )
    this.problems = problems
  }
}

/** The variable of a problem. */
export function nameOf(problem: string): string {
  return problem.slice(0, problem.indexOf(':'))
}

/** A problem with the example of its variable. */
export function withExample(problem: string): string {
  const name = nameOf(problem)
  return `${problem}, for example ${name}=${schemas[name]?.examples?.[0]}`
}

/** The error for a variable with a URL, which has an example of its own. */
export function wrongUrl(
  name: string,
  { problem, example }: { readonly problem: string; readonly example: string },
): OperatorError {
  return new OperatorError(`${name}: ${problem}, for example ${name}=${example}`)
}
