import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openPage } from '../support/browser.ts'
import { type Nginx, startNginx } from '../support/nginx.ts'
import { freePort } from '../support/port.ts'
import {
  GREETING,
  type ServiceProcess,
  signInSecretOf,
  startService,
  temporaryDirectory,
} from '../support/process.ts'

const PATH = '/docs/demo-token'
const NO_TOKEN = /eyJ|"token"/

const cleanUp = new AsyncDisposableStack()
let service: ServiceProcess
let nginx: Nginx

// Through this proxy, every request seems to come from this machine and from no other page.
beforeAll(async () => {
  const { path: directory } = cleanUp.use(await temporaryDirectory())
  service = cleanUp.use(await startService({ directory }, GREETING))
  nginx = await startNginx([service.port], { plain: true })
  cleanUp.defer(nginx.stop)
})

afterAll(() => cleanUp.disposeAsync())

test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
  'returns no token through a plain proxy for %s without the secret',
  async (method) => {
    for (const path of [PATH, `${PATH}/`, `${PATH}?secret=x`, '/docs', '/docs/', '/']) {
      const response = await fetch(`${nginx.url}${path}`, {
        method,
        ...(method === 'POST' && {
          headers: { 'content-type': 'application/json' },
          body: '{"secret":"x"}',
        }),
      })
      const head = JSON.stringify([...response.headers])
      expect(`${head}${await response.text()}`).not.toMatch(NO_TOKEN)
    }
  },
)

test('signs no browser in through a plain proxy, even with the secret', async () => {
  const { page, close } = await openPage()
  await page.goto(`${nginx.url}/docs#demo=${signInSecretOf(service.output())}`)
  expect(await page.getByRole('alert').textContent()).toContain('PUBLIC_URL')
  expect(await page.evaluate('Object.keys(localStorage)')).toStrictEqual([])
  await close()
}, 30_000)

test('signs a browser in through a plain proxy whose address is PUBLIC_URL', async () => {
  await using own = new AsyncDisposableStack()
  const { path: directory } = own.use(await temporaryDirectory())
  const port = await freePort()
  const PUBLIC_URL = `http://127.0.0.1:${port}/todo`
  const behind = own.use(await startService({ directory, environment: { PUBLIC_URL } }, GREETING))
  const proxy = await startNginx([behind.port], { plain: true, path: '/todo/', port })
  own.defer(proxy.stop)
  const { page, close } = await openPage()
  const answer = page.waitForResponse(`${PUBLIC_URL}${PATH}`)
  await page.goto(`${PUBLIC_URL}/docs#demo=${signInSecretOf(behind.output())}`)
  expect((await answer).status()).toBe(200)
  expect(page.url()).toBe(`${PUBLIC_URL}/docs`)
  await close()
}, 30_000)
