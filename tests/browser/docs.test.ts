import { afterAll, beforeAll, expect, test } from 'bun:test'
import { compose } from '../../app/compose.ts'
import { openPage } from '../support/browser.ts'
import { bearer, testConfig } from '../support/config.ts'

const { http } = await compose(testConfig(), () => {})
let address: string

beforeAll(() => {
  http.listen({ hostname: '127.0.0.1', port: 0 })
  address = `http://127.0.0.1:${http.server?.port}`
})

afterAll(() => http.stop(true))

test('/docs shows every operation and creates a task, with nothing from another host', async () => {
  const { page, errors, blockedRequests, close } = await openPage()
  await page.goto(`${address}/docs`)
  await page.locator('.opblock').first().waitFor()
  expect(await page.locator('.opblock-summary-path').allInnerTexts()).toStrictEqual([
    '/tasks',
    '/tasks',
    '/tasks/{id}',
    '/tasks/{id}',
    '/tasks/{id}',
    '/tasks/{id}',
    '/health',
  ])

  const { authorization } = await bearer('ann')
  await page.getByRole('button', { name: 'Authorize' }).click()
  await page.locator('.auth-container input').fill(authorization.slice('Bearer '.length))
  await page.locator('.auth-btn-wrapper .authorize').click()
  await page.locator('.auth-btn-wrapper .btn-done').click()

  const create = page.locator('#operations-Tasks-createTask')
  await create.locator('.opblock-summary').click()
  await create.getByRole('button', { name: 'Try it out' }).click()
  await create.getByRole('button', { name: 'Execute' }).click()
  await create.locator('.live-responses-table').getByText('201', { exact: true }).waitFor()

  const list = await fetch(`${address}/tasks`, { headers: { authorization } })
  expect(await list.json()).toMatchObject({ count: 1, tasks: [{ text: 'Buy milk' }] })
  expect(errors).toStrictEqual([])
  expect(blockedRequests).toStrictEqual([])
  await close()
}, 30_000)
