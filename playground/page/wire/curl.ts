import { headerOf, type RequestEntry } from './log.ts'

// The other headers come from the browser, and do not change the response.
const SHOWN = [
  'accept',
  'content-type',
  'if-match',
  'if-none-match',
  'idempotency-key',
  'last-event-id',
]

/** The curl command that sends a request again, token included. */
export function curlOf(entry: RequestEntry, baseUrl: string): string {
  const { method, path, requestHeaders, requestBody } = entry
  const authorization = headerOf(requestHeaders, 'authorization')
  const stream = headerOf(requestHeaders, 'accept') === 'text/event-stream'
  const parts = [
    `curl${stream ? ' -N' : ''}${method === 'GET' ? '' : ` -X ${method}`} ${quote(baseUrl + path)}`,
    ...(authorization === null ? [] : [`-H ${quote(`Authorization: ${authorization}`)}`]),
    ...requestHeaders
      .filter(([name]) => SHOWN.includes(name.toLowerCase()))
      .map(([name, value]) => `-H ${quote(`${headerName(name)}: ${value}`)}`),
    ...(requestBody === null ? [] : [`-d ${quote(requestBody)}`]),
  ]
  return parts.join(' \\\n  ')
}

/** The usual spelling of a header's name, such as `Last-Event-ID`. */
export function headerName(name: string): string {
  return name
    .split('-')
    .map((part) => (part === 'id' ? 'ID' : part.slice(0, 1).toUpperCase() + part.slice(1)))
    .join('-')
    .replace(/^Etag$/, 'ETag')
    .replace(/^Ratelimit/, 'RateLimit')
}

/** Quotes a text for a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
