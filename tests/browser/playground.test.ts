import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { dayFromNow } from '../../playground/page/format.ts'
import {
  add,
  openPlayground,
  partsOf,
  rename,
  task,
  toggle,
  untilOpen,
  untilState,
  upToDate,
} from './playground-page.ts'

setDefaultTimeout(60_000)

test('shows on the other device what one device says about a task', async () => {
  await using playground = await openPlayground()
  const { laptop, phone, demo } = playground
  await laptop.getByRole('button', { name: 'New list' }).click()
  await laptop.getByRole('textbox', { name: 'Name of the new list' }).fill('Garden')
  await laptop.getByRole('textbox', { name: 'Name of the new list' }).press('Enter')
  await laptop.getByRole('button', { name: 'Garden, rename the list' }).waitFor()
  await laptop.getByRole('button', { name: 'All', exact: true }).click()
  await add(laptop, 'Water the plants')
  await rename(laptop, 'Water the plants', 'Water all plants')
  await laptop.getByRole('button', { name: 'Details of Water all plants' }).click()
  const details = laptop.getByRole('region', { name: 'Details of Water all plants' })
  await details.getByLabel('Description').fill('The ferns, too')
  const day = dayFromNow(new Date(), 1)
  await details.getByLabel('Due').fill(day)
  await details.getByLabel('Time of day').fill('18:30')
  await details.getByLabel('Repeat').selectOption({ label: 'Every week' })
  await details.getByRole('radio', { name: 'High' }).click()
  await details.getByLabel('Tags').fill('#home garden')
  await details.getByLabel('List').selectOption({ label: 'Garden' })
  for (const text of ['Ferns', 'Palms']) {
    await details.getByRole('textbox', { name: 'Add a subtask' }).fill(text)
    await details.getByRole('textbox', { name: 'Add a subtask' }).press('Enter')
  }
  await details.getByRole('checkbox', { name: 'Complete Ferns' }).click()

  await phone.getByRole('button', { name: 'Garden 1' }).click()
  await phone.getByText('Tomorrow, 18:30').waitFor()
  await phone.getByText('Every week').waitFor()
  await phone.getByText('#garden').waitFor()
  await phone.getByText('1/2').waitFor()
  await upToDate(laptop)
  const { tasks } = await demo.client.listTasks({ parent: 'none' })
  expect(tasks).toMatchObject([
    {
      text: 'Water all plants',
      description: 'The ferns, too',
      due: `${day}T18:30`,
      priority: 'high',
      tags: ['home', 'garden'],
      recurrence: { rule: 'FREQ=WEEKLY', from: 'due' },
    },
  ])
  await phone.getByRole('checkbox', { name: 'Complete Water all plants' }).click()
  // The next one, a week later.
  await laptop.getByRole('button', { name: 'Garden 1' }).waitFor()
  await laptop.getByText('1 completed task').waitFor()
})

test('asks for a text in words for people', async () => {
  await using playground = await openPlayground()
  const { laptop } = playground
  await add(laptop, '  ')
  expect(await laptop.getByRole('alert').textContent()).toBe('Write something first')
  await add(laptop, 'x'.repeat(501))
  expect(await laptop.getByRole('alert').textContent()).toBe('That is 1 character too long')
})

test('keeps the edits of two devices that were offline', async () => {
  await using playground = await openPlayground()
  const { page, laptop, phone, demo } = playground
  await add(laptop, 'Buy milk')
  await task(phone, 'Buy milk').waitFor()
  await toggle(laptop)
  await toggle(phone)
  await rename(laptop, 'Buy milk', 'Buy oat milk')
  await add(laptop, 'From the laptop')
  await rename(phone, 'Buy milk', 'Buy milk today')
  await phone.getByRole('button', { name: 'Details of Buy milk today' }).click()
  await phone.getByRole('radio', { name: 'High' }).click()
  await untilState(laptop, 'Offline, 2 waiting')
  await untilState(phone, 'Offline, 2 waiting')
  await laptop.getByText('2 changes waiting to be sent').click()
  await laptop.getByText('Rename to “Buy oat milk”').waitFor()
  await laptop.getByText('Create “From the laptop”').waitFor()

  await toggle(laptop)
  await toggle(phone)
  for (const device of [laptop, phone]) {
    for (const text of ['Buy oat milk today', 'From the laptop']) await task(device, text).waitFor()
    await upToDate(device)
  }
  const { tasks } = await demo.client.listTasks()
  expect(tasks.map(({ text, priority }) => [text, priority])).toStrictEqual([
    ['From the laptop', 'none'],
    ['Buy oat milk today', 'high'],
  ])
  await page.getByRole('button', { name: 'Compare both copies' }).click()
  await page.getByText('Nothing is lost: both devices have the service’s 2 tasks.').waitFor()
})

test('edits one task on both devices at once, and shows what became of it', async () => {
  await using playground = await openPlayground()
  const { trouble, laptop, phone, wire } = playground
  await trouble.getByRole('button', { name: 'Edit the same task' }).click()
  await trouble.getByText('Both have').waitFor()
  const text = 'Today: Buy bread (by noon)'
  expect(await trouble.getByRole('definition').allTextContents()).toStrictEqual([
    'Buy bread',
    'Buy bread (by noon) · high priority',
    'Today: Buy bread · due today',
    `${text} · due today · high priority`,
  ])
  for (const device of [laptop, phone]) await task(device, text).waitFor()
  await wire.getByText('Another device was faster').waitFor()
})

test('does nothing twice and loses nothing when every second answer is lost', async () => {
  await using playground = await openPlayground()
  const { page, trouble, proof, wire, laptop, phone, demo } = playground
  await trouble.getByRole('switch', { name: 'Lose every second answer' }).click()
  const texts = ['One', 'Two', 'Three', 'Four']
  for (const text of texts) {
    await add(laptop, text)
    await task(phone, text).waitFor()
  }
  await upToDate(laptop)
  await wire.getByText('Idempotency-Replayed true').first().waitFor()
  await wire.getByText('did nothing twice').first().waitFor()
  expect((await demo.client.listTasks()).tasks.map(({ text }) => text).sort()).toStrictEqual(
    texts.toSorted(),
  )
  await proof.getByRole('button', { name: 'Compare' }).click()
  await page.getByText('Nothing is lost').waitFor()
  const numbers = await proof.locator('.numbers div').allTextContents()
  expect(numbers).toContain('changes made4')
  expect(numbers).toContain('done twice0')
  expect(numbers).not.toContain('recognized0')
})

test('keeps changes while the service is unavailable, and sends them afterwards', async () => {
  await using playground = await openPlayground()
  const { trouble, wire, laptop, phone, demo } = playground
  const unavailable = trouble.getByRole('switch', { name: 'Service unavailable' })
  await unavailable.click()
  await add(laptop, 'Buy milk')
  await laptop.getByText('1 change waiting to be sent').waitFor()
  await wire.getByText('503').first().waitFor()
  expect((await demo.client.listTasks()).count).toBe(0)
  await unavailable.click()
  await task(phone, 'Buy milk').waitFor()
})

test('shows changes at once on a slow connection', async () => {
  await using playground = await openPlayground()
  const { trouble, laptop, phone, wire } = playground
  await trouble.getByRole('switch', { name: 'Slow connection' }).click()
  await add(laptop, 'Buy milk')
  await task(laptop, 'Buy milk').waitFor()
  await untilState(laptop, 'Syncing')
  await task(phone, 'Buy milk').waitFor()
  await wire.getByRole('button', { name: /POST \/tasks\/batch 200 2\d{3} ms/ }).waitFor()
})

test('keeps what waits over a reload, and stays offline', async () => {
  await using playground = await openPlayground()
  const { page, laptop, phone, demo } = playground
  await add(laptop, 'Buy milk')
  await task(phone, 'Buy milk').waitFor()
  await toggle(laptop)
  await add(laptop, 'Buy bread')
  await laptop.getByRole('checkbox', { name: 'Complete Buy milk' }).click()
  await untilState(laptop, 'Offline, 2 waiting')
  await page.reload()
  await untilState(laptop, 'Offline, 2 waiting')
  await untilOpen(laptop, ['Buy bread'])
  await untilOpen(phone, ['Buy milk'])
  await toggle(laptop)
  await untilOpen(phone, ['Buy bread'])
  expect((await demo.client.listTasks()).count).toBe(2)
})

test('does nothing twice when it is reloaded before the answer', async () => {
  await using playground = await openPlayground()
  const { page, trouble, laptop, phone, demo } = playground
  await trouble.getByRole('switch', { name: 'Slow connection' }).click()
  await add(laptop, 'Buy milk')
  await playground.wire.getByText('on its way').first().waitFor()
  await page.reload()
  await task(phone, 'Buy milk').waitFor()
  await upToDate(laptop)
  expect((await demo.client.listTasks()).count).toBe(1)
})

test('shows the same in two tabs, and sends each change once', async () => {
  await using playground = await openPlayground()
  const { page, laptop, demo } = playground
  const second = await page.context().newPage()
  await second.goto(demo.url)
  const other = partsOf(second)
  await upToDate(other.laptop)
  await Promise.all([add(laptop, 'From the first tab'), add(other.laptop, 'From the second tab')])
  for (const device of [laptop, other.laptop, playground.phone, other.phone])
    for (const text of ['From the first tab', 'From the second tab']) {
      await task(device, text).first().waitFor()
      // A tab may hear of the created task a moment before it hears that the change is done.
      await task(device, text).nth(1).waitFor({ state: 'detached' })
    }
  await toggle(other.laptop)
  await untilState(laptop, 'Offline')
  await add(laptop, 'Offline in both')
  await task(other.laptop, 'Offline in both').waitFor()
  // The tab that remains sends it.
  await page.close()
  await toggle(other.laptop)
  await task(other.phone, 'Offline in both').waitFor()
  expect((await demo.client.listTasks()).count).toBe(3)
})

describe('the trash', () => {
  test('takes a task back from the message, and from its own list', async () => {
    await using playground = await openPlayground()
    const { laptop, phone } = playground
    await add(laptop, 'Buy milk')
    await task(phone, 'Buy milk').waitFor()
    await laptop.getByRole('button', { name: 'Details of Buy milk' }).click()
    await laptop.getByRole('button', { name: 'Move to the trash' }).click()
    await laptop.getByText('“Buy milk” is in the trash').waitFor()
    await phone.getByText('Nothing to do here').waitFor()
    await laptop.getByRole('button', { name: 'Undo' }).click()
    await task(phone, 'Buy milk').waitFor()

    await task(phone, 'Buy milk').press('Delete')
    await phone.getByRole('button', { name: 'Trash' }).click()
    await phone.getByRole('button', { name: 'Restore Buy milk' }).click()
    await task(laptop, 'Buy milk').waitFor()
  })

  test('deletes a task for good', async () => {
    await using playground = await openPlayground()
    const { laptop, demo } = playground
    await add(laptop, 'Buy milk')
    await task(laptop, 'Buy milk').press('Delete')
    await laptop.getByRole('button', { name: 'Trash' }).click()
    await laptop.getByRole('button', { name: 'Delete Buy milk for good' }).click()
    await laptop.getByText('The trash is empty').waitFor()
    await upToDate(laptop)
    expect((await demo.client.listTasks({ deleted: 'only' })).count).toBe(0)
  })
})

test('keeps a list chosen when the service gives it an id, and until another device deletes it', async () => {
  await using playground = await openPlayground()
  const { laptop, phone } = playground
  await toggle(laptop)
  await laptop.getByRole('button', { name: 'New list' }).click()
  await laptop.getByRole('textbox', { name: 'Name of the new list' }).fill('Garden')
  await laptop.getByRole('textbox', { name: 'Name of the new list' }).press('Enter')
  const chosen = laptop.locator('.view[aria-current]')
  await chosen.getByText('Garden').waitFor()
  await toggle(laptop)
  await phone.getByRole('button', { name: 'Garden' }).waitFor()
  await upToDate(laptop)
  await add(laptop, 'Water the plants')
  await phone.getByRole('button', { name: 'Garden 1' }).click()
  await untilOpen(phone, ['Water the plants'])
  await chosen.getByText('Garden').waitFor()
  await phone.getByRole('button', { name: 'Delete list' }).click()
  await chosen.getByText('All').waitFor()
  await laptop.getByText('Nothing to do here').waitFor()
  await phone.locator('.view[aria-current]:focus').getByText('All').waitFor()
})

test('finds tasks of all lists', async () => {
  await using playground = await openPlayground()
  const { page, laptop, phone } = playground
  await page.getByRole('button', { name: 'Add sample tasks' }).click()
  await task(phone, 'Call Grandma').waitFor()
  await phone.getByRole('searchbox').fill('plum CAKE')
  await untilOpen(phone, ['Call Grandma'])
  await phone.getByRole('searchbox').fill('zebra')
  await phone.getByText('Nothing contains “zebra”').waitFor()
  await laptop.getByRole('button', { name: 'Groceries 4' }).click()
  await untilOpen(laptop, ['Bread', 'Tomatoes', 'Olive oil', 'Coffee'])
  await rename(laptop, 'Bread', 'Rye bread')
  await laptop.getByRole('button', { name: 'Delete list' }).click()
  await phone.getByRole('searchbox').fill('')
  await phone.getByRole('button', { name: 'Groceries' }).waitFor({ state: 'detached' })
})
