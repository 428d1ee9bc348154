import type { Check, OpenApiDocument, Operation, Parameter } from './document.ts'
import { createCheck, operationsOf } from './document.ts'

/** A request and its answer, as a proxy saw them. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: string | null
  readonly status: number
  readonly answerHeaders: Headers
  readonly answer: string
}

// Of HTTP itself, CORS and caching: they say nothing of this API.
const COMMON =
  /^(access-control-.*|cache-control|connection|content-length|content-type|date|keep-alive|transfer-encoding|vary|x-accel-buffering|x-content-type-options)$/
// Served besides the API.
const BESIDES = /^\/(docs(\/.*)?|openapi\.json)$/
// Refused for their form; whether a request is right is not known before that is checked.
const REFUSALS = [400, 415, 422]
// Decided before the form of a request is looked at, or by what no document tells.
const UNDECIDED = [401, 413, 429, 500, 503]

/** What is refused though it is right by the document, which cannot tell such things. */
const UNTOLD: readonly RegExp[] = [
  // Depend on what there is, or on what was sent before.
  /^(before|after): must be the id of another of your tasks$/,
  /^(cursor|Last-Event-ID): /,
  /^Idempotency-Key: was used for another request already$/,
  // A schema is of a value, and not of the text that stands for it, nor of how often it is given.
  /^(limit|wait): must be a whole number /,
  /^(completed|permanent): must be true or false$/,
  /: must be (given once|percent-encoded UTF-8)$/,
  /^If-Match: must be \* or entity tags /,
  // What an operation of a batch needs depends on its name.
  /^operations\[\d+\]: /,
]

/** Holds traffic to a document, in both directions. */
export function createTrafficCheck(document: OpenApiDocument) {
  const operations = operationsOf(document)
  const check = createCheck(document, false)
  const checkText = createCheck(document, true)

  function operationOf({ method, path }: Exchange): Operation | undefined {
    const wanted = method === 'HEAD' ? 'GET' : method
    const fitting = operations.filter((one) => fits(one.path, path))
    // A path without parameters comes before one with them.
    const template = fitting.find((one) => one.path === path)?.path ?? fitting[0]?.path
    return fitting.find((one) => one.path === template && one.method === wanted)
  }

  /** Every way in which an exchange and the document differ. */
  function differences(exchange: Exchange): string[] {
    const operation = operationOf(exchange)
    const { status } = exchange
    if (operation === undefined) return isUndocumented(exchange) ? [] : ['is not documented']
    const documented = operation.responses[status]
    if (documented === undefined) return [`${operation.operationId} does not document ${status}`]
    return [
      ...answerDifferences(exchange, documented),
      ...requestDifferences(exchange, operation),
    ].map((difference) => `${operation.operationId} ${status}: ${difference}`)
  }

  function answerDifferences(
    exchange: Exchange,
    { headers = {}, content = {} }: Operation['responses'][string],
  ): string[] {
    const { answerHeaders, answer, method } = exchange
    const found: string[] = []
    const names = new Map(Object.entries(headers).map(([name, it]) => [name.toLowerCase(), it]))
    for (const [name, { required, schema }] of names) {
      const value = answerHeaders.get(name)
      if (value === null && required) found.push(`lacks the header ${name}`)
      if (value !== null) found.push(...named(`header ${name}`, checkText(schema, value)))
    }
    for (const name of answerHeaders.keys())
      if (!names.has(name) && !COMMON.test(name)) found.push(`has the header ${name}`)

    const type = answerHeaders.get('content-type')
    const media = content[type ?? '']
    if (media === undefined && (type !== null || answer !== '')) found.push(`has a body, ${type}`)
    if (media === undefined && Object.keys(content).length > 0) found.push(`is ${type}`)
    if (media !== undefined && method !== 'HEAD')
      found.push(...named('body', check(media.schema, JSON.parse(answer))))
    return found
  }

  function requestDifferences(exchange: Exchange, operation: Operation): string[] {
    const { status } = exchange
    if (UNDECIDED.includes(status)) return []
    const wrong = wrongIn(exchange, operation, check, checkText)
    if (REFUSALS.includes(status))
      return wrong === '' && !isUntold(exchange)
        ? [`refused, and right by the document: ${exchange.answer}`]
        : []
    return isPartlyTaken(exchange) ? [] : named('taken', wrong)
  }

  return { operationOf, differences }
}

function isUntold({ answer }: Exchange): boolean {
  const { details = [] }: { readonly details?: readonly string[] } =
    answer === '' ? {} : JSON.parse(answer)
  return details.length > 0 && details.every((detail) => UNTOLD.some((it) => it.test(detail)))
}

/** Whether a batch was taken whose operations are refused each by itself. */
function isPartlyTaken({ path, status, answer }: Exchange): boolean {
  if (path !== '/tasks/batch' || status !== 200) return false
  const { results }: { readonly results: readonly { readonly status: number }[] } =
    JSON.parse(answer)
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

/** What is answered to requests for which there is no operation. */
function isUndocumented({ method, path, status, answer, answerHeaders }: Exchange): boolean {
  if (BESIDES.test(path) && status === 200) return true
  if (method === 'OPTIONS' && status === 204) return answerHeaders.has('allow')
  const { error = '' } = answer === '' ? {} : JSON.parse(answer)
  const isToldOf = (code: string) => error === code || method === 'HEAD'
  if (status === 405) return isToldOf('METHOD_NOT_ALLOWED') && answerHeaders.has('allow')
  return status === 404 && isToldOf('NOT_FOUND')
}

/** What is wrong with a request, by the document. */
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
  // A proxy writes this in place of what is no UTF-8.
  if (text.includes('\uFFFD')) return 'is not UTF-8'
  try {
    return check(schema, JSON.parse(text))
  } catch {
    return 'is not JSON'
  }
}

function givenFor(parameter: Parameter, exchange: Exchange, template: string): string | null {
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
