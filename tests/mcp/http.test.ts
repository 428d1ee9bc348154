import { describe, expect, test } from 'bun:test'
import { createHttpApp } from '../../adapters/http/app.ts'
import type { HttpEvent } from '../../adapters/http/ports.ts'
import { createNewId } from '../../adapters/system/ids.ts'
import { createMcp } from '../../app/mcp.ts'
import { ann } from '../conformance/stores/store.ts'
import { readError } from '../http/answers.ts'
import { signedIn } from '../http/signed-in.ts'
import { useCasesInMemory } from '../http/tasks-in-memory.ts'
import { ORIGIN, testConfig } from '../support/config.ts'
import { call, callWrongly, openMcpService } from './service.ts'

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' }

/** A `POST /mcp` as a client of 2025 sends it. */
function message(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify(body),
  }
}

function toolCall(name: string, args: object = {}) {
  return { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }
}

/** The message in a response, which may be a stream of one event. */
async function answerIn(response: Response) {
  const text = await response.text()
  const isStream = response.headers.get('content-type') === 'text/event-stream'
  return JSON.parse(isStream ? (/^data: (.*)$/m.exec(text)?.[1] ?? '') : text)
}

describe('POST /mcp', () => {
  test('answers with the headers of every response', async () => {
    await using service = await openMcpService()
    const response = await service.send('/mcp', message(LIST, { 'x-request-id': 'mine' }))
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'private, no-store',
      'content-type': 'text/event-stream',
      'x-content-type-options': 'nosniff',
      'x-request-id': 'mine',
    })
    expect((await answerIn(response)).result.tools).toHaveLength(9)
  })

  test('accepts a notification without a body in the response', async () => {
    await using service = await openMcpService()
    const notification = { jsonrpc: '2.0', method: 'notifications/initialized' }
    const response = await service.send('/mcp', message(notification))
    expect(response.status).toBe(202)
    expect(await response.text()).toBe('')
  })

  test('has no other methods, and no sessions', async () => {
    await using service = await openMcpService()
    for (const method of ['GET', 'DELETE']) {
      const response = await service.send('/mcp', { method })
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('OPTIONS, POST')
    }
    const response = await service.send('/mcp', message(LIST, { 'mcp-session-id': 'x' }))
    expect(response.status).toBe(200)
    expect(response.headers.get('mcp-session-id')).toBeNull()
  })

  test('keeps no request open for subscriptions', async () => {
    await using service = await openMcpService()
    const client = await service.connect('ann')
    await expect(client.listen({ toolsListChanged: true })).rejects.toThrow(
      'Subscription limit reached',
    )
  })

  test('does not exist with MCP=false', async () => {
    await using service = await openMcpService({ MCP: 'false' })
    expect((await service.send('/mcp', message(LIST))).status).toBe(404)
  })

  test('is not part of the OpenAPI document', async () => {
    await using service = await openMcpService()
    expect(await (await service.send('/openapi.json')).text()).not.toContain('/mcp')
  })

  test.each([
    ['without a token', {}, 'Bearer'],
    ['with a wrong token', { authorization: 'Bearer x' }, 'Bearer error="invalid_token"'],
  ])('returns 401 %s', async (_name, headers, challenge) => {
    await using service = await openMcpService()
    const response = await fetch(service.url, message(LIST, headers))
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(challenge)
  })

  test('lets a token with the scope read call only tools that change nothing', async () => {
    await using service = await openMcpService()
    const call = async (token: string, body: unknown) =>
      fetch(service.url, message(body, { authorization: `Bearer ${token}` }))
    const create = async (scopes: string[]): Promise<string> => {
      const init = message({ name: 'Assistant', scopes })
      return Object(await (await service.send('/tokens', init)).json()).token
    }
    const [reader, writer] = [await create(['read']), await create(['read', 'write'])]
    const { result } = await answerIn(await call(reader, LIST))
    for (const { name, annotations } of result.tools) {
      expect((await call(writer, toolCall(name))).status).toBe(200)
      const response = await call(reader, toolCall(name))
      expect(response.status).toBe(annotations.readOnlyHint ? 200 : 403)
      if (response.ok) continue
      expect(response.headers.get('www-authenticate')).toBe(
        'Bearer error="insufficient_scope", scope="write"',
      )
      expect(await readError(response)).toMatchObject({ error: 'FORBIDDEN' })
    }
  })

  test('refuses bodies as other routes do', async () => {
    await using service = await openMcpService({ MAX_BODY_BYTES: '1024' })
    const typed = { method: 'POST', headers: { 'content-type': 'application/json' } }
    for (const [init, status] of [
      [{ ...typed, body: '{' }, 400],
      [{ ...typed, body: '' }, 400],
      [{ ...typed, body: `"${'x'.repeat(1024)}"` }, 413],
      [{ method: 'POST', body: '{}' }, 415],
    ] as const)
      expect((await service.send('/mcp', init)).status).toBe(status)
  })

  test('counts each call as a request, and refuses batches', async () => {
    await using service = await openMcpService({ RATE_LIMIT_PER_MINUTE: '3' })
    for (const left of [2, 1]) {
      const response = await service.send('/mcp', message(toolCall('list_lists')))
      expect(response.status).toBe(200)
      expect(response.headers.get('ratelimit')).toContain(`r=${left}`)
    }
    const batch = await service.send('/mcp', message([toolCall('list_lists'), LIST]))
    expect(batch.status).toBe(400)
    expect(await readError(batch)).toMatchObject({
      message: 'Send one message per request, not a batch',
    })
    for (const path of ['/tasks', '/mcp'])
      expect((await service.send(path, path === '/mcp' ? message(LIST) : {})).status).toBe(429)
    expect((await service.send('/mcp', message(LIST), 'bob')).status).toBe(200)
  })

  test('needs a version for update_task with REQUIRE_IF_MATCH, if the task is named by its id', async () => {
    await using service = await openMcpService({ REQUIRE_IF_MATCH: 'true' })
    const client = await service.connect('ann')
    const { task } = await call(client, 'add_task', { text: 'Buy milk' })
    const change = { task: Object(task).id, text: 'Buy bread' }
    expect(await callWrongly(client, 'update_task', change)).toMatchObject({
      error: 'version_required',
      next: 'Call get_task, and repeat the call with its version.',
    })
    await call(client, 'update_task', { ...change, version: 1 })
    await call(client, 'update_task', { task: 'bread', text: 'Buy butter' })
    await call(client, 'complete_task', { task: change.task })
    await call(client, 'delete_task', { task: change.task })
    await call(client, 'restore_task', { task: change.task })
  })

  test('reports the tool that a request calls, but not its arguments', async () => {
    await using service = await openMcpService()
    for (const body of [
      toolCall('get_task', { task: 'secret words' }),
      toolCall('list_lists'),
      toolCall('drop_tables'),
      LIST,
    ])
      await (await service.send('/mcp', message(body))).text()
    const requests = await service.reported('request', 4)
    expect(requests).toMatchObject([
      { route: '/mcp', tool: 'get_task' },
      { route: '/mcp', tool: 'list_lists' },
      { route: '/mcp', tool: null },
      { route: '/mcp', tool: null },
    ])
    const calls = await service.reported('tool_call', 2)
    expect(JSON.stringify([requests, calls])).not.toContain('secret')
    expect(calls).toMatchObject([
      {
        tool: 'get_task',
        outcome: 'refused',
        error: null,
        requestId: Object(requests[0]).requestId,
      },
      { tool: 'list_lists', outcome: 'done', error: null },
    ])
  })
})

describe('guards against other sites', () => {
  const own = (port: string) => ({ Host: `127.0.0.1:${port}` })

  test.each<[string, Record<string, string>, (port: string) => Record<string, string>, number]>([
    ['loopback, without Origin', {}, own, 200],
    ['localhost', {}, (port) => ({ Host: `localhost:${port}` }), 200],
    ['IPv6', {}, () => ({ Host: '[::1]' }), 200],
    ['its own Origin', {}, (port) => ({ ...own(port), Origin: `http://127.0.0.1:${port}` }), 200],
    ['an Origin of CORS_ORIGINS', {}, (port) => ({ ...own(port), Origin: ORIGIN }), 200],
    [
      'the Host of PUBLIC_URL',
      { PUBLIC_URL: 'https://x.test/todo' },
      () => ({ Host: 'X.test' }),
      200,
    ],
    [
      'the Origin of PUBLIC_URL',
      { PUBLIC_URL: 'https://x.test/todo' },
      () => ({ Host: 'localhost', Origin: 'https://x.test' }),
      200,
    ],
    ['another Host', {}, () => ({ Host: 'evil.test' }), 403],
    [
      'another Host with its Origin',
      {},
      () => ({ Host: 'evil.test', Origin: 'http://evil.test' }),
      403,
    ],
    ['a Host that begins like loopback', {}, () => ({ Host: '127.0.0.1.evil.test' }), 403],
    ['a Host that begins like localhost', {}, () => ({ Host: 'localhost.evil.test:80' }), 403],
    ['a Host with a user', {}, () => ({ Host: 'evil.test@localhost' }), 403],
    ['another Origin', {}, (port) => ({ ...own(port), Origin: 'http://evil.test' }), 403],
    ['an opaque Origin', {}, (port) => ({ ...own(port), Origin: 'null' }), 403],
    ['another port', {}, (port) => ({ ...own(port), Origin: 'http://127.0.0.1:1' }), 403],
    ['any Host on every interface', { HOST: '0.0.0.0' }, () => ({ Host: 'nas.lan' }), 200],
    [
      'another Origin on every interface',
      { HOST: '0.0.0.0' },
      () => ({ Host: 'nas.lan', Origin: 'http://evil.test' }),
      403,
    ],
  ])('%s', async (_name, variables, headers, status) => {
    await using service = await openMcpService(variables)
    const response = await service.send('/mcp', message(LIST, headers(service.url.port)))
    expect(response.status).toBe(status)
    if (status === 403) expect(await readError(response)).toMatchObject({ error: 'FORBIDDEN' })
  })

  test('come before the token', async () => {
    await using service = await openMcpService()
    const response = await fetch(service.url, message(LIST, { Origin: 'http://evil.test' }))
    expect(response.status).toBe(403)
  })

  test('concern no other route', async () => {
    await using service = await openMcpService()
    const headers = { Host: 'evil.test', Origin: 'http://evil.test' }
    expect((await service.send('/tasks', { headers })).status).toBe(200)
  })
})

/** The API on use cases that fail. */
function createFailingApp(error: unknown) {
  const events: HttpEvent[] = []
  const newId = createNewId()
  const { tasks, lists, tokens } = useCasesInMemory(newId)
  const failing = { ...lists, all: () => Promise.reject(error) }
  let loaded = 0
  const mcp = createMcp(testConfig(), {
    tasks,
    lists: failing,
    verifier: { verify: () => ({ ...signedIn(ann), tokenId: null }) },
    observe: () => {},
  })
  const app = createHttpApp({
    tasks,
    tokens,
    lists: failing,
    verifyToken: () => signedIn(ann),
    ping: async () => {},
    newId,
    observe: (event) => events.push(event),
    onArrival: () => {},
    version: '1.2.3',
    corsOrigins: [],
    maxBodyBytes: 1024,
    publicUrl: null,
    keepAliveSeconds: 75,
    rateLimit: null,
    trustedProxies: 0,
    mcp: mcp && {
      ...mcp,
      open() {
        loaded += 1
        return mcp.open()
      },
    },
  })
  return {
    events,
    loaded: () => loaded,
    send: async (body: unknown) => {
      const init = message(body, { authorization: 'Bearer x', host: 'localhost' })
      return answerIn(await app.handle(new Request('http://localhost/mcp', init)))
    },
  }
}

test('answers a fault with an error of the protocol, without its message', async () => {
  const fault = new Error('a secret')
  const { send, events } = createFailingApp(fault)
  const answer = await send(toolCall('list_lists'))
  expect(answer).toStrictEqual({
    jsonrpc: '2.0',
    id: 1,
    error: { code: -32603, message: 'Internal error' },
  })
  expect(events).toContainEqual({
    type: 'tool_call',
    tool: 'list_lists',
    outcome: 'failed',
    durationMs: expect.any(Number),
    error: fault,
    requestId: expect.any(String),
  })
})

test('says that the caller may repeat a call while the store is down', async () => {
  const { TaskportError } = await import('../../core/errors.ts')
  const { send } = createFailingApp(new TaskportError('unavailable', 'db1 refused'))
  const { result } = await send(toolCall('list_lists'))
  expect(result.isError).toBe(true)
  expect(JSON.parse(result.content[0].text)).toStrictEqual({
    error: 'unavailable',
    message: 'The service is temporarily unavailable',
    next: expect.stringContaining('Wait a few seconds'),
  })
})

test('loads the protocol once, at the first request that needs it', async () => {
  const { send, loaded } = createFailingApp(null)
  expect(loaded()).toBe(0)
  await send(LIST)
  await send(LIST)
  expect(loaded()).toBe(1)
})
