import { expect, test } from 'bun:test'
import { pino } from 'pino'
import { refusal } from '../../adapters/auth/refusal.ts'
import { createMetrics, renderMetrics } from '../../adapters/prometheus/metrics.ts'
import { createLogObserver, createMetricsObserver } from '../../app/observe.ts'
import { ownerNamed } from '../conformance/stores/store.ts'

function createObserver(level = 'info') {
  const lines: Record<string, unknown>[] = []
  const clock = { now: 0 }
  const observer = createLogObserver(
    pino({ base: null, level }, { write: (line) => lines.push(JSON.parse(line)) }),
    () => 'a-hash',
    () => clock.now,
  )
  return { ...observer, lines, clock }
}

test('logs an unexpected error with its stack and request id', () => {
  const { observe, lines } = createObserver()
  observe({ type: 'unexpected_error', error: new Error('broken'), requestId: 'a-request' })
  expect(lines).toMatchObject([
    { level: 50, request_id: 'a-request', err: { message: 'broken', stack: expect.any(String) } },
  ])
})

test('logs failed maintenance with its stack', () => {
  const { observe, lines } = createObserver()
  observe({ type: 'maintenance_failed', error: new Error('broken') })
  expect(lines).toMatchObject([
    { level: 50, err: { message: 'broken', stack: expect.any(String) } },
  ])
})

test('logs one warning with the number of uses of the previous secret', () => {
  const { observe, lines, close } = createObserver()
  for (let n = 0; n < 3; n++) observe({ type: 'previous_secret_used' })
  expect(lines).toStrictEqual([])
  close()
  expect(lines).toMatchObject([{ level: 40, requests: 3 }])
})

test('logs a warning when the key set cannot be fetched, and info when it can', () => {
  const { observe, lines } = createObserver()
  observe({ type: 'key_set_failed', error: new Error('refused') })
  observe({ type: 'key_set_fetched', keys: 2, changed: true })
  expect(lines).toMatchObject([
    { level: 40, err: { message: 'refused' } },
    { level: 30, keys: 2, changed: true },
  ])
})

test('logs one line per request, with its route and a hash of its user', () => {
  const { observe, lines } = createObserver()
  observe({
    type: 'request',
    requestId: 'a-request',
    method: 'GET',
    route: '/tasks/:id',
    status: 200,
    durationMs: 1.23456,
    owner: ownerNamed('ann'),
    tokenKind: 'sign_in',
    bytes: 174,
    tool: null,
  })
  expect(lines).toStrictEqual([
    {
      level: 30,
      time: expect.any(Number),
      msg: 'Request',
      request_id: 'a-request',
      method: 'GET',
      route: '/tasks/:id',
      status: 200,
      duration_ms: 1.235,
      user: 'a-hash',
      token_kind: 'sign_in',
      bytes: 174,
    },
  ])
})

test('names the tool in the line of a request that calls one', () => {
  const { observe, lines } = createObserver()
  observe({
    type: 'request',
    requestId: 'a-request',
    method: 'POST',
    route: '/mcp',
    status: 200,
    durationMs: 1,
    owner: ownerNamed('ann'),
    tokenKind: 'api_token',
    bytes: 174,
    tool: 'add_task',
  })
  expect(lines).toMatchObject([{ route: '/mcp', tool: 'add_task' }])
})

const toolCall = { type: 'tool_call', requestId: 'x', tool: 'get_task', durationMs: 3 } as const

test('logs calls of tools with debug, and faults of tools with error', () => {
  const { observe, lines } = createObserver('debug')
  observe({ ...toolCall, outcome: 'refused', error: null })
  observe({ ...toolCall, outcome: 'failed', error: new Error('broken') })
  expect(lines).toMatchObject([
    { level: 20, request_id: 'x', tool: 'get_task', outcome: 'refused', duration_ms: 3 },
    { level: 20, outcome: 'failed' },
    { level: 50, request_id: 'x', tool: 'get_task', err: { message: 'broken' } },
  ])
})

test('logs the beginning and the end of an outage of the store once', () => {
  const { observe, lines, clock } = createObserver()
  const call = { type: 'store', operation: 'get', durationMs: 1 } as const
  function answer(outcome: 'done' | 'unavailable' | 'failed'): void {
    observe({ ...call, outcome, error: outcome === 'done' ? undefined : new Error('refused') })
  }
  answer('done')
  for (let n = 0; n < 10; n++) {
    clock.now += 500
    // A store that serves reads but refuses writes has one long outage.
    answer('unavailable')
    answer('done')
  }
  expect(lines).toMatchObject([
    { level: 40, msg: 'The store does not respond', err: { message: 'refused' } },
  ])
  clock.now += 1000
  answer('failed')
  answer('done')
  expect(lines.slice(1)).toMatchObject([{ level: 30, msg: 'The store responds again' }])
})

test('does not log hits and misses of the token cache', () => {
  const { observe, lines, close } = createObserver()
  observe({ type: 'cache_hit', kind: 'sign_in' })
  observe({ type: 'cache_miss', kind: 'api_token' })
  close()
  expect(lines).toStrictEqual([])
})

const staging = refusal(
  'wrong_issuer',
  'key_set',
  'https://auth.example',
  'https://staging.example',
)

test('warns of refused tokens while none has been accepted', () => {
  const { observe, lines, clock } = createObserver()
  const event = { type: 'token_refused', requestId: 'a-request', refusal: staging } as const
  for (let n = 0; n < 3; n++) observe({ ...event, acceptedBefore: false })
  expect(lines).toStrictEqual([
    {
      level: 40,
      time: expect.any(Number),
      reason: 'wrong_issuer',
      requests: 1,
      expected: 'https://auth.example',
      actual: 'https://staging.example',
      problem:
        'The token\'s issuer (iss) is "https://staging.example", but JWT_ISSUER or BETTER_AUTH_URL expects "https://auth.example".',
      msg: 'Tokens are refused, and none of this kind has been accepted since the start',
    },
  ])
  clock.now += 60_000
  observe({ ...event, acceptedBefore: false })
  expect(lines.slice(1)).toMatchObject([{ level: 40, requests: 3 }])
  clock.now += 60_000
  observe({ ...event, acceptedBefore: true })
  expect(lines).toHaveLength(2)
})

test('logs nothing that a refused token says but its iss and aud', () => {
  const { observe, lines } = createObserver('debug')
  observe({
    type: 'token_refused',
    requestId: 'a-request',
    refusal: refusal('algorithm_not_accepted', null, 'HS256', 'a-secret'),
    acceptedBefore: false,
  })
  expect(lines).toMatchObject([
    { level: 20, expected: 'HS256', actual: null },
    { level: 40, expected: 'HS256', actual: null },
  ])
  expect(JSON.stringify(lines)).not.toContain('a-secret')
})

test('logs the reason of each refusal at level debug, with the id of the request', () => {
  const { observe, lines } = createObserver('debug')
  const event = { type: 'token_refused', requestId: 'a-request', acceptedBefore: true } as const
  observe({ ...event, refusal: staging })
  observe({ type: 'token_missing', requestId: 'another' })
  expect(lines).toMatchObject([
    {
      level: 20,
      request_id: 'a-request',
      reason: 'wrong_issuer',
      expected: 'https://auth.example',
      actual: 'https://staging.example',
    },
    { level: 20, request_id: 'another', reason: 'missing' },
  ])
})

test('logs when processes stop sharing the rate limit and when they share it again', () => {
  const { observe, lines } = createObserver()
  observe({ type: 'rate_limiter_degraded', error: new Error('refused') })
  observe({ type: 'rate_limiter_restored' })
  expect(lines).toMatchObject([{ level: 40, err: { message: 'refused' } }, { level: 30 }])
})

test('counts events in metrics', async () => {
  const metrics = createMetrics(() => ({ busy: 1, idle: 2, waiting: 3 }))
  const observe = createMetricsObserver(metrics)
  const request = {
    type: 'request',
    requestId: 'x',
    durationMs: 3,
    owner: null,
    tokenKind: null,
    bytes: null,
    tool: null,
  } as const
  observe({ ...request, method: 'GET', route: '/tasks', status: 200 })
  observe({ ...request, method: 'BREW', route: null, status: 404 })
  observe({ type: 'unexpected_error', error: new Error('broken'), requestId: 'x' })
  observe({ ...toolCall, outcome: 'done', error: null })
  observe({ ...toolCall, outcome: 'failed', error: new Error('broken') })
  observe({ type: 'cache_hit', kind: 'sign_in' })
  observe({ type: 'cache_miss', kind: 'api_token' })
  observe({ type: 'key_set_fetched', keys: 1, changed: true })
  observe({ type: 'key_set_failed', error: new Error('refused') })
  observe({ type: 'rate_limited', by: 'user' })
  observe({ type: 'token_missing', requestId: 'x' })
  observe({ type: 'token_refused', requestId: 'x', refusal: staging, acceptedBefore: true })
  for (const type of ['request_held', 'request_held', 'request_released'] as const)
    observe({ type })
  observe({ type: 'store', operation: 'get', outcome: 'failed', durationMs: 3, error: new Error() })
  const text = await renderMetrics([await metrics.snapshot()])
  for (const line of [
    'http_request_duration_seconds_count{method="GET",route="/tasks",status="200"} 1',
    'http_request_duration_seconds_count{method="other",route="none",status="404"} 1',
    'taskport_tool_duration_seconds_count{tool="get_task",outcome="done"} 1',
    'taskport_tool_duration_seconds_count{tool="get_task",outcome="failed"} 1',
    'taskport_unexpected_errors_total 2',
    'taskport_tokens_total{kind="sign_in",cache="hit"} 1',
    'taskport_tokens_total{kind="sign_in",cache="miss"} 0',
    'taskport_tokens_total{kind="api_token",cache="miss"} 1',
    'taskport_key_set_fetches_total{outcome="fetched"} 1',
    'taskport_key_set_fetches_total{outcome="failed"} 1',
    'taskport_rate_limited_total 1',
    'taskport_tokens_refused_total{reason="missing"} 1',
    'taskport_tokens_refused_total{reason="wrong_issuer"} 1',
    'taskport_tokens_refused_total{reason="expired"} 0',
    'taskport_held_requests 1',
    'taskport_store_duration_seconds_count{operation="get",outcome="failed"} 1',
    'taskport_store_connections{state="waiting"} 3',
  ])
    expect(text).toContain(`${line}\n`)
})
