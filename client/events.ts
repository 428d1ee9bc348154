/** One server-sent event. */
export interface ServerEvent {
  readonly type: string
  /** The last id that the stream gave so far; empty before the first. */
  readonly id: string
  readonly data: string
}

/**
 * The events of a stream (html.spec.whatwg.org, 9.2.6).
 *
 * @param onBytes called whenever anything comes, comments too.
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

/** Lines that end with CR, LF or both, wherever the stream is cut into pieces. */
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
    // Not awaited: a stream that has broken never ends.
    reader.cancel().catch(() => {})
  }
}
