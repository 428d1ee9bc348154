import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020'
import addFormats from 'ajv-formats'

interface Media {
  readonly schema: object
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  /** Whether it may be repeated. */
  readonly explode?: boolean
  readonly schema: object
}

interface DocumentedResponse {
  readonly headers?: Readonly<
    Record<string, { readonly required?: boolean; readonly schema: object }>
  >
  readonly content?: Readonly<Record<string, Media>>
}

export interface Operation {
  readonly method: string
  readonly path: string
  readonly operationId: string
  readonly security: unknown
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Record<string, Media> }
  readonly responses: Readonly<Record<string, DocumentedResponse>>
}

/** The parts of the OpenAPI document that the tests read. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>
  readonly components: {
    readonly schemas: object
    readonly securitySchemes: Readonly<Record<string, object>>
  }
}

export function operationsOf({ paths }: OpenApiDocument): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      // The linters check that an operation has this form.
      ...(operation as Omit<Operation, 'method' | 'path'>),
      method: method.toUpperCase(),
      path,
    })),
  )
}

/** The examples of a body, in either form. */
export function examplesOf({ example, examples = {} }: Media): unknown[] {
  const named = Object.values(examples).map(({ value }) => value)
  return example === undefined ? named : [example, ...named]
}

/** Validates a value by a schema of the document. Returns what is wrong, or an empty text. */
export type Check = (schema: object, value: unknown) => string

/** @param coerces whether texts may stand for numbers and booleans, as in a query. */
export function createCheck({ components }: OpenApiDocument, coerces: boolean): Check {
  const ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes: coerces })
  addFormats(ajv)
  // The format of the package also accepts URNs, which RFC 9562 (4) does not.
  ajv.addFormat('uuid', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)
  ajv.addSchema({ $id: 'document', components })
  const compiled = new Map<string, ValidateFunction>()
  return (schema, value) => {
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/')
    const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text))
    compiled.set(text, validate)
    return validate(value) ? '' : ajv.errorsText(validate.errors)
  }
}
