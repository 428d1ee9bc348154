import { afterAll, beforeAll, expect, test } from 'bun:test'
import {
  add,
  closeExpecting,
  type Example,
  focusedLabel,
  signUp,
  startExample,
  texts,
} from './example-page.ts'

let example: Example

beforeAll(async () => {
  example = await startExample()
}, 30_000)

afterAll(() => example[Symbol.asyncDispose]())

test('takes back deletions with a button and with the keyboard, in every window', async () => {
  const ann = await example.open()
  const { page } = ann
  await signUp(page, 'Ann')
  for (const text of ['Buy milk', 'Call mum', 'Water the plants']) await add(page, text)
  const window = await page.context().newPage()
  await window.goto(example.baseUrl)
  await window.getByText('3 open').waitFor()
  const undo = page.getByRole('button', { name: 'Undo' })

  await page.getByRole('button', { name: 'Delete Call mum' }).click()
  await window.getByText('2 open').waitFor()
  await undo.click()
  await window.getByText('3 open').waitFor()
  expect(await texts(page)).toEqual(['Water the plants', 'Call mum', 'Buy milk'])
  expect(await focusedLabel(page)).toBe('Rename Call mum')
  expect(await undo.isVisible()).toBe(false)

  await page.getByRole('button', { name: 'Delete Buy milk' }).press('Enter')
  await page.getByRole('button', { name: 'Delete Water the plants' }).press('Enter')
  await window.getByText('1 open').waitFor()
  await page.keyboard.press('Control+z')
  await page.getByText('2 open').waitFor()
  expect(await texts(page)).toEqual(['Water the plants', 'Call mum'])
  await page.keyboard.press('Control+z')
  await window.getByText('3 open').waitFor()
  expect(await texts(page)).toEqual(['Water the plants', 'Call mum', 'Buy milk'])
  expect(await focusedLabel(page)).toBe('Rename Buy milk')
  await closeExpecting(ann, [])
}, 60_000)

test('hides the button after some seconds, but still undoes with the keyboard', async () => {
  const ann = await example.open()
  const { page } = ann
  await signUp(page, 'Ann')
  await add(page, 'Buy milk')
  await page.clock.install()
  await page.getByRole('button', { name: 'Delete Buy milk' }).click()
  const undo = page.getByRole('button', { name: 'Undo' })
  await undo.waitFor()
  await page.clock.runFor(9_000)
  expect(await undo.isVisible()).toBe(true)
  await page.clock.runFor(1_000)
  await undo.waitFor({ state: 'hidden' })

  // In a text, the keys undo typing.
  await page.getByLabel('New task').pressSequentially('Cal')
  await page.keyboard.press('Control+z')
  await page.getByRole('heading', { name: 'Nothing to do' }).waitFor()
  await page.getByLabel('New task').fill('')
  await page.keyboard.press('Control+z')
  await page.getByText('1 open').waitFor()
  await closeExpecting(ann, [])
}, 60_000)
