import { expect, test } from 'bun:test'
import { type Logger, pino } from 'pino'
import { createRequestLog, type RequestLine } from '../../adapters/pino/request-log.ts'

const line: RequestLine = {
  request_id: 'a-request',
  method: 'GET',
  route: '/tasks/:id',
  status: 200,
  duration_ms: 1.235,
  user: '0123456789abcdef',
  bytes: 174,
}

/** Logs a request with the request log and with pino, and returns both lines. */
function linesOf(request: RequestLine, log: (stream: { write(line: string): void }) => Logger) {
  const lines: string[] = []
  const logger = log({ write: (written) => lines.push(written) })
  createRequestLog(logger)(request)
  logger.info(request, 'Request')
  return lines
}

const timestamp = () => ',"time":"2026-01-31T09:30:00.000Z"'
const settings = {
  base: null,
  formatters: { level: (label: string) => ({ level: label }) },
  timestamp,
}

test.each([
  line,
  { ...line, route: null, user: null, bytes: null, status: 404, duration_ms: 0 },
  { ...line, duration_ms: 1e21, bytes: 9_007_199_254_740_991 },
  {
    ...line,
    request_id: 'a"b\\c',
    method: 'G\n\u0000\u007f',
    route: '/ü/\ud83d\ude00',
    user: '\ud800',
  },
])('writes the same line as pino: %#', (request) => {
  const [own, pinos] = linesOf(request, (stream) => pino(settings, stream))
  expect(own).toBe(`${pinos}`)
})

test.each([
  ['default settings', (stream: { write(line: string): void }) => pino({ timestamp }, stream)],
  [
    'a child logger',
    (stream: { write(line: string): void }) => pino(settings, stream).child({ worker: 1 }),
  ],
])('writes the same line as pino with %s', (_, log) => {
  const [own, pinos] = linesOf(line, log)
  expect(own).toBe(`${pinos}`)
})

test('writes nothing if the log level is above info', () => {
  expect(linesOf(line, (stream) => pino({ level: 'warn' }, stream))).toStrictEqual([])
})
