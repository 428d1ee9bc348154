/** A failed request. The message is shown to the user. */
export class Failure extends Error {
  /**
   * @param {string} message
   * @param {number} status the HTTP status; 0 without a response
   * @param {string[]} details
   */
  constructor(message, status = 0, details = []) {
    super(message)
    this.status = status
    this.details = details
  }
}

/**
 * Sends JSON and resolves to the JSON of the response.
 *
 * @param {string} url
 * @param {{ method?: string, headers?: Record<string, string>, body?: object }} request
 */
export async function send(url, { method = 'GET', headers = {}, body } = {}) {
  const { host } = new URL(url, location.href)
  let response
  let text
  try {
    response = await fetch(url, {
      method,
      headers: body ? { ...headers, 'Content-Type': 'application/json' } : headers,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    })
    text = await response.text()
  } catch {
    throw new Failure(`${host} does not answer. Try again in a moment.`)
  }
  const answer = isJson(response) ? JSON.parse(text) : null
  if (response.ok) return answer
  // Taskport and Better Auth both describe errors in `message`. Taskport lists invalid fields in `details`.
  const { message = `${host} answered with status ${response.status}.`, details } = answer ?? {}
  throw new Failure(message, response.status, details)
}

/** @param {Response} response */
function isJson(response) {
  return response.headers.get('Content-Type')?.startsWith('application/json') ?? false
}
