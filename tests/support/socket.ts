/** A response as received over a socket. */
export interface RawResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** A connection on which the test controls every byte. It is terminated at the end of its scope. */
export interface Connection extends Disposable {
  /** Sends as fast as the server reads, and stops if the server closes the connection. */
  send(data: string | Uint8Array): Promise<void>
  /** Resolves once the server has asked for the body with 100 Continue. */
  untilContinue(): Promise<void>
  /** The first complete responses, or fewer if the server closes the connection first. */
  responses(count: number): Promise<RawResponse[]>
  /** Every response, once the server has closed the connection. */
  allResponses(): Promise<RawResponse[]>
  /** Closes the sending side. */
  end(): void
  /** Closes the connection abruptly. */
  terminate(): void
}

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'

/** @throws if the connection is refused. */
export async function connect(port: number): Promise<Connection> {
  let received = ''
  let open = true
  // Resolved and replaced whenever something happens on the socket.
  let event = Promise.withResolvers<void>()
  function happened(): void {
    event.resolve()
    event = Promise.withResolvers()
  }
  function closed(): void {
    open = false
    happened()
  }
  async function until(condition: () => boolean): Promise<void> {
    while (open && !condition()) await event.promise
  }

  const socket = await Bun.connect({
    hostname: '127.0.0.1',
    port,
    socket: {
      data(_, bytes) {
        received += bytes.toString('latin1')
        happened()
      },
      drain: happened,
      end: closed,
      close: closed,
      error: closed,
      connectError() {},
    },
  })

  return {
    async send(data) {
      let rest = Buffer.from(data)
      while (open && rest.length > 0) {
        const next = event.promise
        rest = rest.subarray(socket.write(rest))
        if (rest.length > 0) await next
      }
    },
    async untilContinue() {
      await until(() => received.startsWith(CONTINUE))
      if (!received.startsWith(CONTINUE))
        throw new Error(`Expected 100 Continue, received: ${received}`)
    },
    async responses(count) {
      await until(() => parse(received).length >= count)
      return parse(received).slice(0, count)
    },
    async allResponses() {
      await until(() => false)
      return parse(received)
    },
    end: () => socket.end(),
    terminate: () => socket.terminate(),
    [Symbol.dispose]: () => socket.terminate(),
  }
}

/** Parses the complete responses. Each must have a Content-Length or no body. */
function parse(received: string): RawResponse[] {
  const responses: RawResponse[] = []
  let rest = received.startsWith(CONTINUE) ? received.slice(CONTINUE.length) : received
  for (;;) {
    const [, head, status, lines] = /^(HTTP\/1\.1 (\d{3}).*\r\n((?:.+\r\n)*)\r\n)/.exec(rest) ?? []
    if (head === undefined || lines === undefined) return responses
    const headers = new Headers(
      lines.split('\r\n').flatMap((line) => {
        const [, name, value] = /^(.+?): (.*)$/.exec(line) ?? []
        return name === undefined || value === undefined ? [] : [[name, value]]
      }),
    )
    const end = head.length + Number(headers.get('content-length') ?? 0)
    if (rest.length < end) return responses
    responses.push({ status: Number(status), headers, body: rest.slice(head.length, end) })
    rest = rest.slice(end)
  }
}
