type Headers = Record<string, string | number>

/**
 * The text of a JSON response, announced as such. Elysia sends a text with the headers that are set
 * as it is; of an object it would make a response of its own first, and then another.
 */
export function json(headers: Headers, value: unknown): string {
  headers['content-type'] = 'application/json'
  return JSON.stringify(value)
}
