import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { portOf } from '../support/port.ts'

/**
 * What happens to a request in place of its being passed on:
 * - `lose request`: the connection breaks before the service sees it;
 * - `lose answer`: the connection breaks after the service has done it;
 * - `silence`: nothing, for ever;
 * - otherwise this answer, and the service sees nothing of it.
 */
export type Fault =
  | 'lose request'
  | 'lose answer'
  | 'silence'
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }

/** What the proxy saw of a request. */
export interface SeenRequest {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
}

export interface FaultyProxy extends AsyncDisposable {
  readonly url: string
  /** All requests since the last `fail`. */
  readonly seen: readonly SeenRequest[]
  /** What happens to the next requests, in their order; those after them are passed on. */
  fail(...faults: readonly Fault[]): void
  /** Breaks all connections that there are. */
  drop(): void
}

/** An HTTP proxy before a server on this machine that fails as it is told. */
export async function startFaultyProxy(serverPort: number): Promise<FaultyProxy> {
  let faults: Fault[] = []
  let seen: SeenRequest[] = []

  const listener = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming
    seen.push({ at: performance.now(), method, path, headers })
    const fault = faults.shift()
    if (fault === 'lose request') incoming.socket.destroy()
    else if (fault === 'silence') incoming.resume()
    else if (fault === undefined || fault === 'lose answer')
      forward(incoming, outgoing, fault === 'lose answer')
    else outgoing.writeHead(fault.status, fault.headers).end(fault.body)
  })

  function forward(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    losesAnswer: boolean,
  ): void {
    const { method, url: path, headers } = incoming
    const sent = request({
      host: '127.0.0.1',
      port: serverPort,
      method,
      path,
      headers,
      agent: false,
    })
    sent.on('response', (response) => {
      if (losesAnswer) {
        response.resume().on('end', () => incoming.socket.destroy())
        return
      }
      outgoing.writeHead(response.statusCode ?? 0, response.headers)
      response.pipe(outgoing)
    })
    sent.on('error', () => incoming.socket.destroy())
    outgoing.on('close', () => sent.destroy())
    incoming.pipe(sent)
  }

  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return {
    url: `http://127.0.0.1:${portOf(listener)}`,
    get seen() {
      return seen
    },
    fail(...next) {
      faults = [...next]
      seen = []
    },
    drop: () => listener.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      listener.close()
      listener.closeAllConnections()
      await once(listener, 'close')
    },
  }
}
