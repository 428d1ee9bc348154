import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { openPage } from '../support/browser.ts'
import {
  add,
  openPlayground,
  partsOf,
  startDemo,
  task,
  untilOpen,
  untilState,
  upToDate,
} from './playground-page.ts'

setDefaultTimeout(60_000)

describe('signing in', () => {
  test('takes the secret out of the address, and lasts over a reload', async () => {
    await using playground = await openPlayground()
    const { page, laptop, demo } = playground
    expect(page.url()).toBe(`${demo.url}/`)
    await page.reload()
    await upToDate(laptop)
  })

  test('is explained to a browser that has no token', async () => {
    await using demo = await startDemo()
    const { page, errors, close } = await openPage()
    await page.goto(demo.url)
    await page.getByRole('heading', { name: 'One more step' }).waitFor()
    // The same tab, so the page is not loaded again.
    await page.goto(demo.address)
    await upToDate(partsOf(page).laptop)
    expect(errors).toStrictEqual([])
    await close()
  })
})

test('works under the path of a proxy', async () => {
  let target = ''
  using proxy = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 0,
    fetch: (request) =>
      fetch(request.url.replace(/^.*?\/todo/, target), {
        method: request.method,
        headers: request.headers,
        body: request.body,
      }),
  })
  await using demo = await startDemo({ PUBLIC_URL: `http://127.0.0.1:${proxy.port}/todo` })
  target = demo.url
  const { page, errors, close } = await openPage()
  await page.goto(demo.address)
  const { laptop, phone, wire } = partsOf(page)
  await upToDate(phone)
  await add(laptop, 'Buy milk')
  await task(phone, 'Buy milk').waitFor()
  await wire.getByText('The service runs a key once').waitFor()
  expect(new URL(page.url()).pathname).toBe('/todo/')
  expect(errors).toStrictEqual([])
  await close()
})

test('says that it is signed out, and keeps what waits, when the service starts anew', async () => {
  const playground = await openPlayground()
  const { page, laptop, phone } = playground
  await add(laptop, 'Before')
  await task(phone, 'Before').waitFor()
  await playground.demo[Symbol.asyncDispose]()
  await add(laptop, 'In between')
  await untilState(laptop, 'Retrying, 1 waiting')
  await using demo = await startDemo({}, Number(new URL(playground.demo.url).port))
  await laptop.getByText('This browser is signed out').waitFor()
  await page.goto(demo.address)
  await untilOpen(phone, ['In between'])
  await untilOpen(laptop, ['In between'])
  expect((await demo.client.listTasks()).count).toBe(1)
  await playground.close()
})

test('another user sees nothing, and cannot ask for it', async () => {
  const playground = await openPlayground()
  const { page, laptop, phone, wire } = playground
  await add(laptop, 'A secret of Demo')
  await task(phone, 'A secret of Demo').waitFor()
  await page.getByRole('radio', { name: 'Guest' }).click()
  await upToDate(laptop)
  await laptop.getByText('Nothing to do here').waitFor()
  await page.getByRole('button', { name: 'Ask for it by its id' }).click()
  await page.getByText('404: for Guest it does not exist').waitFor()
  await wire.getByText('the tasks of others do not exist').waitFor()
  await page.getByRole('radio', { name: 'Demo' }).click()
  await task(phone, 'A secret of Demo').waitFor()
  await playground.close()
  await playground.demo[Symbol.asyncDispose]()
  // Chromium reports every 404.
  expect(playground.errors).toStrictEqual([expect.stringContaining('404 (Not Found)')])
})
