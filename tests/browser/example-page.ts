import { expect } from 'bun:test'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { createAuth } from '../../examples/better-auth/auth.ts'
import { startServer } from '../../examples/better-auth/server.ts'
import { type OpenPage, openPage } from '../support/browser.ts'
import { freePort } from '../support/port.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'

export const PASSWORD = 'correct horse battery staple'

// Chromium's own console messages.
export const REFUSED = 'Failed to load resource: net::ERR_CONNECTION_REFUSED'
export const UNAUTHORIZED =
  'Failed to load resource: the server responded with a status of 401 (Unauthorized)'

export type Example = Awaited<ReturnType<typeof startExample>>

let users = 0

/** Starts the example with a Taskport that can be stopped and started again. */
export async function startExample(environment: Readonly<Record<string, string>> = {}) {
  const cleanUp = new AsyncDisposableStack()
  const baseUrl = `http://localhost:${await freePort()}`
  const port = await freePort()
  const data = cleanUp.use(await temporaryDirectory()).path
  const taskportUrl = `http://127.0.0.1:${port}`
  let taskport: ServiceProcess

  async function start(): Promise<void> {
    taskport = await startService({
      directory: data,
      environment: {
        BETTER_AUTH_URL: baseUrl,
        CORS_ORIGINS: baseUrl,
        DATABASE_URL: 'sqlite:./tasks.db',
        PORT: `${port}`,
        ...environment,
      },
    })
  }

  await start()
  cleanUp.defer(() => taskport[Symbol.asyncDispose]())
  const auth = await createAuth({
    baseUrl,
    taskportUrl,
    secret: 'a-secret-that-is-only-good-for-tests',
    databasePath: join(data, 'auth.db'),
  })
  const server = startServer({ auth, baseUrl, taskportUrl })
  cleanUp.defer(() => server.stop(true))

  return {
    baseUrl,
    taskportUrl,
    auth,
    startTaskport: start,

    async stopTaskport(): Promise<void> {
      expect(await taskport.stop('SIGTERM')).toBe(0)
    },

    /** Opens the page in a browser with empty storage. */
    async open(options: BrowserContextOptions = {}): Promise<OpenPage> {
      const opened = await openPage(options)
      await opened.page.goto(baseUrl)
      return opened
    },

    /** A token of the signed-in user that expires after this time, which may have passed. */
    async tokenFor(page: Page, seconds: number): Promise<string> {
      const session = await page.context().request.get(`${baseUrl}/api/auth/get-session`)
      const exp = Date.now() / 1000 + seconds
      const payload = { sub: (await session.json()).user.id, exp }
      return (await auth.api.signJWT({ body: { payload } })).token
    },

    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  }
}

export function addressOf(name: string): string {
  users += 1
  return `${name.toLowerCase()}-${users}@people.example`
}

export async function signUp(page: Page, name: string): Promise<string> {
  const email = addressOf(name)
  await page.getByRole('button', { name: 'Create an account' }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByText(name, { exact: true }).waitFor()
  return email
}

export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
}

export async function add(page: Page, text: string): Promise<void> {
  await page.getByLabel('New task').fill(text)
  await page.keyboard.press('Enter')
  await page.getByRole('checkbox', { name: text, exact: true }).waitFor()
}

export async function rename(page: Page, text: string, newText: string): Promise<void> {
  await page.getByText(text, { exact: true }).dblclick()
  await page.keyboard.type(newText)
  await page.keyboard.press('Enter')
  await page.getByRole('checkbox', { name: newText, exact: true }).waitFor()
}

/** Waits until no change waits to be sent. */
export async function untilSent(page: Page): Promise<void> {
  await page.locator('#connection:empty').waitFor({ state: 'attached' })
}

export function texts(page: Page): Promise<string[]> {
  return page.locator('[data-part="text"]').allInnerTexts()
}

export function focusedLabel(page: Page): Promise<unknown> {
  return page.evaluate('document.activeElement.ariaLabel')
}

/** The names of what the page has stored in this browser. */
export function storedNames(page: Page): Promise<unknown> {
  return page.evaluate('indexedDB.databases().then((all) => all.map(({ name }) => name))')
}

/** Waits until the page has nothing stored in this browser. */
export async function untilNothingStored(page: Page): Promise<void> {
  await page.evaluate(`(async () => { while ((await indexedDB.databases()).length > 0); })()`)
}

/** Closes the page and expects exactly these console errors. */
export async function closeExpecting(opened: OpenPage, errors: string[]): Promise<void> {
  await opened.close()
  expect(opened.errors).toEqual(errors)
  expect(opened.blockedRequests).toEqual([])
}

/** Closes the page and expects this console error, as often as requests failed. */
export async function closeExpectingOnly(opened: OpenPage, error: string): Promise<void> {
  await opened.close()
  expect([...new Set(opened.errors)]).toEqual([error])
}
