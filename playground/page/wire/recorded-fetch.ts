import { readEvents } from '../../../client/events.ts'
import type { Fate } from '../trouble/trouble.ts'
import type { RequestEntry, Wire } from './log.ts'

type Fetch = (url: string, init: RequestInit) => Promise<Response>

const EVENT_STREAM = /^text\/event-stream\b/

/**
 * A `fetch` that makes the trouble that the user has chosen, and writes every request to the log.
 *
 * @param deps.onDone called with each request that has got its whole answer, lost answers included.
 */
export function createRecordedFetch(deps: {
  /** The address of the service, with which all URLs start. */
  readonly baseUrl: string
  readonly device: string
  readonly wire: Wire
  readonly nextFate: () => Fate
  readonly fetch: Fetch
  readonly now: () => number
  readonly onDone: (entry: RequestEntry) => void
}): Fetch {
  const { device, wire, nextFate, now, onDone } = deps

  return async (url, init) => {
    const fate = nextFate()
    const { entry, change } = wire.addRequest({
      device,
      method: init.method ?? 'GET',
      path: url.slice(deps.baseUrl.length),
      requestHeaders: [...new Headers(init.headers)],
      requestBody: typeof init.body === 'string' ? init.body : null,
    })
    const startedAt = now()
    const answered = (response: Response) => ({
      status: response.status,
      durationMs: now() - startedAt,
      responseHeaders: [...response.headers],
    })
    try {
      await pause(fate.delayMs, init.signal)
      if (fate.isRefused) {
        const { response, text } = refusal()
        onDone(change({ ...answered(response), outcome: 'refused', responseBody: text }))
        return response
      }
      const response = await deps.fetch(url, init)
      const head = answered(response)
      if (response.body && EVENT_STREAM.test(response.headers.get('content-type') ?? '')) {
        change({ ...head, outcome: 'streaming' })
        return followStream(response, response.body, () => change({ outcome: 'ended' }))
      }
      const text = await response.text()
      const isLost = fate.losesAnswer()
      const outcome = isLost ? 'lost' : 'answered'
      onDone(change({ ...head, outcome, responseBody: text === '' ? null : text }))
      if (isLost) throw new TypeError('The playground has lost this answer')
      return copyOf(response, text)
    } catch (error) {
      const outcome = init.signal?.aborted ? 'ended' : 'failed'
      if (entry().outcome === 'pending') change({ outcome, durationMs: now() - startedAt })
      throw error
    }
  }

  /** Logs the events of a stream while the caller reads it. */
  function followStream(
    response: Response,
    body: ReadableStream<Uint8Array<ArrayBuffer>>,
    onEnd: () => void,
  ): Response {
    const reader = body.getReader()
    const copy = new TransformStream<Uint8Array, Uint8Array>()
    const writer = copy.writable.getWriter()
    function end(): void {
      writer.close().catch(() => {})
      onEnd()
    }
    async function log(): Promise<void> {
      for await (const { type, id, data } of readEvents(copy.readable, () => {}))
        wire.addEvent({ device, type, eventId: id, data })
    }
    log().catch(() => {})
    const passedOn = new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        const { done, value } = await reader.read().catch((error) => {
          end()
          throw error
        })
        if (done) {
          end()
          controller.close()
          return
        }
        // Not awaited: the caller must not wait for the log.
        writer.write(value).catch(() => {})
        controller.enqueue(value)
      },
      cancel(reason) {
        end()
        return reader.cancel(reason)
      },
    })
    return new Response(passedOn, { status: response.status, headers: response.headers })
  }
}

/** Statuses whose responses have no body cannot be created with one. */
function copyOf({ status, headers }: Response, text: string): Response {
  return new Response(text === '' ? null : text, { status, headers })
}

function refusal() {
  const text = JSON.stringify({
    error: 'SERVICE_UNAVAILABLE',
    message: 'The playground refuses this request',
  })
  const headers = { 'content-type': 'application/json', 'retry-after': '1' }
  return { response: new Response(text, { status: 503, headers }), text }
}

/** Rejects when the signal aborts. */
function pause(delayMs: number, signal: AbortSignal | null | undefined): Promise<void> {
  if (delayMs === 0) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, delayMs)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
