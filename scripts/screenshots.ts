/** Writes the pictures of the playground in `docs/images`: the page in light and in dark colors. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { findChromium, launchChromium } from './chromium.ts'

const ROOT = join(import.meta.dir, '..')
const WINDOW = { width: 1280, height: 1160 }
const ADDRESS = /Open +(http:\S+)/

await using cleanUp = new AsyncDisposableStack()
const browser = await launchChromium(await findChromium())
cleanUp.defer(() => browser.close())

for (const colorScheme of ['light', 'dark'] as const) {
  await using service = await startService()
  const context = await browser.newContext({
    viewport: WINDOW,
    colorScheme,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto(service.address)
  await stage(page)
  await page.screenshot({ path: join(ROOT, `docs/images/playground-${colorScheme}.png`) })
  await context.close()
}

/** Shows what the page is for: conflicting edits, lost answers, and changes that wait. */
async function stage(page: Page): Promise<void> {
  const laptop = page.getByRole('region', { name: 'Laptop' })
  const phone = page.getByRole('region', { name: 'Phone' })
  await page.getByRole('button', { name: 'Add sample tasks' }).click()
  await phone.getByText('Call Grandma').waitFor()
  await page.getByRole('switch', { name: 'Lose every second answer' }).click()
  await page.getByRole('button', { name: 'Edit the same task' }).click()
  await page.getByText('Both have').waitFor()
  await page.getByText('Nothing is lost').waitFor()
  await laptop.getByRole('switch', { name: 'Online' }).click()
  await laptop.getByRole('checkbox', { name: 'Complete Bread' }).click()
  await laptop.getByRole('button', { name: 'Water the plants, rename' }).click()
  await page.keyboard.type('Water all the plants')
  await page.keyboard.press('Enter')
  await laptop.getByText('2 changes waiting').click()
  await page.mouse.move(0, 0)
  await page.evaluate('document.activeElement.blur(); scrollTo(0, 0)')
}

/** Starts the service in demo mode with an empty database. */
async function startService() {
  const directory = await mkdtemp(join(tmpdir(), 'taskport-screenshots-'))
  const child = Bun.spawn([process.execPath, '--no-env-file', join(ROOT, 'app/main.ts')], {
    cwd: directory,
    env: { PATH: process.env['PATH'], PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  for await (const bytes of child.stdout) {
    output += new TextDecoder().decode(bytes)
    if (ADDRESS.test(output)) break
  }
  return {
    address: `${ADDRESS.exec(output)?.[1]}`,
    async [Symbol.asyncDispose]() {
      child.kill()
      await child.exited
      await rm(directory, { recursive: true })
    },
  }
}
