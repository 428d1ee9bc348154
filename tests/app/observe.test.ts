import { expect, test } from 'bun:test'
import { pino } from 'pino'
import { createLogObserver } from '../../app/observe.ts'

function createObserver() {
  const lines: Record<string, unknown>[] = []
  const observer = createLogObserver(
    pino({ base: null }, { write: (line) => lines.push(JSON.parse(line)) }),
  )
  return { ...observer, lines }
}

test('a fault is logged with its stack, under the id of its request', () => {
  const { observe, lines } = createObserver()
  observe({ type: 'fault', fault: new Error('broken'), requestId: 'a-request' })
  expect(lines).toMatchObject([
    { level: 50, request_id: 'a-request', err: { message: 'broken', stack: expect.any(String) } },
  ])
})

test('uses of the previous secret make one warning that counts them', () => {
  const { observe, lines, close } = createObserver()
  for (let n = 0; n < 3; n++) observe({ type: 'previous_secret_used' })
  expect(lines).toStrictEqual([])
  close()
  expect(lines).toMatchObject([{ level: 40, requests: 3 }])
})

test('an issuer that fails is a warning, one that answers is not', () => {
  const { observe, lines } = createObserver()
  observe({ type: 'key_set_failed', error: new Error('refused') })
  observe({ type: 'key_set_fetched', keys: 2, changed: true })
  expect(lines).toMatchObject([
    { level: 40, err: { message: 'refused' } },
    { level: 30, keys: 2, changed: true },
  ])
})

test('what happens at each request writes nothing', () => {
  const { observe, lines, close } = createObserver()
  observe({ type: 'cache_hit' })
  observe({ type: 'cache_miss' })
  close()
  expect(lines).toStrictEqual([])
})
