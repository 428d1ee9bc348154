import { afterAll, beforeAll, expect, test } from 'bun:test'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { freePort } from '../support/port.ts'
import { startService, temporaryDirectory } from '../support/process.ts'
import {
  add,
  addressOf,
  closeExpecting,
  closeExpectingOnly,
  type Example,
  focusedLabel,
  PASSWORD,
  REFUSED,
  signIn,
  signUp,
  startExample,
  texts,
  UNAUTHORIZED,
  untilSent,
} from './example-page.ts'

let example: Example

beforeAll(async () => {
  example = await startExample()
}, 30_000)

afterAll(() => example[Symbol.asyncDispose]())

test('shows two users who work at the same time only their own tasks', async () => {
  const [ann, bob] = [await example.open(), await example.open()]
  await signUp(ann.page, 'Ann')
  await signUp(bob.page, 'Bob')

  await ann.page.getByRole('heading', { name: 'Nothing to do' }).waitFor()
  for (const text of ['Buy milk', 'Call mum', '<img src="/icon.svg" onerror="alert(1)">'])
    await add(ann.page, text)
  await add(bob.page, 'Feed the cat')
  await add(bob.page, 'Wash the car')
  expect(await texts(ann.page)).toEqual([
    '<img src="/icon.svg" onerror="alert(1)">',
    'Call mum',
    'Buy milk',
  ])
  expect(await texts(bob.page)).toEqual(['Wash the car', 'Feed the cat'])

  await ann.page.getByRole('checkbox', { name: 'Buy milk' }).check()
  await ann.page.getByText('2 open, 1 done').waitFor()
  await bob.page.getByRole('checkbox', { name: 'Feed the cat' }).check()
  await bob.page.getByRole('checkbox', { name: 'Feed the cat' }).uncheck()

  // Ann uses the mouse, Bob only the keyboard.
  await ann.page.getByText('Call mum').dblclick()
  await ann.page.keyboard.type('Call mum and dad')
  await ann.page.keyboard.press('Enter')
  await ann.page.getByRole('checkbox', { name: 'Call mum and dad' }).waitFor()
  await bob.page.getByRole('button', { name: 'Rename Wash the car' }).press('Enter')
  await bob.page.keyboard.type('Sell the car')
  await bob.page.keyboard.press('Escape')
  expect(await focusedLabel(bob.page)).toBe('Rename Wash the car')

  await ann.page.getByRole('button', { name: 'Delete <img' }).click()
  await ann.page.getByText('1 open, 1 done').waitFor()
  expect(await focusedLabel(ann.page)).toBe('Delete Call mum and dad')
  await bob.page.getByRole('button', { name: 'Delete Feed the cat' }).press('Enter')
  await bob.page.getByText('1 open').waitFor()

  for (const { page } of [ann, bob]) await page.reload()
  await ann.page.getByText('1 open, 1 done').waitFor()
  expect(await texts(ann.page)).toEqual(['Call mum and dad', 'Buy milk'])
  expect(await ann.page.getByRole('checkbox', { name: 'Buy milk' }).isChecked()).toBe(true)
  await bob.page.getByText('1 open').waitFor()
  expect(await texts(bob.page)).toEqual(['Wash the car'])
  for (const person of [ann, bob]) await closeExpecting(person, [])
}, 60_000)

test('keeps the session after a reload, and removes all tasks from the page at sign-out', async () => {
  const ann = await example.open()
  const { page } = ann
  const email = await signUp(page, 'Ann')
  await add(page, 'Secret of Ann')
  await page.reload()
  await page.getByText('Secret of Ann').waitFor()

  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(await page.content()).not.toContain('Secret of Ann')
  await page.reload()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()

  await signIn(page, email, 'a wrong password')
  await page.getByText('Invalid email or password').waitFor()
  await signIn(page, email)
  await page.getByText('Secret of Ann').waitFor()
  expect(await page.getByRole('alert').textContent()).toBe('')
  await closeExpecting(ann, [UNAUTHORIZED])
}, 60_000)

test('renews an expired token without a message', async () => {
  const ann = await example.open()
  const { page } = ann
  await signUp(page, 'Ann')
  await add(page, 'Buy milk')
  await giveTokenOnce(page, await example.tokenFor(page, -3600))
  await page.reload()
  await page.getByText('Buy milk').waitFor()
  await add(page, 'Call mum')
  expect(await page.getByRole('alert').textContent()).toBe('')
  await closeExpectingOnly(ann, UNAUTHORIZED)
}, 60_000)

test('shows the sign-in form when the session has ended', async () => {
  const ann = await example.open()
  const { page } = ann
  const email = await signUp(page, 'Ann')
  await giveTokenOnce(page, await example.tokenFor(page, -3600), () =>
    page.context().clearCookies(),
  )
  await page.reload()
  await page.getByRole('alert').getByText('Your session has ended').waitFor()
  await signIn(page, email)
  await add(page, 'Buy milk')
  await closeExpectingOnly(ann, UNAUTHORIZED)
}, 60_000)

test('does not send a change as another user who signed in on another tab', async () => {
  const ann = await example.open()
  const { page } = ann
  await signUp(page, 'Ann')
  const email = addressOf('Bob')
  await example.auth.api.signUpEmail({ body: { name: 'Bob', email, password: PASSWORD } })
  await giveTokenOnce(page, await example.tokenFor(page, -3600), async () => {
    const url = `${example.baseUrl}/api/auth/sign-in/email`
    const headers = { origin: example.baseUrl }
    await page.context().request.post(url, { data: { email, password: PASSWORD }, headers })
  })
  await page.reload()
  await page.getByRole('alert').getByText('Another user has signed in').waitFor()
  await page.reload()
  await page.getByText('Bob', { exact: true }).waitFor()
  await closeExpectingOnly(ann, UNAUTHORIZED)
}, 60_000)

test('shows the validation error and keeps the invalid text', async () => {
  const ann = await example.open()
  const { page } = ann
  await signUp(page, 'Ann')
  await page.getByLabel('New task').fill('x'.repeat(501))
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('text: must be 1 to 500 characters').waitFor()
  expect(await page.getByLabel('New task').inputValue()).toBe('x'.repeat(501))
  await closeExpecting(ann, [])
}, 60_000)

test('keeps the user signed in while the server of the page does not answer', async () => {
  const ann = await example.open()
  const { page } = ann
  await signUp(page, 'Ann')
  await add(page, 'Buy milk')
  await untilSent(page)
  const withoutTokens = '**/api/auth/token'
  await page.route(withoutTokens, (route) => route.abort('connectionrefused'))
  await page.route('**/api/auth/get-session', (route) => route.abort('connectionrefused'), {
    times: 1,
  })
  await page.reload()
  await page.getByRole('alert').getByText('does not answer').waitFor()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Offline', { exact: true }).waitFor()
  await add(page, 'Call mum')
  await page.unroute(withoutTokens)
  await untilSent(page)
  expect(await texts(page)).toEqual(['Call mum', 'Buy milk'])
  expect(await page.getByRole('alert').textContent()).toBe('')
  await ann.close()
  expect([...new Set(ann.errors)]).toEqual([REFUSED])
}, 60_000)

test('starts and stops both servers with one command, and keeps their data', async () => {
  await using directory = await temporaryDirectory()
  const [port, taskportPort] = [await freePort(), await freePort()]
  const front = `http://localhost:${port}`
  const back = `http://127.0.0.1:${taskportPort}`
  const start = () =>
    startService(
      {
        directory: directory.path,
        program: [process.execPath, join(import.meta.dir, '../../examples/better-auth/main.ts')],
        environment: { PORT: `${port}`, TASKPORT_URL: back, DATA_DIRECTORY: directory.path },
      },
      /Open http:\/\/localhost:(\d+)/,
    )
  let session: string | null
  {
    await using running = await start()
    const page = await fetch(front)
    expect(await page.text()).toContain(`content="${back}"`)
    expect(page.headers.get('content-security-policy')).toContain(`connect-src 'self' ${back};`)
    const signedUp = await fetch(`${front}/api/auth/sign-up/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: front },
      body: JSON.stringify({ name: 'Ann', email: addressOf('Ann'), password: PASSWORD }),
    })
    session = signedUp.headers.get('set-auth-token')
    expect((await stat(join(directory.path, 'auth.secret'))).mode & 0o777).toBe(0o600)
    expect(await running.stop('SIGINT')).toBe(0)
  }
  await expect(fetch(front)).rejects.toThrow()
  await expect(fetch(back)).rejects.toThrow()

  await using running = await start()
  const given = await fetch(`${front}/api/auth/token`, {
    headers: { authorization: `Bearer ${session}` },
  })
  const { token }: { token: string } = Object(await given.json())
  const created = await fetch(`${back}/tasks`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      origin: front,
    },
    body: '{"text":"Buy milk"}',
  })
  expect(created.status).toBe(201)
  expect(created.headers.get('access-control-allow-origin')).toBe(front)
  expect(await running.stop('SIGTERM')).toBe(0)
}, 60_000)

/** Answers the next token request of the page with this token, after `meanwhile`. */
function giveTokenOnce(page: Page, token: string, meanwhile = async () => {}): Promise<unknown> {
  return page.route(
    '**/api/auth/token',
    async (route) => {
      await meanwhile()
      await route.fulfill({ json: { token } })
    },
    { times: 1 },
  )
}
