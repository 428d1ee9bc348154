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
  const { properties, required = [], additionalProperties, ...counts } = objectSchema(schema)
  const { minProperties = 0, maxProperties = Number.POSITIVE_INFINITY } = counts
  let compiled: ReturnType<typeof compileFields> | undefined

  // Compiling takes time and memory, and most input is valid.
  function compileFields() {
    return Object.entries(properties ?? {}).map(([field, fieldSchema]) => ({
      field,
      schema: fieldSchema,
      validator: Compile(fieldSchema),
      isRequired: required.includes(field),
    }))
  }

  function problemsOf(value: unknown): string[] {
    if (!properties || typeof value !== 'object' || value === null || Array.isArray(value))
      return [`${name}: ${expectation(schema, value)}`]
    const members: Record<string, unknown> = { ...value }
    compiled ??= compileFields()
    const problems = compiled.flatMap(({ field, schema, validator, isRequired }) => {
      const member = members[field]
      if (member === undefined) return isRequired ? [`${field}: is required`] : []
      return validator.Check(member) ? [] : [`${field}: ${expectation(schema, member)}`]
    })
    const names = Object.keys(members)
    const unknown = names.filter((member) => !Object.hasOwn(properties, member))
    if (additionalProperties === false)
      problems.push(...unknown.map((member) => `${member}: is not known here`))
    const isCountRight = names.length >= minProperties && names.length <= maxProperties
    if (problems.length > 0 && isCountRight) return problems
    return [...problems, `${name}: ${expectation(schema, value)}`]
  }

  return (value: unknown, problems: string[]): Static<Schema> | undefined => {
    if (validator.Check(value)) return value
    problems.push(...problemsOf(value))
    return undefined
  }
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: unknown
  readonly minProperties?: number
  readonly maxProperties?: number
}

interface DescribedSchema {
  readonly type?: string
  readonly description?: string
}

function objectSchema(schema: TSchema): ObjectSchema {
  return schema
}

/** What a value must be. If it has the wrong type, only the type. */
function expectation(schema: TSchema, value: unknown): string {
  const { type, description }: DescribedSchema = schema
  const isOfType = type === 'object' ? typeof value === 'object' : typeof value === type
  const isRightType = isOfType && value !== null && !Array.isArray(value)
  const typeName = isRightType || type === undefined ? undefined : typeNames[type]
  return `must be ${typeName ?? description}`
}

const typeNames: Record<string, string> = {
  object: 'a JSON object',
  string: 'a string',
  boolean: 'true or false',
}

/** The members of a value from outside, none of which has been checked. A value without members has none. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return Object(value)
}

/** The error for input that breaks rules, with a detail for each. */
export function invalid(...problems: string[]): TaskportError {
  return new TaskportError('invalid', 'The request is not valid', { details: problems })
}
