import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { compose } from '../../app/compose.ts'
import { readCountedLists, readList, readTokens } from '../http/answers.ts'
import { openPage } from '../support/browser.ts'
import { bearer, testConfig } from '../support/config.ts'
import {
  GREETING,
  type ServiceProcess,
  signInSecretOf,
  startService,
  temporaryDirectory,
} from '../support/process.ts'

interface Operation {
  readonly method: string
  readonly path: string
  readonly operationId: string
  readonly tags: readonly string[]
  readonly responses: Record<string, object>
}

const app = await compose(testConfig(), () => {})
let address: string
let operations: readonly Operation[]

beforeAll(async () => {
  app.http.listen({ hostname: '127.0.0.1', port: 0 })
  address = `http://127.0.0.1:${app.http.server?.port}`
  operations = await operationsAt(address)
})

afterAll(async () => {
  await app.http.stop(true)
  await app.close()
})

async function operationsAt(address: string): Promise<readonly Operation[]> {
  const response = await fetch(`${address}/openapi.json`)
  const { paths }: { paths: Record<string, object> } = JSON.parse(await response.text())
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries<Omit<Operation, 'method' | 'path'>>(Object(methods)).map(
      ([method, operation]) => ({ ...operation, method: method.toUpperCase(), path }),
    ),
  )
}

async function openDocs(address: string, options?: BrowserContextOptions) {
  const opened = await openPage(options)
  await opened.page.goto(`${address}/docs`)
  await opened.page.locator('.opblock').first().waitFor()
  return opened
}

async function authorize(page: Page, token: string): Promise<void> {
  await page.getByRole('button', { name: 'Authorize' }).click()
  await page.locator('.auth-container input').fill(token)
  await page.locator('.auth-btn-wrapper .authorize').click()
  await page.locator('.auth-btn-wrapper .btn-done').click()
}

/**
 * Tries an operation with the values that the page suggests.
 *
 * @param id for the path, if the operation has one.
 * @returns the status of the response.
 */
async function tryOut(page: Page, { operationId, tags, path }: Operation, id: string) {
  const block = page.locator(`#operations-${tags[0]}-${operationId}`)
  await block.locator('.opblock-summary-control').click()
  await block.getByRole('button', { name: 'Try it out' }).click()
  if (path.includes('{id}')) await block.locator('[data-param-name="id"] input').fill(id)
  await block.getByRole('button', { name: 'Execute' }).click()
  const cell = block.locator('.live-responses-table tbody .response-col_status').first()
  const status = await cell.textContent()
  // Swagger UI renders every open operation anew at each step, so close this one.
  await block.locator('.opblock-summary-control').click()
  return status
}

/**
 * Tries an operation as a user does, and returns the body of the successful response, as the page shows it.
 *
 * @param wanted the summary of an example, members of its body to set, and the id for the path.
 */
async function ask(
  page: Page,
  operationId: string,
  wanted: { readonly id?: string; readonly example?: string; readonly edit?: object },
) {
  const block = page.locator(`#operations-${named(operationId).tags[0]}-${operationId}`)
  await block.locator('.opblock-summary-control').click()
  const tryIt = block.getByRole('button', { name: 'Try it out' })
  const execute = block.getByRole('button', { name: 'Execute' })
  await tryIt.or(execute).first().waitFor()
  // An operation that was tried before is still open for another request.
  if (await tryIt.isVisible()) await tryIt.click()
  const { id, example, edit } = wanted
  if (id) await block.locator('[data-param-name="id"] input').fill(id)
  const body = block.locator('.body-param__text')
  if (example) {
    const choice = block.locator('.opblock-section-request-body .examples-select-element')
    await choice.selectOption({ label: example })
  }
  if (edit)
    await body.fill(JSON.stringify({ ...JSON.parse(await body.inputValue()), ...edit }, null, 2))
  await execute.click()
  const live = block.locator('.live-responses-table')
  const status = await live.locator('tbody .response-col_status').first().textContent()
  const shown = await live.locator('.response-col_description pre').first().textContent()
  expect(status, `${operationId}: ${shown}`).toStartWith('20')
  // Otherwise the next request would find this response.
  await block.getByRole('button', { name: 'Clear' }).click()
  await block.locator('.opblock-summary-control').click()
  return Object(JSON.parse(`${shown}`))
}

function named(operationId: string): Operation {
  const found = operations.find((operation) => operation.operationId === operationId)
  if (!found) throw new Error(`Operation ${operationId} does not exist`)
  return found
}

test('shows every operation of the OpenAPI document', async () => {
  const { page, errors, blockedRequests, close } = await openDocs(address)
  const shown = await page
    .locator('.opblock-summary')
    .evaluateAll((summaries) =>
      summaries.map((summary) =>
        ['.opblock-summary-method', '.opblock-summary-path']
          .map((part) => summary.querySelector(part)?.textContent)
          .join(' '),
      ),
    )
  // Zero-width spaces mark where a path may wrap.
  expect(shown.map((line) => line.replaceAll('\u200b', '')).sort()).toStrictEqual(
    operations.map(({ method, path }) => `${method} ${path}`).sort(),
  )
  expect(errors).toStrictEqual([])
  expect(blockedRequests).toStrictEqual([])
  await close()
}, 30_000)

test('tries out every operation after Authorize, and stays authorized after a reload', async () => {
  const { page, errors, blockedRequests, close } = await openDocs(address)
  const { authorization } = await bearer('ann')
  await authorize(page, authorization.slice('Bearer '.length))
  expect(await tryOut(page, named('createTask'), '')).toBe('201')

  const list = await readList(await fetch(`${address}/tasks`, { headers: { authorization } }))
  expect(list).toMatchObject({ count: 1, tasks: [{ text: 'Buy milk' }] })
  const taskId = `${list.tasks[0]?.id}`
  expect(await tryOut(page, named('createList'), '')).toBe('201')
  const all = await fetch(`${address}/lists`, { headers: { authorization } })
  const { lists } = await readCountedLists(all)
  const listId = `${lists[0]?.id}`
  expect(await tryOut(page, named('createToken'), '')).toBe('201')
  const made = await fetch(`${address}/tokens`, { headers: { authorization } })
  const { tokens } = await readTokens(made)
  const ids = new Map([
    ['/lists', listId],
    ['/tokens', `${tokens[0]?.id}`],
  ])

  await page.reload()
  // The page cannot show a stream, which never ends.
  const ending = operations.filter(({ operationId }) => operationId !== 'streamChanges')
  const deletesLast = ending.toSorted(
    (a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'),
  )
  for (const operation of deletesLast) {
    const { operationId, responses } = operation
    const success = Object.keys(responses).filter((status) => status.startsWith('2'))
    const id = ids.get(`/${operation.path.split('/')[1]}`) ?? taskId
    const status = await tryOut(page, operation, id)
    expect(success, operationId).toContain(`${status}`)
  }
  expect(errors).toStrictEqual([])
  expect(blockedRequests).toStrictEqual([])
  await close()
}, 60_000)

describe.each([
  ['a desktop', { width: 1280, height: 900 }],
  ['a phone', { width: 390, height: 844 }],
])('on %s', (device, viewport) => {
  test('a new user makes a list with a weekly task, completes it, and undoes that', async () => {
    const { page, errors, blockedRequests, close } = await openDocs(address, { viewport })
    const { authorization } = await bearer(`a new user of ${device}`)
    await authorize(page, authorization.slice('Bearer '.length))

    const list = await ask(page, 'createList', { example: 'A list' })
    const task = await ask(page, 'createTask', {
      example: 'A task that repeats every week at a time of day',
      edit: { list_id: list.id },
    })
    expect(task).toMatchObject({ list_id: list.id, description: expect.any(String) })
    for (const text of ['Paper', 'Glass'])
      await ask(page, 'createTask', { example: 'A subtask', edit: { text, parent_id: task.id } })

    const complete = { id: task.id, example: 'Complete the task' }
    const { successor_id: nextId } = await ask(page, 'patchTask', complete)
    const next = await ask(page, 'getTask', { id: nextId })
    const { text, description, time_zone, recurrence } = task
    expect(next).toMatchObject({ text, description, time_zone, recurrence, list_id: list.id })
    expect(next.due > task.due).toBe(true)
    expect(await ask(page, 'listLists', {})).toMatchObject({ lists: [{ id: list.id, open: 5 }] })

    const reopen = 'Open the task again, which takes back its next occurrence'
    const undone = await ask(page, 'patchTask', { id: task.id, example: reopen })
    expect(undone).toMatchObject({ completed: false, recurrence, successor_id: null })
    const { tasks } = await ask(page, 'listTasks', {})
    expect(tasks.map((one: { text: string }) => one.text)).toStrictEqual(['Glass', 'Paper', text])

    expect(errors).toStrictEqual([])
    expect(blockedRequests).toStrictEqual([])
    await close()
  }, 120_000)
})

test('shows the 401 response without a token', async () => {
  const { page, close } = await openDocs(address)
  expect(await tryOut(page, named('listTasks'), '')).toBe('401')
  await close()
}, 30_000)

describe('in demo mode', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>
  let service: ServiceProcess

  beforeAll(async () => {
    directory = await temporaryDirectory()
    service = await startService({ directory: directory.path }, GREETING)
  })

  afterAll(async () => {
    await service[Symbol.asyncDispose]()
    await directory[Symbol.asyncDispose]()
  })

  /** Opens the address that the service printed. */
  async function openPrinted(page: Page): Promise<void> {
    const secret = signInSecretOf(service.output())
    const signedIn = page.waitForResponse(`${service.url}/docs/demo-token`)
    await page.goto(`${service.url}/docs#demo=${secret}`)
    expect((await signedIn).status()).toBe(200)
    await page.getByRole('button', { name: 'Authorize' }).and(page.locator('.locked')).waitFor()
  }

  async function openUnsigned(page: Page): Promise<void> {
    await page.goto(`${service.url}/docs`)
    await page.locator('.opblock').first().waitFor()
  }

  test('signs in at the printed address, for every tab and after a reload', async () => {
    const { page, errors, blockedRequests, close } = await openPage()
    await openPrinted(page)
    expect(page.url()).toBe(`${service.url}/docs`)
    expect(await tryOut(page, named('createTask'), '')).toBe('201')

    const [, authorization = ''] = /'Authorization: ([^']+)'/.exec(service.output()) ?? []
    const list = await service.send('/tasks', { headers: { authorization } })
    expect(await list.json()).toMatchObject({ count: 1, tasks: [{ text: 'Buy milk' }] })

    await page.reload()
    expect(await tryOut(page, named('listTasks'), '')).toBe('200')
    const tab = await page.context().newPage()
    await openUnsigned(tab)
    expect(await tryOut(tab, named('listTasks'), '')).toBe('200')
    expect(errors).toStrictEqual([])
    expect(blockedRequests).toStrictEqual([])
    await close()
  }, 30_000)

  test('signs in when the printed address is opened in a tab that shows the page', async () => {
    const { page, close } = await openPage()
    await openUnsigned(page)
    expect(await tryOut(page, named('listTasks'), '')).toBe('401')
    await openPrinted(page)
    expect(page.url()).toBe(`${service.url}/docs`)
    expect(await tryOut(page, named('createTask'), '')).toBe('201')
    await close()
  }, 30_000)

  test('does not sign in with a wrong secret and says so', async () => {
    const { page, close } = await openPage()
    await page.goto(`${service.url}/docs#demo=wrong`)
    expect(await page.getByRole('alert').textContent()).toContain('The secret is wrong')
    expect(page.url()).toBe(`${service.url}/docs`)
    expect(await tryOut(page, named('listTasks'), '')).toBe('401')
    expect(await page.evaluate('Object.keys(localStorage)')).toStrictEqual([])
    await openPrinted(page)
    expect(await page.getByRole('alert').count()).toBe(0)
    await close()
  }, 30_000)

  test('keeps another token, and stays signed out after Logout', async () => {
    const { page, close } = await openPage()
    await openPrinted(page)
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.locator('.auth-btn-wrapper').getByText('Logout').click()
    await page.locator('.auth-btn-wrapper .btn-done').click()
    await page.reload()
    expect(await tryOut(page, named('createTask'), '')).toBe('401')

    await authorize(page, 'an invalid token')
    await page.reload()
    expect(await tryOut(page, named('listTasks'), '')).toBe('401')
    expect(await page.evaluate('localStorage.getItem("authorized")')).toContain('an invalid token')
    await close()
  }, 30_000)

  // Another name of the same machine is another origin.
  test('does not give a token to pages of other origins, even if they know the secret', async () => {
    const { page, close } = await openPage()
    await page.goto(`http://localhost:${service.port}/health`)
    const secret = signInSecretOf(service.output())
    const answers = await page.evaluate(`(async (url) => {
      const body = JSON.stringify({ secret: '${secret}' })
      const headers = { 'Content-Type': 'application/json' }
      const answer = async (init) => {
        try {
          return (await fetch(url, init)).status
        } catch {
          return 'refused'
        }
      }
      return [
        await answer({ method: 'POST', headers, body }),
        await answer({ method: 'POST', mode: 'no-cors', body }),
      ]
    })('${service.url}/docs/demo-token')`)
    expect(answers).toStrictEqual(['refused', 'refused'])
    await close()
  }, 30_000)
})
