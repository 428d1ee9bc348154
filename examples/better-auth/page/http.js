/** What a person is told when a request did not do what it should. */
export class Failure extends Error {
  /**
   * @param {string} message
   * @param {number} status of the answer; 0 without one
   * @param {string[]} details
   */
  constructor(message, status = 0, details = []) {
    super(message)
    this.status = status
    this.details = details
  }
}

/**
 * Sends JSON and resolves to the JSON of the answer.
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
  // Taskport and Better Auth both say in `message` what is wrong; Taskport lists it in `details`.
  const { message = `${host} answered with status ${response.status}.`, details } = answer ?? {}
  throw new Failure(message, response.status, details)
}

/** @param {Response} response */
function isJson(response) {
  return response.headers.get('Content-Type')?.startsWith('application/json') ?? false
}
