import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import type { OpenPage } from '../support/browser.ts'
import {
  add,
  closeExpecting,
  closeExpectingOnly,
  type Example,
  REFUSED,
  rename,
  signIn,
  signUp,
  startExample,
  texts,
  UNAUTHORIZED,
  untilSent,
} from './example-page.ts'

const DISCONNECTED = 'Failed to load resource: net::ERR_INTERNET_DISCONNECTED'

let example: Example

beforeAll(async () => {
  example = await startExample({ JWT_CLOCK_TOLERANCE_SECONDS: '0' })
}, 30_000)

afterAll(() => example[Symbol.asyncDispose]())

test('shows changes without a reload in another window and on another device', async () => {
  const [device, other] = await openTwoDevices()
  const window = await device.page.context().newPage()
  await window.goto(example.baseUrl)
  const pages = [device.page, window, other.page]
  for (const page of pages) await page.getByRole('heading', { name: 'Nothing to do' }).waitFor()

  await add(device.page, 'Buy milk')
  for (const page of pages) await page.getByRole('checkbox', { name: 'Buy milk' }).waitFor()
  await window.getByRole('checkbox', { name: 'Buy milk' }).check()
  for (const page of pages) await page.locator(':checked').waitFor()
  await rename(other.page, 'Buy milk', 'Buy oat milk')
  for (const page of pages) await page.getByRole('checkbox', { name: 'Buy oat milk' }).waitFor()
  await window.getByRole('button', { name: 'Delete Buy oat milk' }).click()
  for (const page of pages) await page.getByRole('heading', { name: 'Nothing to do' }).waitFor()

  // The second window follows the changes once the first one is closed.
  await device.page.close()
  await add(other.page, 'Call mum')
  await window.getByRole('checkbox', { name: 'Call mum' }).waitFor()
  for (const one of [device, other]) await closeExpecting(one, [])
}, 60_000)

test('keeps changes that are made while Taskport is down, and sends them once', async () => {
  await using own = await startExample()
  const ann = await own.open()
  const { page } = ann
  const email = await signUp(page, 'Ann')
  await add(page, 'Before')
  await untilSent(page)

  await own.stopTaskport()
  await page.getByText('Offline', { exact: true }).waitFor()
  await add(page, 'Meanwhile')
  await page.getByRole('checkbox', { name: 'Before' }).check()
  await page.getByText('Offline, 2 changes wait', { exact: true }).waitFor()
  await page.reload()
  await page.getByText('Offline, 2 changes wait', { exact: true }).waitFor()
  await page.getByText('1 open, 1 done').waitFor()
  expect(await texts(page)).toEqual(['Meanwhile', 'Before'])
  expect(await page.getByRole('alert').textContent()).toBe('')

  await own.startTaskport()
  await untilSent(page)
  expect(await texts(page)).toEqual(['Meanwhile', 'Before'])
  const other = await own.open()
  await signIn(other.page, email)
  await other.page.getByText('1 open, 1 done').waitFor()
  expect(await texts(other.page)).toEqual(['Meanwhile', 'Before'])
  await closeExpecting(other, [])
  await closeExpectingOnly(ann, REFUSED)
}, 60_000)

test('merges texts that two devices have changed, one of them offline', async () => {
  const [device, other] = await openTwoDevices()
  const { page } = device
  await add(page, 'Buy milk')
  await add(page, 'Call mum')
  await other.page.getByRole('checkbox', { name: 'Call mum' }).waitFor()

  const requests = `${example.taskportUrl}/**`
  await page.route(requests, (route) => route.abort('internetdisconnected'))
  // Ends the stream of changes.
  await page.reload()
  await page.getByText('Offline', { exact: true }).waitFor()
  await rename(page, 'Buy milk', 'Buy oat milk')
  await rename(page, 'Call mum', 'Call dad')
  await rename(other.page, 'Buy milk', 'Buy milk today')
  await rename(other.page, 'Call mum', 'Call Joe')
  await untilSent(other.page)
  await page.unroute(requests)
  for (const one of [page, other.page]) {
    await one.getByRole('checkbox', { name: 'Buy oat milk today' }).waitFor()
    await one.getByRole('checkbox', { name: 'Call Joe / Call dad' }).waitFor()
    expect(await texts(one)).toHaveLength(2)
  }
  await closeExpecting(other, [])
  await closeExpectingOnly(device, DISCONNECTED)
}, 60_000)

test('keeps what a person types while another device changes or deletes the task', async () => {
  const [device, other] = await openTwoDevices()
  const { page } = device
  await add(page, 'Buy milk')
  await other.page.getByRole('checkbox', { name: 'Buy milk' }).waitFor()

  await page.getByText('Buy milk', { exact: true }).dblclick()
  await page.keyboard.type('Buy oat milk')
  await rename(other.page, 'Buy milk', 'Buy milk today')
  await page.getByText('Buy milk today', { exact: true }).waitFor({ state: 'attached' })
  await page.keyboard.press('Enter')
  await other.page.getByRole('checkbox', { name: 'Buy oat milk today' }).waitFor()

  await page.getByText('Buy oat milk today', { exact: true }).dblclick()
  await page.keyboard.type('Buy it')
  await other.page.getByRole('button', { name: 'Delete Buy oat milk today' }).click()
  await page.locator('#count:empty').waitFor({ state: 'attached' })
  await page.keyboard.press('Enter')
  for (const one of [page, other.page]) {
    await one.getByRole('checkbox', { name: 'Buy it' }).waitFor()
    await one.getByText('1 open').waitFor()
  }
  for (const one of [device, other]) await closeExpecting(one, [])
}, 60_000)

test('goes on with new tokens when tokens expire', async () => {
  const [device, other] = await openTwoDevices()
  const { page } = device
  const arrived = Promise.withResolvers<void>()
  let tokens = 0
  await page.route('**/api/auth/token', async (route) => {
    tokens += 1
    if (tokens === 4) arrived.resolve()
    await route.fulfill({ json: { token: await example.tokenFor(page, 1) } })
  })
  await page.reload()
  await arrived.promise
  await add(other.page, 'From elsewhere')
  await page.getByRole('checkbox', { name: 'From elsewhere' }).waitFor()
  await add(page, 'From here')
  await other.page.getByRole('checkbox', { name: 'From here' }).waitFor()
  expect(await page.getByRole('heading', { name: 'Sign in' }).isVisible()).toBe(false)
  expect(await page.getByRole('alert').textContent()).toBe('')
  await closeExpecting(other, [])
  await closeExpectingOnly(device, UNAUTHORIZED)
}, 60_000)

/** Two browsers in which the same user is signed in. */
async function openTwoDevices(): Promise<[OpenPage, OpenPage]> {
  const devices: [OpenPage, OpenPage] = [await example.open(), await example.open()]
  const email = await signUp(devices[0].page, 'Ann')
  await signIn(devices[1].page, email)
  for (const { page } of devices) await untilEmpty(page)
  return devices
}

async function untilEmpty(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Nothing to do' }).waitFor()
}
