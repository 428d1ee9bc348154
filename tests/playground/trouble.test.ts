import { describe, expect, test } from 'bun:test'
import { count, NO_CALLS, type Tally, totals } from '../../playground/page/proof/tally.ts'
import { createTrouble, NO_TROUBLE } from '../../playground/page/trouble/trouble.ts'
import { createWire, type RequestEntry } from '../../playground/page/wire/log.ts'
import { createRecordedFetch } from '../../playground/page/wire/recorded-fetch.ts'

// A proxy may serve the service under a path.
const BASE_URL = 'http://localhost/todo'
const BATCH = { operations: [{ op: 'create' }, { op: 'delete' }] }

/** A device, and a service that runs a key once and repeats its answer. */
function open(answer?: (url: string, init: RequestInit) => Response) {
  const wire = createWire(() => 0)
  const trouble = createTrouble()
  const arrived: string[] = []
  let tally: Tally = NO_CALLS
  const fetch = createRecordedFetch({
    baseUrl: BASE_URL,
    device: 'Laptop',
    wire,
    nextFate: trouble.forDevice(),
    now: () => 0,
    onDone: (entry) => {
      tally = count(tally, entry)
    },
    fetch: async (url, init) => {
      if (answer) return answer(url, init)
      const key = `${new Headers(init.headers).get('idempotency-key')}`
      const headers: Record<string, string> = { 'content-type': 'application/json' }
      if (arrived.includes(key)) headers['idempotency-replayed'] = 'true'
      arrived.push(key)
      return new Response('{"results":[]}', { headers })
    },
  })
  return {
    wire,
    trouble,
    fetch,
    arrived,
    totals: () => totals(tally),
    send: (key: string) =>
      fetch(`${BASE_URL}/tasks/batch`, {
        method: 'POST',
        headers: { 'Idempotency-Key': key },
        body: JSON.stringify(BATCH),
      }),
    requests: () =>
      wire.entries.get().filter((entry): entry is RequestEntry => entry.kind === 'request'),
  }
}

test('logs a request with its headers, body, status and answer', async () => {
  const { send, requests } = open()
  expect(await (await send('one')).json()).toStrictEqual({ results: [] })
  expect(requests()).toStrictEqual([
    {
      kind: 'request',
      id: 1,
      device: 'Laptop',
      method: 'POST',
      path: '/tasks/batch',
      at: 0,
      durationMs: 0,
      outcome: 'answered',
      status: 200,
      requestHeaders: [['idempotency-key', 'one']],
      responseHeaders: [['content-type', 'application/json']],
      requestBody: JSON.stringify(BATCH),
      responseBody: '{"results":[]}',
    },
  ])
})

test('puts the newest request first and keeps the last 200', async () => {
  const { send, requests, wire } = open()
  for (let key = 1; key <= 205; key++) await send(`${key}`)
  expect(requests().map(({ id }) => id)).toStrictEqual(
    Array.from({ length: 200 }, (_, index) => 205 - index),
  )
  wire.clear()
  expect(requests()).toStrictEqual([])
})

test('loses every second answer after the service has acted, and counts what was recognized', async () => {
  const device = open()
  device.trouble.state.set({ ...NO_TROUBLE, losesAnswers: true })
  expect(device.send('one')).rejects.toThrow('lost')
  await device.send('one').catch(() => {})
  expect(device.arrived).toStrictEqual(['one', 'one'])
  expect(device.requests().map(({ outcome }) => outcome)).toStrictEqual(['answered', 'lost'])
  expect(device.totals()).toStrictEqual({
    changes: 2,
    lost: 1,
    refused: 0,
    sentAgain: 1,
    recognized: 1,
    doneTwice: 0,
  })
})

test('counts a key that ran twice', async () => {
  const device = open(() => new Response('{}'))
  await device.send('one')
  await device.send('one')
  expect(device.totals()).toMatchObject({ changes: 2, sentAgain: 1, recognized: 0, doneTwice: 1 })
})

test('answers 503 without asking the service', async () => {
  const device = open()
  device.trouble.state.set({ ...NO_TROUBLE, isUnavailable: true })
  const response = await device.send('one')
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('1')
  expect(device.arrived).toStrictEqual([])
  expect(device.totals()).toMatchObject({ changes: 0, refused: 1, doneTwice: 0 })
})

test('stops waiting when the caller does', async () => {
  const device = open()
  device.trouble.state.set({ ...NO_TROUBLE, isSlow: true })
  const controller = new AbortController()
  const answer = device.fetch(`${BASE_URL}/tasks`, { signal: controller.signal })
  controller.abort()
  expect(answer).rejects.toThrow('aborted')
  await answer.catch(() => {})
  expect(device.requests()[0]?.outcome).toBe('ended')
  expect(device.arrived).toStrictEqual([])
})

test('logs that there was no answer', async () => {
  const device = open(() => {
    throw new TypeError('Failed to fetch')
  })
  await device.send('one').catch(() => {})
  expect(device.requests()).toMatchObject([{ outcome: 'failed', status: null }])
})

describe('a stream of events', () => {
  const STREAM = 'id: 7\nevent: upsert\ndata: {"a":1}\n\nevent: synced\ndata: {}\n\n'
  const stream = (body: string | ReadableStream) =>
    new Response(body, { headers: { 'content-type': 'text/event-stream' } })

  test('is logged event by event, and passed on unchanged', async () => {
    const device = open(() => stream(STREAM))
    const response = await device.fetch(`${BASE_URL}/tasks/events`, {})
    const logged = new Promise<void>((resolve) => {
      device.wire.entries.subscribe(() => {
        if (device.wire.entries.get().length === 3) resolve()
      })
    })
    expect(await response.text()).toBe(STREAM)
    await logged
    const [last, first, request] = device.wire.entries.get()
    expect(request).toMatchObject({ kind: 'request', outcome: 'ended', status: 200 })
    expect(first).toMatchObject({ kind: 'event', type: 'upsert', eventId: '7', data: '{"a":1}' })
    expect(last).toMatchObject({ kind: 'event', type: 'synced', device: 'Laptop' })
  })

  test('ends at the service when the caller cancels it', async () => {
    const canceled = Promise.withResolvers<void>()
    const device = open(() => stream(new ReadableStream({ cancel: () => canceled.resolve() })))
    const response = await device.fetch(`${BASE_URL}/tasks/events`, {})
    expect(device.requests()).toMatchObject([{ outcome: 'streaming' }])
    await response.body?.cancel()
    await canceled.promise
    expect(device.requests()).toMatchObject([{ outcome: 'ended' }])
  })

  test('is never lost as a whole', async () => {
    const device = open(() => stream(STREAM))
    device.trouble.state.set({ ...NO_TROUBLE, losesAnswers: true })
    expect((await device.fetch(`${BASE_URL}/tasks/events`, {})).status).toBe(200)
  })
})
