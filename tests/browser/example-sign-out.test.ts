import { afterAll, beforeAll, expect, test } from 'bun:test'
import {
  add,
  closeExpecting,
  type Example,
  REFUSED,
  signIn,
  signUp,
  startExample,
  storedNames,
  texts,
  untilNothingStored,
  untilSent,
} from './example-page.ts'

let example: Example

beforeAll(async () => {
  example = await startExample()
}, 30_000)

afterAll(() => example[Symbol.asyncDispose]())

test('signs out in all windows, and removes what is stored in the browser', async () => {
  const ann = await example.open()
  const { page } = ann
  await signUp(page, 'Ann')
  await add(page, 'Secret of Ann')
  const window = await page.context().newPage()
  await window.goto(example.baseUrl)
  await window.getByText('Secret of Ann', { exact: true }).waitFor()
  expect(await storedNames(page)).toHaveLength(1)

  await window.getByRole('button', { name: 'Sign out' }).click()
  for (const one of [page, window]) {
    await one.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await one.content()).not.toContain('Secret of Ann')
  }
  await untilNothingStored(page)
  await closeExpecting(ann, [])
}, 60_000)

test('shows another user of the same browser nothing, and sends what waited for the first', async () => {
  await using own = await startExample()
  const browser = await own.open()
  const { page } = browser
  const email = await signUp(page, 'Ann')
  await add(page, 'Secret of Ann')
  await untilSent(page)
  await own.stopTaskport()
  await add(page, 'Waits')
  await page.getByText('Offline, 1 change waits').waitFor()

  // Her session ends, so she has no chance to sign out.
  await page.context().clearCookies()
  await page.reload()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await own.startTaskport()
  await signUp(page, 'Bob')
  await page.getByRole('heading', { name: 'Nothing to do' }).waitFor()
  expect(await page.content()).not.toMatch(/Secret|Waits/)
  await page.getByRole('button', { name: 'Sign out' }).click()

  await signIn(page, email)
  await page.getByText('2 open').waitFor()
  await untilSent(page)
  expect(await texts(page)).toEqual(['Waits', 'Secret of Ann'])
  const other = await own.open()
  await signIn(other.page, email)
  await other.page.getByText('2 open').waitFor()
  await closeExpecting(other, [])
  await browser.close()
  expect(new Set(browser.errors)).toEqual(new Set([REFUSED]))
}, 60_000)

test('asks before changes are lost with a sign-out', async () => {
  await using own = await startExample()
  const ann = await own.open()
  const { page } = ann
  await signUp(page, 'Ann')
  await page.getByRole('heading', { name: 'Nothing to do' }).waitFor()
  await own.stopTaskport()
  await add(page, 'Waits')

  for (const answer of ['dismiss', 'accept'] as const) {
    await page.getByText('Offline, 1 change waits').waitFor()
    const dialog = page.waitForEvent('dialog')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await (await dialog)[answer]()
  }
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await untilNothingStored(page)
  await ann.close()
}, 60_000)
