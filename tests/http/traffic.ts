import type { Check, OpenApiDocument, Operation, Parameter } from './document.ts'
import { createCheck, operationsOf } from './document.ts'

/** A request and its response, as a proxy saw them. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: string | null
  readonly status: number
  readonly responseHeaders: Headers
  readonly response: string
}

// Headers of HTTP itself, CORS and caching, which the document leaves out.
const COMMON =
  /^(access-control-.*|cache-control|connection|content-length|content-type|date|keep-alive|transfer-encoding|vary|x-accel-buffering|x-content-type-options)$/
// Not part of the API.
const NOT_API = /^\/(docs(\/.*)?|openapi\.json)$/
// The request itself is invalid.
const REFUSALS = [400, 415, 422]
// Decided before the request is validated, or by something that the document cannot express.
const UNDECIDED = [401, 403, 413, 429, 500, 503]

/** Details of refusals by rules that the document cannot express. */
const INEXPRESSIBLE: readonly RegExp[] = [
  // Depends on stored tasks or on earlier requests.
  /^(before|after): must be the id of another of your (tasks|lists)$/,
  /^(list|parent|list_id|parent_id): must be /,
  /^\w+: you have the maximum /,
  // Depends on the calendar, or on other members.
  /^(due|due_after|due_before|time_zone|tags|recurrence): /,
  /^(cursor|Last-Event-ID): /,
  /^expires_at: must be null, or a time in the future /,
  /^Idempotency-Key: was already used for a different request$/,
  // A schema describes a value, not its encoding in a URL or header.
  /^(limit|wait): must be a whole number /,
  /^(completed|permanent): must be true or false$/,
  /: must be (given once|percent-encoded UTF-8)$/,
  /^If-Match: must be \* or entity tags /,
  // The members of a batch operation depend on its name.
  /^operations\[\d+\]: /,
]

/** Compares traffic with a document, in both directions. */
export function createTrafficCheck(document: OpenApiDocument) {
  const operations = operationsOf(document)
  const check = createCheck(document, false)
  const checkText = createCheck(document, true)

  function operationOf({ method, path }: Exchange): Operation | undefined {
    const wanted = method === 'HEAD' ? 'GET' : method
    const fitting = operations.filter((one) => fits(one.path, path))
    // A path without parameters takes precedence over one with them.
    const template = fitting.find((one) => one.path === path)?.path ?? fitting[0]?.path
    return fitting.find((one) => one.path === template && one.method === wanted)
  }

  /** Every difference between an exchange and the document. */
  function differences(exchange: Exchange): string[] {
    const operation = operationOf(exchange)
    const { status } = exchange
    if (operation === undefined) return isUndocumented(exchange) ? [] : ['is not documented']
    const documented = operation.responses[status]
    if (documented === undefined) return [`${operation.operationId} does not document ${status}`]
    return [
      ...responseDifferences(exchange, documented),
      ...requestDifferences(exchange, operation),
    ].map((difference) => `${operation.operationId} ${status}: ${difference}`)
  }

  function responseDifferences(
    exchange: Exchange,
    { headers = {}, content = {} }: Operation['responses'][string],
  ): string[] {
    const { responseHeaders, response, method } = exchange
    const found: string[] = []
    const names = new Map(Object.entries(headers).map(([name, it]) => [name.toLowerCase(), it]))
    for (const [name, { required, schema }] of names) {
      const value = responseHeaders.get(name)
      if (value === null && required) found.push(`lacks the header ${name}`)
      if (value !== null) found.push(...named(`header ${name}`, checkText(schema, value)))
    }
    for (const name of responseHeaders.keys())
      if (!names.has(name) && !COMMON.test(name)) found.push(`has the header ${name}`)

    const type = responseHeaders.get('content-type')
    const media = content[type ?? '']
    if (media === undefined && (type !== null || response !== '')) found.push(`has a body, ${type}`)
    if (media === undefined && Object.keys(content).length > 0) found.push(`is ${type}`)
    if (media !== undefined && method !== 'HEAD')
      found.push(...named('body', check(media.schema, JSON.parse(response))))
    return found
  }

  function requestDifferences(exchange: Exchange, operation: Operation): string[] {
    const { status } = exchange
    if (UNDECIDED.includes(status)) return []
    const wrong = wrongIn(exchange, operation, check, checkText)
    if (REFUSALS.includes(status))
      return wrong === '' && !isInexpressible(exchange)
        ? [`refused, and right by the document: ${exchange.response}`]
        : []
    return isPartlyRefused(exchange) ? [] : named('taken', wrong)
  }

  return { operationOf, differences }
}

function isInexpressible({ response }: Exchange): boolean {
  const { details = [] }: { readonly details?: readonly string[] } =
    response === '' ? {} : JSON.parse(response)
  return (
    details.length > 0 && details.every((detail) => INEXPRESSIBLE.some((it) => it.test(detail)))
  )
}

/** Whether a batch was accepted but some of its operations were refused. */
function isPartlyRefused({ path, status, response }: Exchange): boolean {
  if (path !== '/tasks/batch' || status !== 200) return false
  const { results }: { readonly results: readonly { readonly status: number }[] } =
    JSON.parse(response)
  return results.some((result) => REFUSALS.includes(result.status))
}

function fits(template: string, path: string): boolean {
  const parts = template.split('/')
  const given = path.split('/')
  return (
    parts.length === given.length &&
    parts.every((part, index) => part.startsWith('{') || part === given[index])
  )
}

/** Whether a response is the right one to a request that is not an operation. */
function isUndocumented({ method, path, status, response, responseHeaders }: Exchange): boolean {
  if (NOT_API.test(path) && status === 200) return true
  if (method === 'OPTIONS' && status === 204)
    return responseHeaders.has('allow') || responseHeaders.has('access-control-allow-methods')
  const { error = '' } = response === '' ? {} : JSON.parse(response)
  const reports = (code: string) => error === code || method === 'HEAD'
  if (status === 405) return reports('METHOD_NOT_ALLOWED') && responseHeaders.has('allow')
  return status === 404 && reports('NOT_FOUND')
}

/** What is wrong with a request by the document. */
function wrongIn(exchange: Exchange, operation: Operation, check: Check, checkText: Check): string {
  const { headers, body } = exchange
  const { parameters = [], requestBody, path } = operation
  const found: string[] = []
  for (const parameter of parameters) {
    const value = givenFor(parameter, exchange, path)
    if (value === null && parameter.required) found.push(`lacks ${parameter.name}`)
    if (value !== null) found.push(...named(parameter.name, checkText(parameter.schema, value)))
  }
  if (requestBody === undefined) return found.join('; ')
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  const media = requestBody.content[type ?? '']
  if (media === undefined || headers.has('content-encoding')) found.push(`the body is ${type}`)
  else found.push(...named('body', wrongInJson(body ?? '', media.schema, check)))
  return found.join('; ')
}

function wrongInJson(text: string, schema: object, check: Check): string {
  // The proxy replaces invalid UTF-8 by this.
  if (text.includes('\uFFFD')) return 'is not UTF-8'
  try {
    return check(schema, JSON.parse(text))
  } catch {
    return 'is not JSON'
  }
}

function givenFor(
  parameter: Parameter,
  exchange: Exchange,
  template: string,
): string | string[] | null {
  const { name, explode } = parameter
  if (explode) return exchange.query.has(name) ? exchange.query.getAll(name) : null
  if (parameter.in === 'query') return exchange.query.get(parameter.name)
  if (parameter.in === 'header') return exchange.headers.get(parameter.name)
  const index = template.split('/').indexOf(`{${parameter.name}}`)
  try {
    return decodeURIComponent(exchange.path.split('/')[index] ?? '')
  } catch {
    return ''
  }
}

function named(what: string, problem: string): string[] {
  return problem === '' ? [] : [`${what}: ${problem}`]
}
