import { type Logger, pino } from 'pino'

/** What the line of a request says. */
export interface RequestLine {
  readonly request_id: string
  readonly method: string
  readonly route: string | null
  readonly status: number
  readonly duration_ms: number
  readonly user: string | null
  readonly bytes: number | null
}

/** What pino keeps behind the symbols that it has for this purpose, and does not declare. */
interface Insides {
  /** The beginning of a line, by the number of its level. */
  readonly [pino.symbols.lsCacheSym]: Readonly<Record<number, string>>
  readonly [pino.symbols.timeSym]: () => string
  /** What every line of this logger says. */
  readonly [pino.symbols.chindingsSym]: string
  readonly [pino.symbols.streamSym]: { write(line: string): void }
}

const INFO = 30

/**
 * Writes the lines of requests, which are more than all others: as pino would, to the byte, in a
 * third of its time, since their members are known.
 */
export function createRequestLog(log: Logger): (line: RequestLine) => void {
  // The test that compares the lines with pino's own fails where they are not there any more.
  const {
    [pino.symbols.lsCacheSym]: { [INFO]: level },
    [pino.symbols.timeSym]: time,
    [pino.symbols.chindingsSym]: bindings,
    [pino.symbols.streamSym]: stream,
  } = log as unknown as Insides

  return ({ request_id, method, route, status, duration_ms, user, bytes }) => {
    if (!log.isLevelEnabled('info')) return
    const request = `"request_id":${quoted(request_id)},"method":${quoted(method)},"route":${quoted(route)}`
    const answer = `"status":${status},"duration_ms":${duration_ms},"user":${quoted(user)},"bytes":${bytes}`
    stream.write(`${level}${time()}${bindings},${request},${answer},"msg":"Request"}\n`)
  }
}

function quoted(text: string | null): string {
  return JSON.stringify(text)
}
