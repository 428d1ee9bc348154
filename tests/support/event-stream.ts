/** One server-sent event, or a line for the connection's sake alone. */
export interface ServerEvent {
  /** `null` for what is no event: a comment, or the time to wait before coming back. */
  readonly name: string | null
  readonly data: unknown
  /** `null` where it has none, empty where the last one is to be forgotten. */
  readonly id: string | null
  readonly isComment: boolean
}

/** A stream of events as its reader sees it. */
export interface EventReader extends AsyncDisposable {
  readonly response: Response
  /** The next event; `null` at the end of the stream. */
  next(): Promise<ServerEvent | null>
  /** What comes up to the first that is asked for, that one included. */
  until(isLast: (event: ServerEvent) => boolean): Promise<ServerEvent[]>
  /** The next thing on the stream, comments included. */
  nextLine(): Promise<ServerEvent | null>
  leave(): Promise<void>
}

/** The whole events in a text, and what comes after them. */
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

/** Reads a response as events. */
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
