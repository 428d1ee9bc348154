import { errorOf, TaskportError } from './errors.ts'
import { backOffMs, createLimit, type Limit, pause, TIME_IS_UP, within } from './timing.ts'
import type { Tokens } from './token.ts'

/** What any call can be told besides its content. */
export interface CallOptions {
  /** Ends the call, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** In place of the client's own. */
  readonly timeoutMs?: number | undefined
}

export interface Call extends CallOptions {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Whether it needs no token. */
  readonly isPublic?: boolean
  /** How long the service itself may take to answer, where that is long. */
  readonly waitMs?: number
  /** Whether a status that is no success is an answer all the same. */
  readonly accepts?: (status: number) => boolean
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** What its JSON stands for; `undefined` where there is none. */
  readonly body: unknown
}

export type Http = ReturnType<typeof createHttp>

const RETRIED = [408, 425, 429, 502, 503, 504]

/** Whether the same call can go better in a while. */
export function isPassing({ code, status }: TaskportError): boolean {
  return code === 'NETWORK_ERROR' || code === 'TIMEOUT' || RETRIED.includes(status ?? 0)
}

/**
 * Sends calls, and repeats them where that can help. All of them can be repeated: by their nature, or
 * by their `Idempotency-Key`.
 */
export function createHttp(options: {
  readonly url: string
  readonly tokens: Tokens
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly timeoutMs: number
  readonly attemptTimeoutMs: number
  readonly retries: number
}) {
  const { url, tokens, fetch, attemptTimeoutMs, retries } = options

  function request(call: Call, token: string | null, signal: AbortSignal): Promise<Response> {
    const { method, path, query, headers, body } = call
    const sent = new Headers(headers)
    if (token !== null) sent.set('authorization', `Bearer ${token}`)
    if (body !== undefined) sent.set('content-type', 'application/json')
    return fetch(`${url}${path}${search(query)}`, {
      method,
      headers: sent,
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  /** One attempt. Its limit is released by the caller. */
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
        throw new TaskportError('TIMEOUT', 'The service took too long to answer')
      throw new TaskportError('NETWORK_ERROR', 'The service cannot be reached', { cause: error })
    }
  }

  /** The token; what its function throws, if that fails. */
  async function getToken({ isPublic, signal: outer }: Call, limit: Limit): Promise<string | null> {
    if (isPublic) return null
    try {
      return await within(limit, tokens.get())
    } catch (error) {
      outer?.throwIfAborted()
      if (error !== TIME_IS_UP) throw error
      throw new TaskportError('TIMEOUT', 'The token took too long to come')
    }
  }

  return {
    /**
     * Makes attempts until one succeeds, or until another would be of no use.
     *
     * @throws TaskportError
     */
    async send(call: Call): Promise<Answer> {
      const waitMs = call.waitMs ?? 0
      const endsAt = performance.now() + (call.timeoutMs ?? options.timeoutMs) + waitMs
      let hasNewToken = false
      for (let failures = 0; ; ) {
        const limit = createLimit(endsAt - performance.now(), call.signal)
        try {
          const token = await getToken(call, limit)
          limit.renew(Math.min(endsAt - performance.now(), attemptTimeoutMs + waitMs))
          try {
            return await attempt(call, token, limit, (response) => readAnswer(response, call))
          } catch (error) {
            if (!(error instanceof TaskportError)) throw error
            if (error.status === 401 && !hasNewToken && (await tokens.forget(token))) {
              hasNewToken = true
              continue
            }
            const pauseMs = backOffMs(failures, error.retryAfter)
            const isWorthIt =
              (isPassing(error) || isStillUnderWay(error)) &&
              failures < retries &&
              performance.now() + pauseMs < endsAt
            if (!isWorthIt) throw error
            failures++
            await pause(pauseMs, call.signal)
          }
        } finally {
          limit.release()
        }
      }
    },

    /**
     * Opens a response whose body goes on for a long time; does not repeat what fails, but for a token
     * that is no longer taken. The limit has to be released.
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

/** Another call with the same `Idempotency-Key`, the one before perhaps, is being answered. */
function isStillUnderWay({ status, retryAfter }: TaskportError): boolean {
  return status === 409 && retryAfter !== null
}

async function readAnswer(response: Response, call: Call): Promise<Answer> {
  const { status, headers } = response
  const text = await response.text()
  const body = isJson(headers) ? parse(text) : undefined
  const isAnswer = response.ok || (call.accepts?.(status) ?? false)
  if (!isAnswer) throw errorOf(status, headers, body)
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
    if (value !== undefined) parameters.set(name, `${value}`)
  const text = `${parameters}`
  return text === '' ? '' : `?${text}`
}
