import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import {
  EXAMPLE_OTHER_LIST,
  EXAMPLE_OTHER_TASK,
  exampleList,
  exampleTask,
} from '../../adapters/http/docs/examples.ts'
import type { Service } from '../conformance/http/service.ts'
import { describeHttp } from '../conformance/http/suite.ts'
import { bearer, SECRET } from '../support/config.ts'
import { createDatabase } from '../support/postgres.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'
import { startProxy } from '../support/proxy.ts'
import { readItem } from './answers.ts'
import { examplesOf, type OpenApiDocument, type Operation, operationsOf } from './document.ts'
import { readChanges } from './feed-answers.ts'
import { type Recording, type RecordingProxy, startRecordingProxy } from './recording-proxy.ts'
import { createTrafficCheck, type Exchange } from './traffic.ts'

// Starts processes, possibly on a busy machine.
setDefaultTimeout(60_000)

const PATH = join(import.meta.dir, '..', '..', 'openapi.json')
const EMPTY_PARAMETER = /[?&][^=&]+=?(?:&|$)/
const UNKNOWN = '01234567-89ab-4def-8123-456789abcdef'

/** Documented responses that no request can cause. */
const UNSEEN: Record<string, string> = {
  431: 'the proxy would send it itself; has a test of its own',
  500: 'an unexpected error; tests/http/failures.test.ts causes some',
}

const document: OpenApiDocument = await Bun.file(PATH).json()
const operations = operationsOf(document)
const traffic = createTrafficCheck(document)
const recordings: Recording[] = []

const cleanUp = new AsyncDisposableStack()
afterAll(() => cleanUp.disposeAsync())

function operationNamed(name: string): Operation {
  const operation = operations.find(({ operationId }) => operationId === name)
  if (operation === undefined) throw new Error(`There is no ${name}`)
  return operation
}

async function start(environment: Record<string, string>): Promise<ServiceProcess> {
  const directory = cleanUp.use(await temporaryDirectory())
  const defaults = {
    NODE_ENV: 'production',
    BETTER_AUTH_SECRET: SECRET,
    DATABASE_URL: 'memory:',
    // A limit, so that its headers are sent.
    RATE_LIMIT_PER_MINUTE: '1000000',
  }
  const options = { directory: directory.path, environment: { ...defaults, ...environment } }
  return cleanUp.use(await startService(options))
}

/** Sends a request of an operation, by default with the first example of its body. */
async function sendExample(
  url: string,
  { method, path, requestBody }: Operation,
  options: {
    readonly user?: string
    readonly id?: string
    readonly type?: string
    readonly body?: string
  } = {},
): Promise<Response> {
  const [[exampleType, media] = []] = Object.entries(requestBody?.content ?? {})
  const { user, type = exampleType, body = media && JSON.stringify(examplesOf(media)[0]) } = options
  const headers = {
    ...(user === undefined ? {} : await bearer(user)),
    ...(type === undefined ? {} : { 'content-type': type }),
  }
  const init = { method, headers, ...(body === undefined ? {} : { body }) }
  return fetch(`${url}${path.replace('{id}', options.id ?? UNKNOWN)}`, init)
}

/** Runs an action through a proxy in front of a service, and keeps the recording. */
async function record(
  service: ServiceProcess,
  action: (url: string) => Promise<void>,
): Promise<void> {
  const proxy = await startRecordingProxy(service.url, PATH)
  try {
    await action(proxy.url)
  } finally {
    recordings.push(await proxy.stop())
  }
}

async function openScenarios(): Promise<Service> {
  const service = await start({})
  const proxy: RecordingProxy = await startRecordingProxy(service.url, PATH)
  return {
    send(path, init) {
      // The proxy rejects unusual methods, sets Content-Length on every body, waits for the end of a
      // response, and does not know that empty parameters count as absent.
      const isStream = path.startsWith('/tasks/events') && init?.method !== 'HEAD'
      const bypasses =
        isStream ||
        init?.method === 'PROPFIND' ||
        init?.body instanceof ReadableStream ||
        EMPTY_PARAMETER.test(path)
      return fetch(`${bypasses ? service.url : proxy.url}${path}`, init)
    },
    async close() {
      recordings.push(await proxy.stop())
    },
  }
}

describeHttp({ name: 'a process behind a checking proxy', open: openScenarios })

describe('the document and the traffic', () => {
  let exchanges: readonly Exchange[]
  let seen: Set<string>

  beforeAll(async () => {
    await record(await start({}), async (url) => {
      await sendExamples(url)
      await sendWrong(url)
      await sendLists(url)
      await fetch(`${url}/tasks/events`, { method: 'HEAD', headers: await bearer('ann') })
    })
    await record(await start({ REQUIRE_IF_MATCH: 'true' }), async (url) => {
      for (const operation of operations)
        if (operation.method !== 'GET') await sendExample(url, operation, { user: 'ann' })
      const body = JSON.stringify({ atomic: true, operations: [{ op: 'delete', id: UNKNOWN }] })
      await sendExample(url, operationNamed('batchTasks'), { user: 'ann', body })
    })
    const cursor = await cursorOf(await start({}))
    await record(await start({}), (url) => sendCursors(url, [cursor, 'none']))
    await record(await start({ RATE_LIMIT_PER_MINUTE: '1' }), async (url) => {
      for (const operation of [...operations, ...operations])
        await sendExample(url, operation, { user: 'ann' })
    })

    const database = await createDatabase()
    cleanUp.defer(database.drop)
    const store = await startProxy(Number(new URL(database.url).port))
    cleanUp.defer(store.close)
    const url = new URL(database.url)
    url.port = `${store.port}`
    await record(await start({ DATABASE_URL: url.href }), async (proxied) => {
      store.become('close')
      for (const operation of operations) await sendExample(proxied, operation, { user: 'ann' })
    })

    exchanges = recordings.flatMap((recording) => recording.exchanges)
    seen = new Set(
      exchanges.map((exchange) => {
        const operation = traffic.operationOf(exchange)
        return `${operation?.operationId} ${exchange.status}`
      }),
    )
  })

  /** Sends every example of a body, which must succeed. */
  async function sendExamples(url: string): Promise<void> {
    const createTask = operationNamed('createTask')
    const createList = operationNamed('createList')
    for (const operation of operations)
      for (const [type, media] of Object.entries(operation.requestBody?.content ?? {}))
        for (const body of examplesOf(media).map((example) => JSON.stringify(example))) {
          // What the examples refer to has to exist.
          const made = new Map<string, string>()
          for (const id of [exampleTask.id, EXAMPLE_OTHER_TASK])
            made.set(id, (await readItem(await sendExample(url, createTask, { user: 'ann' }))).id)
          for (const id of [exampleList.id, EXAMPLE_OTHER_LIST])
            made.set(id, (await readItem(await sendExample(url, createList, { user: 'ann' }))).id)
          const isOfList = operation.path.startsWith('/lists')
          const id = made.get(isOfList ? exampleList.id : exampleTask.id) ?? ''
          const real = body.replaceAll(/[0-9a-f-]{36}/g, (one) => made.get(one) ?? one)
          const answer = await sendExample(url, operation, { user: 'ann', id, type, body: real })
          expect(answer.status).toBeWithin(200, 300)
          if (operation.operationId === 'batchTasks')
            for (const result of Object(await answer.json()).results)
              expect(result.status).toBeWithin(200, 300)
        }
  }

  /** Sends requests of lists with each outcome that depends on what is stored or on conditions. */
  async function sendLists(url: string): Promise<void> {
    const ann = { ...(await bearer('ann')), 'content-type': 'application/json' }
    const send = (method: string, path: string, body?: unknown, headers = {}) => {
      const text = body === undefined ? {} : { body: JSON.stringify(body) }
      return fetch(`${url}/lists${path}`, { method, headers: { ...ann, ...headers }, ...text })
    }
    const key = { 'idempotency-key': 'a-key' }
    for (const name of ['a', 'a', '']) await send('POST', '', { name }, key)
    const { id } = await readItem(await send('POST', '', { name: 'a' }))
    for (const path of ['', `/${id}`])
      for (const headers of [{}, { 'if-none-match': '*' }])
        await send('GET', path, undefined, headers)
    for (const one of [id, UNKNOWN, 'x'])
      for (const headers of [{ 'if-match': '"v9"' }, {}]) {
        await send('GET', `/${one}`)
        await send('PATCH', `/${one}`, { name: 'b' }, headers)
        await send('POST', `/${one}/move`, { to: 'top' }, headers)
        await send('DELETE', `/${one}`, undefined, headers)
      }
  }

  /** A cursor of the feed, which has expired on any other service. */
  async function cursorOf({ url }: ServiceProcess): Promise<string> {
    await sendExample(url, operationNamed('createTask'), { user: 'ann' })
    const answer = await sendExample(url, operationNamed('listChanges'), { user: 'ann' })
    return (await readChanges(answer)).cursor
  }

  async function sendCursors(url: string, cursors: readonly string[]): Promise<void> {
    await sendExample(url, operationNamed('createTask'), { user: 'ann' })
    const headers = await bearer('ann')
    for (const cursor of cursors)
      for (const path of ['/tasks/changes', '/tasks/events'])
        await fetch(`${url}${path}?cursor=${cursor}`, { headers })
  }

  /** Sends what every operation refuses. */
  async function sendWrong(url: string): Promise<void> {
    for (const operation of operations) {
      await sendExample(url, operation)
      if (operation.requestBody === undefined) continue
      for (const wrong of [{ body: '{' }, { body: ' '.repeat(300_000) }, { type: 'text/plain' }])
        await sendExample(url, operation, { user: 'ann', ...wrong })
    }
  }

  test('agree', () => {
    expect(exchanges.length).toBeGreaterThan(300)
    const found = exchanges.flatMap((exchange) => {
      const { method, path, body } = exchange
      const request = `${method} ${path} ${body?.slice(0, 100) ?? ''}`
      return traffic.differences(exchange).map((difference) => `${request}: ${difference}`)
    })
    expect(found).toEqual([])
  })

  test('agree according to the proxy too', () => {
    const problems = recordings.flatMap((recording) => recording.problems)
    // A refused request may be invalid, and an accepted one may contain more than is documented.
    const differences = problems.filter(
      ({ target, ruleId, severity, path, status }) =>
        target === 'response' ||
        (severity === 'error' &&
          status < 400 &&
          ruleId !== 'undocumented-endpoint' &&
          // Each of its operations is refused separately.
          path !== '/tasks/batch'),
    )
    expect(differences).toEqual([])
    // The proxy did check.
    expect(problems.map(({ ruleId }) => ruleId)).toContain('security-baseline')
  })

  test('the runtime returns 431 when the headers are too large', async () => {
    const { url } = await start({})
    for (const { method, path, responses } of operations) {
      const headers = { 'x-long': 'x'.repeat(20_000) }
      const answer = await fetch(`${url}${path.replace('{id}', UNKNOWN)}`, { method, headers })
      expect(answer.status).toBe(431)
      expect(await answer.text()).toBe('')
      expect(responses['431']?.content).toBeUndefined()
    }
  })

  test('every documented response was seen', () => {
    const missing = operations.flatMap(({ operationId, responses }) =>
      Object.keys(responses)
        .filter((status) => !(status in UNSEEN) && !seen.has(`${operationId} ${status}`))
        .map((status) => `${operationId} ${status}`),
    )
    expect(missing).toEqual([])
  })

  test('every documented header was seen', () => {
    const missing = operations.flatMap((operation) =>
      Object.entries(operation.responses)
        .filter(([status]) => !(status in UNSEEN))
        .flatMap(([status, { headers = {} }]) =>
          Object.keys(headers)
            .filter((name) => !wasSeen(operation, status, name))
            .map((name) => `${operation.operationId} ${status} ${name}`),
        ),
    )
    expect(missing).toEqual([])
  })

  function wasSeen(operation: Operation, status: string, header: string): boolean {
    return exchanges.some(
      (exchange) =>
        traffic.operationOf(exchange)?.operationId === operation.operationId &&
        `${exchange.status}` === status &&
        exchange.responseHeaders.has(header),
    )
  }
})
