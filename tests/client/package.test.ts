import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Server } from 'bun'
import { buildClient } from '../../scripts/client.ts'
import { openPage } from '../support/browser.ts'
import { PRODUCTION, tokenOf } from '../support/config.ts'
import { freePort } from '../support/port.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'

const ROOT = join(import.meta.dir, '..', '..')

/** The program that each platform runs with the package. */
const PROGRAM = `
export async function run({ createTaskportClient, dueToday, isOverdue, TaskportError }, url, token) {
  const taskport = createTaskportClient({ url, token: async () => token })
  const { id } = await taskport.createTask({ text: 'Grüße 😀' })
  const { completed } = await taskport.patchTask(id, { completed: true })
  const texts = []
  for await (const { text } of taskport.eachTask()) texts.push(text)
  const error = await taskport.createTask({ text: '' }).catch((reason) => reason)
  await taskport.deleteTask(id)
  const { count } = await taskport.listTasks()
  const { status } = await taskport.healthCheck()
  const { name } = await taskport.serviceInfo()
  const list = await taskport.createList({ name: 'Home' })
  const due = await taskport.createTask({
    text: 'Call', list_id: list.id, due: '2026-03-29T02:30', time_zone: 'America/New_York', tags: ['a', 'b'],
  })
  const isFound = (await taskport.listTasks({ list: list.id, tag: ['a', 'b'] })).count === 1
  await taskport.deleteList(list.id)
  const now = new Date('2026-03-29T06:31:00Z')
  const isLate = isOverdue(due, now)
  const dayBefore = new Date('2026-03-28T15:30:00Z')
  const isToday = ['Asia/Tokyo', 'America/New_York'].map((timeZone) => dueToday(due, dayBefore, { timeZone }))
  const isLocal = isOverdue({ due: '2000-01-01T09:30', time_zone: null, completed: false }, now)
  return [
    completed, texts, error instanceof TaskportError, error.code, typeof error.requestId, count, status,
    name, isFound, isLate, isToday, isLocal,
  ]
}
`
/** A program that works offline with the package's store. */
const OFFLINE_PROGRAM = `
export async function run({ createTaskportClient }, { createMemoryStorage, createOfflineStore }, url, token) {
  let isOnline = false
  const fetchOnline = (...call) => (isOnline ? fetch(...call) : Promise.reject(new TypeError('offline')))
  const client = createTaskportClient({ url, token, fetch: fetchOnline, retries: 0 })
  const store = await createOfflineStore({ client, storage: createMemoryStorage(), name: 'user' })
  const list = await store.createList({ name: 'Trip' })
  const task = await store.createTask({ text: 'Grüße 😀', list_id: list.id })
  const reason = await store.sync().catch(({ code }) => code)
  const { state, waiting } = store.status().get()
  isOnline = true
  store.start()
  const isDone = () => store.task(task.id).get()?.isWaiting === false
  await new Promise((resolve) => {
    const end = store.status().subscribe(() => isDone() && resolve(end()))
  })
  const found = await client.listTasks({ list: store.lists().get()[0].id })
  store.close()
  return [reason, state, waiting, found.tasks.map(({ text }) => text), store.tasks({ q: 'grusse' }).get().length]
}
`
const EXPECTED_OFFLINE = ['NETWORK_ERROR', 'offline', 2, ['Grüße 😀'], 1]

const EXPECTED = [
  ...[true, ['Grüße 😀'], true, 'VALIDATION_ERROR', 'string', 0, 'healthy'],
  ...['Taskport', true, true, [true, false], true],
]

const MAIN = `
import * as client from 'taskport-client'
import { run } from './program.mjs'
const [url, token] = process.argv.slice(2)
console.log(JSON.stringify(await run(client, url, token)))
`
const OFFLINE_MAIN = `
import * as client from 'taskport-client'
import * as offline from 'taskport-client/offline'
import { run } from './offline-program.mjs'
const [url, token] = process.argv.slice(2)
console.log(JSON.stringify(await run(client, offline, url, token)))
`

// The strictest settings, with the types of the web platform only.
const CONSUMER = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2022',
    lib: ['ES2022', 'DOM'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  },
  files: ['types.ts', 'readme.ts'],
}
const TYPES = `
import { createTaskportClient, dueToday, type ErrorCode, isOverdue, type List, type Task, TaskportError } from 'taskport-client'
import { createMemoryStorage, createOfflineStore, mergeMembers, type Observable, type OfflineTask } from 'taskport-client/offline'
import { createIndexedDbStorage } from 'taskport-client/offline/indexeddb'
const taskport = createTaskportClient({ url: '', token: 'x' })
const options = { client: taskport, name: 'x', merge: mergeMembers }
await createOfflineStore({ ...options, storage: createMemoryStorage() })
export const store = await createOfflineStore({ ...options, storage: createIndexedDbStorage('x') })
export const shown: Observable<readonly OfflineTask[]> = store.tasks({ list: 'inbox', tag: ['a'], sort: 'due', q: 'x' })
export const key: string = (await store.createTask({ text: 'x', tags: ['a'] })).key
store.status().get().state satisfies 'idle' | 'syncing' | 'offline' | 'signed_out' | 'storage_full'
// @ts-expect-error
store.createTask({ title: 'x' })
export const task: Task = await taskport.getTask('x')
export const texts: string[] = (await taskport.listTasks()).tasks.map(({ text }) => text)
export const codes: ErrorCode[] = ['NOT_FOUND', 'TIMEOUT']
export const status: number | null = new TaskportError('TIMEOUT', 'x').status
export const list: List = await taskport.createList({ name: 'Home', color: null })
export const open: number[] = (await taskport.listLists()).lists.map((one) => one.open)
for await (const { priority } of taskport.eachTask({ tag: ['a'], priority: ['high'], list: 'inbox', sort: 'due' }))
  priority satisfies 'none' | 'low' | 'medium' | 'high'
await taskport.createTask({ text: 'x', due: null, tags: ['a'], recurrence: { rule: 'FREQ=DAILY' } })
for await (const event of taskport.events()) {
  if (event.type === 'list') event.list satisfies List
  if (event.type === 'list_deleted') event.deleted_at satisfies string
}
export const secret: string = (await taskport.createToken({ name: 'CI', scopes: ['read'] })).token
// @ts-expect-error The list has no secrets.
export const secrets = (await taskport.listTokens()).tokens.map(({ token }) => token)
await taskport.batchTasks({
  atomic: true,
  operations: [{ op: 'create_list', body: { name: 'x' } }, { op: 'create', body: { text: 'x', list_id: '$0' } }],
})
export const isLate: boolean = isOverdue(task, new Date(), { timeZone: 'Asia/Tokyo' }) || dueToday(task)
// @ts-expect-error The second argument of a filter is not a date.
export const wrong = [task].filter(dueToday)
// @ts-expect-error
taskport.listTasks({ priority: ['urgent'] })
// @ts-expect-error
taskport.createTask({ title: 'x' })
// @ts-expect-error
taskport.patchTask(task.id, { completed: 'yes' })
// @ts-expect-error
export const other: ErrorCode = 'NO_SUCH_CODE'
`

const cleanUp = new AsyncDisposableStack()
let project: string
let service: ServiceProcess
let page: Server<undefined>
let users = 0

beforeAll(async () => {
  project = cleanUp.use(await temporaryDirectory()).path
  await buildClient(join(project, 'node_modules', 'taskport-client'))
  const files = {
    'package.json': '{"type":"module","dependencies":{"taskport-client":"*"}}',
    'program.mjs': PROGRAM,
    'main.mjs': MAIN,
    'offline-program.mjs': OFFLINE_PROGRAM,
    'offline-main.mjs': OFFLINE_MAIN,
    'tsconfig.json': JSON.stringify(CONSUMER),
    'types.ts': TYPES,
    'readme.ts': await readmeProgram(),
    'index.html': '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">',
  }
  for (const [name, content] of Object.entries(files)) await Bun.write(join(project, name), content)

  page = Bun.serve({
    hostname: '127.0.0.1',
    port: await freePort(),
    fetch: (request) => new Response(Bun.file(join(project, new URL(request.url).pathname))),
  })
  cleanUp.defer(() => page.stop(true))
  const directory = join(project, 'service')
  await mkdir(directory)
  service = cleanUp.use(
    await startService({
      directory,
      environment: { ...PRODUCTION, DATABASE_URL: 'memory:', CORS_ORIGINS: page.url.origin },
    }),
  )
}, 30_000)

afterAll(() => cleanUp.disposeAsync())

function newToken(): Promise<string> {
  return tokenOf(`user-${users++}`)
}

/** All examples of the README, concatenated to one program. */
async function readmeProgram(): Promise<string> {
  const readme = await Bun.file(join(ROOT, 'client', 'README.md')).text()
  const examples = Array.from(readme.matchAll(/^```ts\n(.*?)^```$/gms), ([, code]) => code ?? '')
  expect(examples.length).toBeGreaterThan(2)
  return examples.join('\n')
}

async function output(command: readonly string[], cwd = project): Promise<string> {
  const { PATH, HOME } = process.env
  const child = Bun.spawn([...command], {
    cwd,
    env: { PATH, HOME },
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [exitCode, stdout, stderr] = await Promise.all([
    child.exited,
    child.stdout.text(),
    child.stderr.text(),
  ])
  if (exitCode !== 0) throw new Error(`${command.join(' ')} failed:\n${stdout}${stderr}`)
  return stdout
}

describe('the package', () => {
  test('imports no other package', async () => {
    const folder = join(project, 'node_modules', 'taskport-client')
    const files = await readdir(folder, { recursive: true })
    expect(files).toContain('taskport.js')
    expect(files).toContain('LICENSE')
    for (const file of files.filter((name) => /\.(js|d\.ts)$/.test(name))) {
      const code = await Bun.file(join(folder, file)).text()
      for (const [, from] of code.matchAll(/(?:from|import)\s*\(?'([^']+)'/g))
        expect(from).toMatch(/^\.\.?\//)
    }
  })

  test('type-checks with the current and the previous TypeScript compiler', async () => {
    for (const compiler of ['tsc', 'tsc6'])
      await output([process.execPath, 'run', compiler, '--project', project], ROOT)
  }, 60_000)

  test.each([
    ['Node', ['node']],
    ['Bun', [process.execPath]],
    [
      'Deno',
      [
        join(ROOT, 'node_modules/.bin/deno'),
        'run',
        '--allow-net',
        '--no-remote',
        '--node-modules-dir=manual',
      ],
    ],
  ])(
    'works in %s',
    async (_, command) => {
      for (const [main, expected] of [
        ['main.mjs', EXPECTED],
        ['offline-main.mjs', EXPECTED_OFFLINE],
      ] as const) {
        const arguments_ = [main, service.url, await newToken()]
        expect(JSON.parse(await output([...command, ...arguments_]))).toEqual([...expected])
      }
    },
    30_000,
  )

  test('works in a browser from another origin', async () => {
    const { page: tab, errors, close } = await openPage()
    await tab.goto(new URL('/index.html', page.url).href)
    const result = await tab.evaluate(
      `(async () => {
        const client = await import('/node_modules/taskport-client/taskport.js')
        const { run } = await import('/program.mjs')
        return run(client, '${service.url}', '${await newToken()}')
      })()`,
    )
    expect(result).toEqual(EXPECTED)
    const offline = await tab.evaluate(
      `(async () => {
        const client = await import('/node_modules/taskport-client/taskport.js')
        const offline = await import('/node_modules/taskport-client/offline/store.js')
        const { run } = await import('/offline-program.mjs')
        return run(client, offline, '${service.url}', '${await newToken()}')
      })()`,
    )
    expect(offline).toEqual(EXPECTED_OFFLINE)
    expect(errors).toEqual([
      'Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)',
    ])
    await close()
  }, 30_000)

  test('behaves as its README says', async () => {
    const token = await newToken()
    const issuer = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: () => Response.json({ token }),
    })
    const program = (await readmeProgram())
      .replace('https://tasks.example.com', service.url)
      .replace('https://app.example.com/', issuer.url.href)
    await Bun.write(join(project, 'readme.ts'), program)
    const lines = (await output([process.execPath, 'readme.ts'])).trim().split('\n')
    await issuer.stop(true)
    expect(lines).toEqual([
      'Buy milk true',
      expect.stringMatching(/^text: must be 1 to 500/),
      'Water the plants 2026-01-31T09:30',
      'Trip 1',
      '0 1',
      'put list Trip',
      'put Water the plants',
      'put Pack',
      'put Passport',
      'put Write it',
      'Sleep false',
      expect.stringMatching(/^tp_[0-9A-Za-z]{49}$/),
      'nightly report null',
    ])
  })
})
