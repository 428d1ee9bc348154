/** One block of an event stream: an event, a comment or a `retry` field. */
export interface ServerEvent {
  /** `null` for a comment or a `retry` field. */
  readonly name: string | null
  readonly data: unknown
  /** `null` if it has none. An empty id resets the last event id. */
  readonly id: string | null
  readonly isComment: boolean
}

/** Reads an event stream. */
export interface EventReader extends AsyncDisposable {
  readonly response: Response
  /** The next event, or `null` at the end of the stream. */
  next(): Promise<ServerEvent | null>
  /** The events up to and including the first one that matches. */
  until(isLast: (event: ServerEvent) => boolean): Promise<ServerEvent[]>
  /** The next block, comments included. */
  nextLine(): Promise<ServerEvent | null>
  leave(): Promise<void>
}

/** Parses the complete events in a text. `rest` is the incomplete end. */
export function parseEvents(text: string): { events: ServerEvent[]; rest: string } {
  const blocks = text.split('\n\n')
  const rest = blocks.pop() ?? ''
  return { events: blocks.map(parseEvent), rest }
}

function parseEvent(block: string): ServerEvent {
  const fields = new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(':')
      return colon === -1 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).trimStart()]
    }),
  )
  const data = fields.get('data')
  return {
    name: fields.get('event') ?? null,
    data: data === undefined ? null : JSON.parse(data),
    id: fields.get('id') ?? null,
    isComment: fields.has(''),
  }
}

/** Reads the body of a response as an event stream. */
export function readEvents(response: Response): EventReader {
  if (response.body === null) throw new Error('The response has no body')
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  let waiting: ServerEvent[] = []

  async function nextLine(): Promise<ServerEvent | null> {
    for (;;) {
      const [first, ...others] = waiting
      waiting = others
      if (first !== undefined) return first
      const { done, value } = await reader.read()
      if (done) return null
      const parsed = parseEvents(rest + decoder.decode(value, { stream: true }))
      waiting = parsed.events
      rest = parsed.rest
    }
  }

  async function next(): Promise<ServerEvent | null> {
    for (;;) {
      const event = await nextLine()
      if (event === null || event.name !== null) return event
    }
  }

  return {
    response,
    next,
    nextLine,
    async until(isLast) {
      const events: ServerEvent[] = []
      for (;;) {
        const event = await next()
        if (event === null) throw new Error(`The stream ended after ${JSON.stringify(events)}`)
        events.push(event)
        if (isLast(event)) return events
      }
    },
    leave: () => reader.cancel(),
    [Symbol.asyncDispose]: () => reader.cancel().catch(() => {}),
  }
}
