import { errorOf, TaskportError } from './errors.ts'
import { backOffMs, createLimit, type Limit, pause, TIME_IS_UP, within } from './timing.ts'
import type { Tokens } from './token.ts'

/** Options of every call. */
export interface CallOptions {
  /** Ends the call, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Overrides the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined
  /** Overrides the client's `retries`. */
  readonly retries?: number | undefined
}

/** Parameters of a URL. An array repeats its parameter. */
type Query = Readonly<Record<string, Parameter | readonly Parameter[] | undefined>>
type Parameter = string | number | boolean

export interface Call extends CallOptions {
  readonly method: string
  readonly path: string
  readonly query?: Query | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Whether the call needs no token. */
  readonly isPublic?: boolean
  /** Extra time for calls that the service holds open (long polls). */
  readonly waitMs?: number
  /** Whether it may arrive twice. `false` for a call that is not retried, except with a new token. */
  readonly isRepeatable?: boolean
  /** Whether an error status counts as success for this call. */
  readonly accepts?: (status: number) => boolean
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Headers
  /** The parsed JSON; `undefined` without a body. */
  readonly body: unknown
}

export type Http = ReturnType<typeof createHttp>

const TEMPORARY_STATUSES = [408, 425, 429, 502, 503, 504]

/** Whether the same call may succeed later. */
export function isTemporary({ code, status }: TaskportError): boolean {
  return code === 'NETWORK_ERROR' || code === 'TIMEOUT' || TEMPORARY_STATUSES.includes(status ?? 0)
}

/**
 * Sends calls and retries temporary failures. A call is safe to repeat, because it is idempotent or has an
 * `Idempotency-Key`, unless it says otherwise.
 */
export function createHttp(options: {
  readonly url: string
  readonly tokens: Tokens
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly timeoutMs: number
  readonly attemptTimeoutMs: number
  readonly retries: number
}) {
  const { url, tokens, fetch, attemptTimeoutMs } = options

  function request(call: Call, token: string | null, signal: AbortSignal): Promise<Response> {
    const { method, path, query, headers, body } = call
    const allHeaders = new Headers(headers)
    if (token !== null) allHeaders.set('authorization', `Bearer ${token}`)
    if (body !== undefined) allHeaders.set('content-type', 'application/json')
    return fetch(`${url}${path}${search(query)}`, {
      method,
      headers: allHeaders,
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  /** Makes one attempt. The caller releases the limit. */
  async function attempt<Value>(
    call: Call,
    token: string | null,
    limit: Limit,
    read: (response: Response) => Promise<Value>,
  ): Promise<Value> {
    try {
      return await within(limit, request(call, token, limit.signal).then(read))
    } catch (error) {
      call.signal?.throwIfAborted()
      if (error instanceof TaskportError) throw error
      if (limit.signal.reason === TIME_IS_UP)
        throw new TaskportError('TIMEOUT', 'The service did not respond in time')
      throw new TaskportError('NETWORK_ERROR', 'Cannot reach the service', { cause: error })
    }
  }

  /** Gets the token. Rethrows an error of the token function. */
  async function getToken({ isPublic, signal: outer }: Call, limit: Limit): Promise<string | null> {
    if (isPublic) return null
    try {
      return await within(limit, tokens.get())
    } catch (error) {
      outer?.throwIfAborted()
      if (error !== TIME_IS_UP) throw error
      throw new TaskportError('TIMEOUT', 'The token function did not return in time')
    }
  }

  return {
    /**
     * Sends a call, and retries it until it succeeds or a retry cannot help.
     *
     * @throws TaskportError
     */
    async send(call: Call): Promise<HttpResponse> {
      const { waitMs = 0, retries = options.retries } = call
      const endsAt = performance.now() + (call.timeoutMs ?? options.timeoutMs) + waitMs
      let hasNewToken = false
      for (let failures = 0; ; ) {
        const limit = createLimit(endsAt - performance.now(), call.signal)
        try {
          const token = await getToken(call, limit)
          limit.renew(Math.min(endsAt - performance.now(), attemptTimeoutMs + waitMs))
          try {
            return await attempt(call, token, limit, (response) => readBody(response, call))
          } catch (error) {
            if (!(error instanceof TaskportError)) throw error
            if (error.status === 401 && !hasNewToken && (await tokens.forget(token))) {
              hasNewToken = true
              continue
            }
            const pauseMs = backOffMs(failures, error.retryAfter)
            const shouldRetry =
              (isTemporary(error) || isStillInProgress(error)) &&
              failures < retries &&
              (call.isRepeatable ?? true) &&
              performance.now() + pauseMs < endsAt
            if (!shouldRetry) throw error
            failures++
            await pause(pauseMs, call.signal)
          }
        } finally {
          limit.release()
        }
      }
    },

    /**
     * Opens a long-lived response. Does not retry, except with a new token after a 401. The caller
     * releases the limit.
     *
     * @throws TaskportError
     */
    async open(call: Call): Promise<{ readonly response: Response; readonly limit: Limit }> {
      const limit = createLimit(attemptTimeoutMs, call.signal)
      try {
        for (let isFirst = true; ; isFirst = false) {
          const token = await getToken(call, limit)
          try {
            const response = await attempt(call, token, limit, readHead)
            return { response, limit }
          } catch (error) {
            const isRefused = error instanceof TaskportError && error.status === 401
            if (!isRefused || !isFirst || !(await tokens.forget(token))) throw error
          }
        }
      } catch (error) {
        limit.release()
        throw error
      }
    },
  }
}

async function readHead(response: Response): Promise<Response> {
  if (response.ok) return response
  const { status, headers } = response
  throw errorOf(status, headers, isJson(headers) ? parse(await response.text()) : undefined)
}

/** A call with the same `Idempotency-Key`, perhaps the last attempt, is still being processed. */
function isStillInProgress({ status, retryAfter }: TaskportError): boolean {
  return status === 409 && retryAfter !== null
}

async function readBody(response: Response, call: Call): Promise<HttpResponse> {
  const { status, headers } = response
  const text = await response.text()
  const body = isJson(headers) ? parse(text) : undefined
  const isSuccess = response.ok || (call.accepts?.(status) ?? false)
  if (!isSuccess) throw errorOf(status, headers, body)
  if (text !== '' && body === undefined) throw errorOf(status, headers, undefined)
  return { status, headers, body }
}

function isJson(headers: Headers): boolean {
  return /^application\/json\b/i.test(headers.get('content-type') ?? '')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function search(query: Call['query']): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined) for (const one of [value].flat()) parameters.append(name, `${one}`)
  const text = `${parameters}`
  return text === '' ? '' : `?${text}`
}
