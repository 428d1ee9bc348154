import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Server } from 'bun'
import type { BrowserContext, Page } from 'playwright-core'
import { createTaskportClient } from '../../client/taskport.ts'
import { buildClient } from '../../scripts/client.ts'
import { openPage } from '../support/browser.ts'
import { PRODUCTION, tokenOf } from '../support/config.ts'
import { freePort } from '../support/port.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'

const HTML = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">'

const cleanUp = new AsyncDisposableStack()
let site: Server<undefined>
let service: ServiceProcess
let users = 0

beforeAll(async () => {
  const { path } = cleanUp.use(await temporaryDirectory())
  await buildClient(join(path, 'client'))
  await Bun.write(join(path, 'index.html'), HTML)
  site = Bun.serve({
    hostname: '127.0.0.1',
    port: await freePort(),
    fetch: (request) => new Response(Bun.file(join(path, new URL(request.url).pathname))),
  })
  cleanUp.defer(() => site.stop(true))
  await mkdir(join(path, 'service'))
  service = cleanUp.use(
    await startService({
      directory: join(path, 'service'),
      environment: { ...PRODUCTION, DATABASE_URL: 'memory:', CORS_ORIGINS: site.url.origin },
    }),
  )
}, 30_000)

afterAll(() => cleanUp.disposeAsync())

/** A browser of a new user. */
async function openBrowser() {
  const token = await tokenOf(`browser-${users++}`)
  const { page, close } = await openPage()
  const context = page.context()
  await page.close()

  return {
    context,
    close,
    /** Another device of the user, without a store. */
    client: createTaskportClient({ url: service.url, token }),
    /** Opens a tab with a store. */
    async openTab(): Promise<Page> {
      const tab = await context.newPage()
      await tab.goto(new URL('/index.html', site.url).href)
      await tab.evaluate(
        `(async () => {
          const { createTaskportClient } = await import('/client/taskport.js')
          const { createOfflineStore } = await import('/client/offline/store.js')
          const { createIndexedDbStorage } = await import('/client/offline/indexeddb.js')
          const client = createTaskportClient({ url: '${service.url}', token: '${token}' })
          const storage = createIndexedDbStorage('tasks')
          globalThis.store = await createOfflineStore({ client, storage, name: 'user' })
          globalThis.texts = () => store.tasks({ sort: 'created_at' }).get().map(({ text }) => text)
        })()`,
      )
      return tab
    },
  }
}

/** Waits until an expression is true in a tab. */
async function until(tab: Page, expression: string): Promise<void> {
  await tab.waitForFunction(expression, null, { polling: 20 })
}

const IS_DONE = `store.status().get().state === 'idle' && store.status().get().waiting === 0`

async function disconnect(context: BrowserContext): Promise<() => Promise<void>> {
  const pattern = `${service.url}/**`
  await context.route(pattern, (route) => route.abort('internetdisconnected'))
  return () => context.unroute(pattern)
}

test('keeps changes that were made offline when the page is reloaded', async () => {
  const { context, client, openTab, close } = await openBrowser()
  const { id } = await client.createTask({ text: 'Known' })
  const first = await openTab()
  await first.evaluate('store.sync()')
  const connect = await disconnect(context)
  await first.evaluate(`(async () => {
    store.start()
    const task = await store.createTask({ text: 'Pack' })
    await store.createTask({ text: 'Passport', parent_id: task.id })
    await store.updateTask('${id}', { completed: true })
  })()`)
  await until(first, `store.status().get().state === 'offline'`)
  await first.close()

  const second = await openTab()
  expect(await second.evaluate('texts()')).toEqual(['Known', 'Pack', 'Passport'])
  expect(await second.evaluate('store.status().get().waiting')).toBe(3)
  await connect()
  await second.evaluate('store.start()')
  await until(second, IS_DONE)
  const { tasks } = await client.listTasks({ sort: 'created_at' })
  expect(tasks).toMatchObject([
    { text: 'Known', completed: true },
    { text: 'Pack', parent_id: null },
    { text: 'Passport', parent_id: tasks[1]?.id },
  ])
  await close()
}, 30_000)

test('creates a task once when the page crashes before the response', async () => {
  const { context, client, openTab, close } = await openBrowser()
  const first = await openTab()
  const keys: (string | undefined)[] = []
  const arrived = Promise.withResolvers<void>()
  await context.route(`${service.url}/tasks/batch`, async (route) => {
    if (route.request().method() === 'POST') keys.push(route.request().headers()['idempotency-key'])
    if (keys.length > 1 || route.request().method() !== 'POST') return route.continue()
    await route.fetch()
    arrived.resolve()
  })
  await first.evaluate(`store.createTask({ text: 'Buy milk' }).then(() => store.start())`)
  await arrived.promise
  await first.close({ runBeforeUnload: false })

  const second = await openTab()
  expect(await second.evaluate('store.status().get().waiting')).toBe(1)
  await second.evaluate('store.start()')
  await until(second, IS_DONE)
  expect(keys).toHaveLength(2)
  expect(keys[1]).toBe(keys[0])
  expect((await client.listTasks()).tasks).toMatchObject([{ text: 'Buy milk', version: 1 }])
  await close()
}, 30_000)

test('shares one stream and one queue among tabs, and goes on when one closes', async () => {
  const { context, client, openTab, close } = await openBrowser()
  const batches: string[] = []
  const streams: Page[] = []
  context.on('request', (request) => {
    if (request.method() === 'POST') batches.push(request.postData() ?? '')
    if (request.url().includes('/tasks/events') && request.method() === 'GET')
      streams.push(request.frame().page())
  })
  const [first, second] = [await openTab(), await openTab()]
  await first.evaluate('store.start()')
  await until(first, IS_DONE)
  await second.evaluate('store.start()')

  await Promise.all([
    first.evaluate(`Promise.all([1, 2, 3].map((n) => store.createTask({ text: 'first ' + n })))`),
    second.evaluate(`Promise.all([1, 2, 3].map((n) => store.createTask({ text: 'second ' + n })))`),
  ])
  const all = 'store.tasks().get().length === 6 && store.waiting().get().length === 0'
  for (const tab of [first, second]) await until(tab, all)
  expect((await client.listTasks()).count).toBe(6)
  const created = batches.flatMap((body) => body.match(/"op":"create"/g) ?? [])
  expect(created).toHaveLength(6)
  expect(new Set(streams)).toEqual(new Set([first]))
  expect(await second.evaluate('store.status().get().state')).toBe('idle')

  await first.close()
  await until(second, IS_DONE)
  await client.createTask({ text: 'other device' })
  await until(second, `texts().includes('other device')`)
  await second.evaluate(`store.createTask({ text: 'after' })`)
  await until(second, IS_DONE)
  expect((await client.listTasks()).count).toBe(8)
  await close()
}, 30_000)

test('refuses a change with an error when the disk is full', async () => {
  const { context, client, openTab, close } = await openBrowser()
  const tab = await openTab()
  const browser = await context.newCDPSession(tab)
  const { origin } = site.url
  // Set before the first write, because the browser remembers for a while how much room there is.
  await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 })
  const error = await tab.evaluate(`store.createTask({ text: 'Read' }).catch(({ name }) => name)`)
  expect(error).toBe('StorageFullError')
  expect(await tab.evaluate('store.status().get().state')).toBe('storage_full')
  expect(await tab.evaluate('texts()')).toEqual([])

  await browser.send('Storage.overrideQuotaForOrigin', { origin })
  await tab.evaluate(`store.createTask({ text: 'Read' }).then(() => store.start())`)
  await until(tab, IS_DONE)
  expect((await client.listTasks()).tasks).toMatchObject([{ text: 'Read', version: 1 }])
  await close()
}, 30_000)

test('stores nothing after it was closed, so that a page can remove what is stored', async () => {
  const { openTab, close } = await openBrowser()
  const tab = await openTab()
  await tab.evaluate(`store.createTask({ text: 'Buy milk' })`)
  const rest = await tab.evaluate(
    `(async () => {
      store.close()
      const removal = indexedDB.deleteDatabase('tasks')
      await new Promise((resolve) => (removal.onsuccess = resolve))
      await store.createTask({ text: 'Too late' }).catch(() => {})
      return (await indexedDB.databases()).length
    })()`,
  )
  expect(rest).toBe(0)
  await close()
})
