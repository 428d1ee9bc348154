import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { PRODUCTION } from '../support/config.ts'
import { portOf } from '../support/port.ts'
import { startService, temporaryDirectory } from '../support/process.ts'

/**
 * What happens to a request instead of forwarding it:
 * - `lose request`: the connection breaks before the service receives the request;
 * - `lose response`: the connection breaks after the service has handled the request;
 * - `silence`: the request never gets a response;
 * - otherwise the client gets this response and the service does not see the request.
 */
export type Fault =
  | 'lose request'
  | 'lose response'
  | 'silence'
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }

/** A request that the proxy received. */
export interface SeenRequest {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
}

export interface FaultyProxy extends AsyncDisposable {
  readonly url: string
  /** The requests since the last call of `fail`. */
  readonly seen: readonly SeenRequest[]
  /** Applies these faults to the next requests, in this order. Later requests are forwarded. */
  fail(...faults: readonly Fault[]): void
  /** Breaks all open connections. */
  drop(): void
}

/** Starts an HTTP proxy in front of a local server. Tests can make it fail. */
async function startFaultyProxy(serverPort: number): Promise<FaultyProxy> {
  let faults: Fault[] = []
  let seen: SeenRequest[] = []

  const listener = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming
    seen.push({ at: performance.now(), method, path, headers })
    const fault = faults.shift()
    if (fault === 'lose request') incoming.socket.destroy()
    else if (fault === 'silence') incoming.resume()
    else if (fault === undefined || fault === 'lose response')
      forward(incoming, outgoing, fault === 'lose response')
    else outgoing.writeHead(fault.status, fault.headers).end(fault.body)
  })

  function forward(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    losesResponse: boolean,
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
      if (losesResponse) {
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

/** Starts the service in its own process, with a proxy in front of it. */
export async function startServiceBehindProxy(
  databaseUrl: string,
  cleanUp: AsyncDisposableStack,
): Promise<FaultyProxy> {
  const { path: directory } = cleanUp.use(await temporaryDirectory())
  const environment = { ...PRODUCTION, DATABASE_URL: databaseUrl }
  const service = cleanUp.use(await startService({ directory, environment }))
  return cleanUp.use(await startFaultyProxy(service.port))
}
