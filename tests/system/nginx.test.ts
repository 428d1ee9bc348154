import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readList, readTask } from '../http/answers.ts'
import { openPage } from '../support/browser.ts'
import { bearer, PRODUCTION, tokenOf } from '../support/config.ts'
import { type Nginx, startNginx } from '../support/nginx.ts'
import { freePort } from '../support/port.ts'
import {
  type ServiceProcess,
  startService,
  stopCleanly,
  temporaryDirectory,
} from '../support/process.ts'
import { connect } from '../support/socket.ts'

setDefaultTimeout(60_000)

const PATH = '/todo/'

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
let service: ServiceProcess
let nginx: Nginx
/** The address of the service as clients see it. */
let address: string
let headers: Record<string, string>

beforeAll(async () => {
  directory = await temporaryDirectory()
  const port = await freePort()
  address = `http://127.0.0.1:${port}${PATH}`
  service = await startService({
    directory: directory.path,
    environment: { ...PRODUCTION, PUBLIC_URL: address },
  })
  nginx = await startNginx([service.port], { gzip: true, path: PATH, port })
  headers = { ...(await bearer('ann')), 'content-type': 'application/json' }
})

afterAll(async () => {
  await nginx.stop()
  await stopCleanly(service)
  await directory[Symbol.asyncDispose]()
})

const send = (url: string | URL, method = 'GET', body?: unknown, more = {}) =>
  fetch(new URL(url, address), {
    method,
    headers: { ...headers, ...more },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

const create = async (text: string) => readTask(await send('tasks', 'POST', { text }))

describe('behind nginx with gzip', () => {
  const gzip = { 'accept-encoding': 'gzip' }

  async function weakTagOf(url: string): Promise<string> {
    const response = await send(url, 'GET', undefined, gzip)
    expect(response.headers.get('content-encoding')).toBe('gzip')
    const tag = response.headers.get('etag') ?? ''
    expect(tag).toStartWith('W/"')
    return tag
  }

  test('a change applies to the version whose weak tag the client got', async () => {
    const { id } = await create('x')
    const tag = await weakTagOf(`tasks/${id}`)
    const change = (text: string) => send(`tasks/${id}`, 'PATCH', { text }, { 'if-match': tag })
    expect((await change('y')).status).toBe(200)
    expect((await change('z')).status).toBe(412)

    const operation = {
      op: 'patch',
      id,
      body: { text: 'z' },
      if_match: await weakTagOf(`tasks/${id}`),
    }
    const batch = () => send('tasks/batch', 'POST', { atomic: true, operations: [operation] })
    expect((await batch()).status).toBe(200)
    expect((await batch()).status).toBe(412)
  })

  test('returns 304 for the weak tag of a task and of a list', async () => {
    const { id } = await create('x')
    for (const url of [`tasks/${id}`, 'tasks', 'tasks?limit=1&sort=order', 'docs']) {
      const more = { ...gzip, 'if-none-match': await weakTagOf(url) }
      expect((await send(url, 'GET', undefined, more)).status).toBe(304)
    }
  })
})

describe('behind nginx under a path', () => {
  test('Location, Link, the documentation and the server are under the path', async () => {
    const created = await send('tasks', 'POST', { text: 'x' })
    const location = created.headers.get('location') ?? ''
    expect(location).toStartWith(`${PATH}tasks/`)
    expect(await readTask(await send(location))).toStrictEqual(await readTask(created))

    await create('y')
    const page = await send('tasks?limit=1')
    const [, next = ''] = /^<(.*)>; rel="next"$/.exec(page.headers.get('link') ?? '') ?? []
    expect(next).toStartWith(`${PATH}tasks?limit=1&cursor=`)
    const { tasks } = await readList(await send(next))
    expect(tasks).toHaveLength(1)

    const { docs } = Object(await (await send('')).json())
    expect(docs).toBe(`${PATH}docs`)
    expect((await send(docs)).headers.get('content-type')).toBe('text/html; charset=utf-8')

    const { servers } = Object(await (await send('openapi.json')).json())
    const [server] = servers
    expect((await send(`${server.url}/health`)).status).toBe(200)
    expect(`${server.url}/`).toBe(address)
  })

  test.each(['docs', 'docs/'])('the page works, and tries out operations: %s', async (path) => {
    const { page, errors, blockedRequests, close } = await openPage()
    await page.goto(`${address}${path}`)
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.locator('.auth-container input').fill(await tokenOf('bob'))
    await page.locator('.auth-btn-wrapper .authorize').click()
    await page.locator('.auth-btn-wrapper .btn-done').click()
    const block = page.locator('#operations-Tasks-createTask')
    await block.locator('.opblock-summary-control').click()
    await block.getByRole('button', { name: 'Try it out' }).click()
    await block.getByRole('button', { name: 'Execute' }).click()
    const status = block.locator('.live-responses-table tbody .response-col_status').first()
    expect(await status.textContent()).toBe('201')
    expect(errors).toStrictEqual([])
    expect(blockedRequests).toStrictEqual([])
    await close()
  })
})

test('nginx removes the line break that a client sends after a body', async () => {
  const { authorization } = await bearer('carol')
  using connection = await connect(Number(new URL(address).port))
  const body = '{"text":"x"}'
  await connection.send(
    [
      `POST ${PATH}tasks HTTP/1.1`,
      'Host: localhost',
      `Authorization: ${authorization}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      '',
      `${body}\r\nGET ${PATH}health HTTP/1.1`,
      'Host: localhost',
      'Connection: close',
      '',
      '',
    ].join('\r\n'),
  )
  expect((await connection.responses(1)).map(({ status }) => status)).toStrictEqual([201])
  const list = await readList(await send('tasks', 'GET', undefined, { authorization }))
  expect(list.count).toBe(1)
})
