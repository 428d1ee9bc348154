import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { add, openPlayground, task } from './playground-page.ts'

setDefaultTimeout(60_000)

describe('the wire', () => {
  test('shows a request with what matters, and copies it as curl', async () => {
    await using playground = await openPlayground({
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const { page, wire, laptop, phone, demo } = playground
    await add(laptop, 'Buy milk')
    await task(phone, 'Buy milk').waitFor()
    await wire.getByRole('button', { name: 'Laptop POST /tasks/batch 200' }).click()
    await wire.getByText('The service runs a key once').waitFor()
    await wire.getByText('Names this call.').waitFor()
    await wire.getByRole('heading', { name: 'Response 200' }).waitFor()
    await wire.getByRole('button', { name: 'Copy as curl' }).click()
    await wire.getByText('Copied').waitFor()
    const command = `${await page.evaluate('navigator.clipboard.readText()')}`
    const answer = await Bun.$`sh -c ${`${command} -si`}`.text()
    expect(answer).toContain('HTTP/1.1 200')
    expect(answer).toContain('idempotency-replayed: true')
    expect((await demo.client.listTasks()).count).toBe(1)
  })

  test('shows events as they arrive, newest first', async () => {
    await using playground = await openPlayground()
    const { wire, demo } = playground
    await wire.getByText('live').nth(1).waitFor()
    await demo.client.createTask({ text: 'From elsewhere' })
    await wire.getByText('upsert From elsewhere').nth(1).waitFor()
    await wire.getByRole('button', { name: 'Clear' }).click()
    await wire.getByText('Requests appear here').waitFor()
    await demo.client.createTask({ text: 'One' })
    await wire.getByText('upsert One').first().waitFor()
    await demo.client.createTask({ text: 'Two' })
    await wire.getByText('upsert Two').first().waitFor()
    const titles = await wire.locator('.entry .title').allTextContents()
    const about = titles.filter((title) => title.startsWith('upsert'))
    expect(about.indexOf('upsert Two')).toBeLessThan(about.lastIndexOf('upsert One'))
    expect(about[0]).toBe('upsert Two')
  })

  test('links to the operation in the API reference', async () => {
    await using playground = await openPlayground()
    const { page, wire } = playground
    const link = wire.getByRole('link', { name: 'streamChanges' }).first()
    const [reference] = await Promise.all([page.context().waitForEvent('page'), link.click()])
    await reference.locator('#operations-Feed-streamChanges.is-open').waitFor()
    await reference.close()
  })
})
