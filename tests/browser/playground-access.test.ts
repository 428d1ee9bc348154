import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { add, openPlayground, task, untilOpen } from './playground-page.ts'

setDefaultTimeout(60_000)

const DESKTOP = { width: 1280, height: 900 }
const PHONE = { width: 390, height: 844 }

/** What axe finds, as the rule and the element. */
async function problems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found = await page.evaluate(`axe.run().then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) =>
      [id, html.slice(0, 120), failureSummary].join(' · '))))`)
  return Array.from(Object(found), String)
}

describe.each([
  ['light', DESKTOP],
  ['light', PHONE],
  ['dark', DESKTOP],
  ['dark', PHONE],
] as const)('in %s colors at %j', (colorScheme, viewport) => {
  test('axe finds nothing', async () => {
    await using playground = await openPlayground({ colorScheme, viewport })
    const { page, laptop, phone, trouble, proof, wire } = playground
    expect(await problems(page)).toStrictEqual([])
    await page.getByRole('button', { name: 'Add sample tasks' }).click()
    await task(phone, 'Call Grandma').waitFor()
    await trouble.getByRole('button', { name: 'Edit the same task' }).click()
    await trouble.getByText('Both have').waitFor()
    await proof.getByRole('button', { name: 'Compare' }).click()
    await proof.getByText('Nothing is lost').waitFor()
    for (const device of [laptop, phone])
      await device.getByRole('button', { name: 'Details of Pack' }).click()
    await phone.getByRole('checkbox', { name: 'Complete Bread' }).click()
    await phone.getByText('1 completed task').click()
    await laptop.getByRole('switch', { name: 'Online' }).click()
    await task(laptop, 'Tomatoes').press('Delete')
    await laptop.getByText('1 change waiting').click()
    await add(laptop, '')
    await laptop.getByRole('alert').waitFor()
    await wire.locator('.entry .head').first().click()
    await wire.getByRole('button', { name: 'POST /tasks/batch' }).first().click()
    expect(await problems(page)).toStrictEqual([])
    await laptop.getByRole('button', { name: 'Trash', exact: true }).click()
    await page.getByRole('button', { name: 'Keyboard' }).click()
    expect(await problems(page)).toStrictEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('radio', { name: 'Guest' }).click()
    await page.getByRole('button', { name: 'Ask for it by its id' }).waitFor()
    expect(await problems(page)).toStrictEqual([])
  })
})

test('axe finds nothing where a browser is not signed in', async () => {
  await using playground = await openPlayground()
  const { page } = playground
  await page.evaluate('localStorage.clear()')
  await page.reload()
  await page.getByRole('heading', { name: 'One more step' }).waitFor()
  expect(await problems(page)).toStrictEqual([])
})

test.each([320, 390, 768, 1024, 1280, 1920, 3840])(
  'fits into a window of %d pixels',
  async (width) => {
    await using playground = await openPlayground({ viewport: { width, height: 900 } })
    const { page, phone } = playground
    await page.getByRole('button', { name: 'Add sample tasks' }).click()
    await task(phone, 'Call Grandma').waitFor()
    await phone.getByRole('button', { name: 'Details of Pack' }).click()
    await add(phone, 'Donaudampfschifffahrtsgesellschaft'.repeat(10))
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    const hidden = await page
      .locator('.scroller, .device > *')
      .evaluateAll(
        (elements) =>
          elements.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1).length,
      )
    expect(hidden).toBe(0)
  },
)

test('a finger hits everything', async () => {
  await using playground = await openPlayground({ viewport: PHONE, hasTouch: true, isMobile: true })
  const { page, phone } = playground
  await page.getByRole('button', { name: 'Add sample tasks' }).click()
  await task(phone, 'Call Grandma').waitFor()
  await phone.getByRole('button', { name: 'Details of Pack' }).click()
  await phone.getByRole('switch', { name: 'Online' }).click()
  await phone.getByRole('checkbox', { name: 'Complete Bread' }).click()
  await phone.getByText('1 change waiting').waitFor()
  await phone.getByText('1 completed task').waitFor()
  const small = await page
    .locator(
      'button, select, summary, input:not([type=checkbox], [type=radio]), .tick, .switch, .segments label, .jump a, a.quiet',
    )
    .evaluateAll((elements) =>
      elements.flatMap((element) => {
        const { width, height } = element.getBoundingClientRect()
        const isDrawn = width > 0
        const isSmall =
          Math.round(height) < 44 || (Math.round(width) < 44 && !element.matches('.handle'))
        return isDrawn && isSmall ? [`${element.outerHTML.slice(0, 90)} ${width}x${height}`] : []
      }),
    )
  expect(small).toStrictEqual([])
})

describe('the keyboard', () => {
  test('moves tasks, keeps the focus and says where they are', async () => {
    await using playground = await openPlayground()
    const { page, laptop, phone } = playground
    for (const text of ['Three', 'Two', 'One']) await add(laptop, text)
    await untilOpen(phone, ['One', 'Two', 'Three'])
    await laptop.getByRole('button', { name: 'Move One' }).focus()
    await page.keyboard.press('ArrowDown')
    await laptop.getByText('One, now 2 of 3').waitFor()
    await page.keyboard.press('ArrowDown')
    await laptop.getByText('One, now 3 of 3').waitFor()
    await untilOpen(phone, ['Two', 'Three', 'One'])
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await untilOpen(phone, ['One', 'Two', 'Three'])
    await focusIs(page, 'Move One: arrow keys')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await untilOpen(phone, ['Two', 'Three', 'One'])
    await page.keyboard.press('ArrowDown')
    await laptop.getByText('One is already last').waitFor()

    await task(laptop, 'Three').focus()
    await page.keyboard.press('Alt+ArrowUp')
    await untilOpen(phone, ['Three', 'Two', 'One'])
    await laptop.getByText('Three, now 1 of 3').waitFor()
  })

  test('does everything else, and never loses its place', async () => {
    await using playground = await openPlayground()
    const { page, laptop } = playground
    await laptop.getByRole('button', { name: 'Inbox' }).focus()
    await page.keyboard.press('n')
    expect(await focused(page)).toBe('Add a task')
    for (const text of ['Three', 'Two', 'One']) {
      await page.keyboard.type(text)
      await page.keyboard.press('Enter')
    }
    await untilOpen(laptop, ['One', 'Two', 'Three'])
    await task(laptop, 'One').focus()
    await page.keyboard.press('F2')
    await page.keyboard.type('First')
    await page.keyboard.press('Enter')
    await untilOpen(laptop, ['First', 'Two', 'Three'])
    await focusIs(page, 'First, rename')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Nothing')
    await page.keyboard.press('Escape')
    await focusIs(page, 'First, rename')
    await page.keyboard.press('Delete')
    await focusIs(page, 'Two, rename')
    await untilOpen(laptop, ['Two', 'Three'])
    await page.keyboard.press('z')
    await untilOpen(laptop, ['First', 'Two', 'Three'])
    await laptop.getByRole('checkbox', { name: 'Complete Three' }).focus()
    await page.keyboard.press('Space')
    await focusIs(page, 'Complete Two')
    await laptop.getByText('1 completed task').click()
    await laptop.getByRole('checkbox', { name: 'Complete Three' }).focus()
    await page.keyboard.press('Space')
    await untilOpen(laptop, ['First', 'Two', 'Three'])
    await focusIs(page, 'Complete Three')
    await page.keyboard.press('/')
    await page.keyboard.type('first')
    await untilOpen(laptop, ['First'])
  })
})

test('drags a task to another place, and puts it back with Escape', async () => {
  await using playground = await openPlayground()
  const { page, laptop, phone } = playground
  for (const text of ['Three', 'Two', 'One']) await add(laptop, text)
  await untilOpen(laptop, ['One', 'Two', 'Three'])
  async function dragToEnd(text: string): Promise<void> {
    const from = await laptop.getByRole('button', { name: `Move ${text}` }).boundingBox()
    const to = await laptop.getByRole('list', { name: 'Open tasks' }).boundingBox()
    if (!from || !to) throw new Error('The rows are not drawn')
    await page.mouse.move(from.x + 5, from.y + 5)
    await page.mouse.down()
    await page.mouse.move(from.x + 5, to.y + to.height + 20, { steps: 5 })
  }
  await dragToEnd('One')
  await page.mouse.up()
  await untilOpen(phone, ['Two', 'Three', 'One'])
  await dragToEnd('Two')
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await untilOpen(laptop, ['Two', 'Three', 'One'])
})

test('a screen reader gets names, states and structure', async () => {
  await using playground = await openPlayground()
  const { page, laptop, phone, trouble } = playground
  await add(laptop, 'Buy milk')
  await task(phone, 'Buy milk').waitFor()
  expect(await page.locator('h1, h2').allTextContents()).toStrictEqual([
    'Taskport playground',
    'Keyboard',
    'Laptop',
    'Phone',
    'Make trouble',
    'The proof',
    'The wire',
  ])
  const tree = await laptop.ariaSnapshot()
  for (const part of [
    'heading "Laptop" [level=2]',
    'text: Up to date',
    'switch "Online" [checked]',
    'navigation "Lists of the laptop"',
    'textbox "Add a task"',
    'searchbox "Search the tasks of the laptop"',
    'list "Open tasks"',
    'button "Move Buy milk: arrow keys"',
    'checkbox "Complete Buy milk"',
    'button "Buy milk, rename"',
    'button "Details of Buy milk"',
  ])
    expect(tree).toContain(part)
  expect(await trouble.ariaSnapshot()).toContain('switch "Lose every second answer')
})

const focused = (page: Page) =>
  page.evaluate(
    'document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.tagName',
  )

/** Waits until the element with this label has the focus. */
const focusIs = (page: Page, label: string) =>
  page.locator(`[aria-label="${label}"]:focus`).waitFor()
