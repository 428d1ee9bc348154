import { expect } from 'bun:test'
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { compose } from '../../app/compose.ts'
import { demoAddresses, demoSecret, demoToken, withSecret } from '../../app/demo.ts'
import { createTaskportClient } from '../../client/taskport.ts'
import { openPage } from '../support/browser.ts'
import { testConfig } from '../support/config.ts'

/** A service in demo mode, in memory. */
export async function startDemo(variables: Record<string, string> = {}, port = 0) {
  const config = testConfig({ BETTER_AUTH_SECRET: '', RATE_LIMIT_PER_MINUTE: '0', ...variables })
  const secret = await demoSecret({ kind: 'memory' })
  const { http, close } = await compose(withSecret(config, secret), () => {})
  http.listen({ hostname: '127.0.0.1', port })
  const url = `http://127.0.0.1:${http.server?.port}`
  return {
    url,
    /** The address that signs a browser in. */
    address: demoAddresses(config.publicUrl ?? url, secret).playground,
    /** A client of the user of the page. */
    client: createTaskportClient({ url, token: await demoToken(secret) }),
    async [Symbol.asyncDispose]() {
      await http.stop(true)
      await close()
    },
  }
}

/** The playground in a browser with empty storage, for a service without tasks. */
export async function openPlayground(options?: BrowserContextOptions) {
  const demo = await startDemo()
  const opened = await openPage(options)
  await opened.page.goto(demo.address)
  const parts = partsOf(opened.page)
  await upToDate(parts.laptop)
  await upToDate(parts.phone)
  return {
    ...opened,
    ...parts,
    demo,
    /** Expects that nothing went wrong in the browser, and that no other host was asked. */
    async [Symbol.asyncDispose]() {
      await opened.close()
      await demo[Symbol.asyncDispose]()
      expect(opened.errors).toStrictEqual([])
      expect(opened.blockedRequests).toStrictEqual([])
    },
  }
}

export function partsOf(page: Page) {
  return {
    laptop: page.getByRole('region', { name: 'Laptop' }),
    phone: page.getByRole('region', { name: 'Phone' }),
    wire: page.getByRole('region', { name: 'The wire' }),
    trouble: page.getByRole('region', { name: 'Make trouble' }),
    proof: page.getByRole('region', { name: 'The proof' }),
  }
}

/** Waits until a device shows this state. */
export const untilState = (device: Locator, words: string) =>
  device.locator('.pill').getByText(words).waitFor()

export const upToDate = (device: Locator) => untilState(device, 'Up to date')

export async function add(device: Locator, text: string): Promise<void> {
  const field = device.getByRole('textbox', { name: 'Add a task' })
  await field.fill(text)
  await field.press('Enter')
}

/** Takes a device offline or online. */
export async function toggle(device: Locator): Promise<void> {
  await device.getByRole('switch', { name: 'Online' }).click()
}

export async function rename(device: Locator, from: string, to: string): Promise<void> {
  await device.getByRole('button', { name: `${from}, rename` }).click()
  const field = device.getByRole('textbox', { name: `New text for ${from}` })
  await field.fill(to)
  await field.press('Enter')
}

/** A task in the open list of a device. */
export const task = (device: Locator, text: string) =>
  device.getByRole('button', { name: `${text}, rename`, exact: true })

/** The texts of the open tasks of a device, from top to bottom. */
const openTexts = (device: Locator) =>
  device.getByRole('list', { name: 'Open tasks' }).locator('.line .editable').allTextContents()

/** Waits until the open tasks of a device are these. */
export async function untilOpen(device: Locator, texts: readonly string[]): Promise<void> {
  for (const [index, text] of texts.entries())
    await device
      .getByRole('list', { name: 'Open tasks' })
      .locator('> li')
      .nth(index)
      .getByRole('button', { name: `${text}, rename`, exact: true })
      .waitFor()
  expect(await openTexts(device)).toStrictEqual([...texts])
}
