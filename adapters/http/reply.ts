/** Where the status and the headers of a response go: Elysia's `set`. */
export interface ResponseHead {
  status?: number | string
  readonly headers: Record<string, string | number>
}

/** A request, and the head of its response: the part of Elysia's context that steps share. */
export interface RequestContext {
  readonly request: Request
  readonly set: ResponseHead
}

/** Sends data that clients must not store. */
export function reply({ headers }: ResponseHead, body: unknown): string {
  headers['cache-control'] = 'private, no-store'
  return json(headers, body)
}

/** Sends data that clients may store, and revalidate by its tag. */
export function replyTagged({ headers }: ResponseHead, tag: string, body: unknown): string {
  headers['etag'] = tag
  headers['cache-control'] = 'private, no-cache'
  return json(headers, body)
}

// Elysia sends a text directly. For an object, it would make two responses.
function json(headers: ResponseHead['headers'], body: unknown): string {
  headers['content-type'] = 'application/json'
  return JSON.stringify(body)
}
