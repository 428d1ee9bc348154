import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { openPlayground, task, untilState } from './playground-page.ts'

setDefaultTimeout(60_000)

const PICTURES = join(import.meta.dir, '..', '..', 'docs', 'images')

test.each(['light', 'dark'] as const)(
  'the picture of the playground in %s colors shows lost answers, a merged task and changes that wait',
  async (colorScheme) => {
    await using playground = await openPlayground({
      viewport: { width: 1280, height: 1160 },
      reducedMotion: 'reduce',
      colorScheme,
    })
    const { page, laptop, phone, proof, trouble, wire } = playground
    await page.getByRole('button', { name: 'Add sample tasks' }).click()
    await task(phone, 'Call Grandma').waitFor()
    await trouble.getByRole('switch', { name: 'Lose every second answer' }).click()
    await trouble.getByRole('button', { name: 'Edit the same task' }).click()
    await trouble.getByText('Both have').waitFor()
    await proof.getByText('Nothing is lost').waitFor()
    await laptop.getByRole('switch', { name: 'Online' }).click()
    await laptop.getByRole('checkbox', { name: 'Complete Bread' }).click()
    await task(laptop, 'Water the plants').click()
    await page.keyboard.type('Water all the plants')
    await page.keyboard.press('Enter')
    await untilState(laptop, 'Offline, 2 waiting')
    await laptop.getByText('2 changes waiting').click()
    await page.mouse.move(0, 0)
    await page.evaluate('document.activeElement.blur(); scrollTo(0, 0)')
    expect(await wire.locator('.status').allTextContents()).toContain('200, lost')
    expect(await laptop.locator('.outbox li').allTextContents()).toStrictEqual([
      'Complete “Bread”',
      'Rename to “Water all the plants”',
    ])
    // `bun run picture` takes them again.
    if (process.env['UPDATE_PICTURE'])
      await page.screenshot({ path: join(PICTURES, `playground-${colorScheme}.png`) })
  },
)
