/** One server-sent event. */
export interface ServerEvent {
  readonly type: string
  /** The last event id that the stream has sent; empty before the first. */
  readonly id: string
  readonly data: string
}

/**
 * Parses a stream of server-sent events (html.spec.whatwg.org, 9.2.6).
 *
 * @param onBytes called whenever data arrives, even if it is only a comment.
 */
export async function* readEvents(
  stream: ReadableStream<Uint8Array>,
  onBytes: () => void,
): AsyncGenerator<ServerEvent> {
  let type = ''
  let id = ''
  let data: string[] = []
  for await (const line of readLines(stream, onBytes)) {
    if (line === '') {
      if (data.length > 0) yield { type: type || 'message', id, data: data.join('\n') }
      type = ''
      data = []
      continue
    }
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') type = value
    else if (field === 'data') data.push(value)
    else if (field === 'id' && !value.includes('\0')) id = value
  }
}

/** Splits a stream into lines, which may end with CR, LF or CR LF. */
async function* readLines(
  stream: ReadableStream<Uint8Array>,
  onBytes: () => void,
): AsyncGenerator<string> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      onBytes()
      rest += decoder.decode(value, { stream: true })
      // A CR at the end may be the first half of CR LF.
      const lines = rest.split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop() ?? ''
      yield* lines
    }
  } finally {
    // Not awaited: canceling a broken stream may never finish.
    reader.cancel().catch(() => {})
  }
}
