import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { TaskportError } from './errors.ts'

/**
 * Returns a function that reads a value: it returns the value if it is valid, and otherwise adds one
 * `field: what is wrong` for each invalid field to `problems`.
 *
 * @param name the name of the value itself in the details: `body`, or the name of a single field.
 * @param schema a field, or an object of fields; `description` says what a field must be.
 */
export function createReader<Schema extends TSchema>(name: string, schema: Schema) {
  const validator = Compile(schema)
  const fields: Record<string, TSchema> = 'properties' in schema ? Object(schema.properties) : {}

  function problemsOf(value: unknown): string[] {
    const found = new Map<string, string>()
    for (const error of validator.Errors(value)) {
      if (error.keyword === 'required') {
        for (const field of error.params.requiredProperties) found.set(field, 'is required')
        continue
      }
      if (error.keyword === 'additionalProperties') {
        for (const field of error.params.additionalProperties) found.set(field, 'is not known here')
        continue
      }
      const field = error.instancePath.slice(1)
      if (found.has(field || name)) continue
      const type = error.keyword === 'type' ? typeNames[`${error.params.type}`] : undefined
      found.set(field || name, `must be ${type ?? descriptionOf(field)}`)
    }
    return Array.from(found, ([field, problem]) => `${field}: ${problem}`)
  }

  function descriptionOf(field: string): string {
    const { description } = Object(field ? fields[field] : schema)
    return `${description}`
  }

  return (value: unknown, problems: string[]): Static<Schema> | undefined => {
    if (validator.Check(value)) return value
    problems.push(...problemsOf(value))
    return undefined
  }
}

const typeNames: Record<string, string> = {
  object: 'a JSON object',
  string: 'a string',
  boolean: 'true or false',
}

/** The error for input that breaks rules, with a detail for each. */
export function invalid(...problems: string[]): TaskportError {
  return new TaskportError('invalid', 'The request is not valid', { details: problems })
}
