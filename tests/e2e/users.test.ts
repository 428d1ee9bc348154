import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { taskNumber } from '../conformance/stores/store.ts'
import { readError, readItem, readList } from '../http/answers.ts'
import { readChanges } from '../http/feed-answers.ts'
import { bearer, SECRET } from '../support/config.ts'
import { readEvents } from '../support/event-stream.ts'
import { createDatabase } from '../support/postgres.ts'
import {
  runCommand,
  type ServiceProcess,
  startService,
  stopCleanly,
  temporaryDirectory,
} from '../support/process.ts'

// Starts several processes, possibly on a busy machine.
setDefaultTimeout(60_000)

const MANY = 5000

describe.each(['SQLite', 'PostgreSQL'])('taskport user on %s', (store) => {
  const cleanUp = new AsyncDisposableStack()
  let environment: Record<string, string>
  let directory: string
  let service: ServiceProcess

  beforeAll(async () => {
    directory = cleanUp.use(await temporaryDirectory()).path
    let url = 'sqlite:tasks.db'
    if (store === 'PostgreSQL') {
      const database = await createDatabase()
      cleanUp.defer(database.drop)
      url = database.url
    }
    environment = { DATABASE_URL: url, BETTER_AUTH_SECRET: SECRET, RATE_LIMIT_PER_MINUTE: '0' }
    service = cleanUp.use(await startService({ directory, environment }))
  })

  afterAll(async () => {
    await stopCleanly(service)
    await cleanUp.disposeAsync()
  })

  function taskport(...args: string[]) {
    return runCommand(args, { directory, environment })
  }

  async function send(user: string, path: string, headers: object = {}, body?: object) {
    const type = body && { 'content-type': 'application/json' }
    return service.send(path, {
      headers: { ...(await bearer(user)), ...type, ...headers },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    })
  }

  async function create(user: string, text: string): Promise<string> {
    const response = await send(user, '/tasks', {}, { text })
    expect(response.status).toBe(201)
    return (await readItem(response)).id
  }

  /** Stores many tasks of a user, in the way of `taskport import`. */
  async function importMany(user: string): Promise<void> {
    const lines = Array.from(
      { length: MANY },
      (_, n) => `${JSON.stringify({ user_id: user, ...taskNumber(n) })}\n`,
    )
    const main = `${import.meta.dir}/../../app/main.ts`
    const importing = Bun.spawn([process.execPath, main, 'import'], {
      cwd: directory,
      env: { ...environment },
      stdio: [new Blob(lines), 'ignore', 'ignore'],
    })
    expect(await importing.exited).toBe(0)
  }

  test('delete removes everything of one user, whose clients start again', async () => {
    await create('ann', 'mine')
    await send('ann', '/lists', {}, { name: 'home' })
    await send('ann', '/tasks', { 'idempotency-key': 'once' }, { text: 'remembered' })
    await send('ann', '/tokens', {}, { name: 'ci', scopes: ['read'] })
    const ofBob = await create('bob', 'his')
    const tag = (await send('ann', '/tasks')).headers.get('etag') ?? ''
    const listsTag = (await send('ann', '/lists')).headers.get('etag') ?? ''
    const { cursor } = await readChanges(await send('ann', '/tasks/changes'))
    await using stream = readEvents(await send('ann', '/tasks/events', { 'last-event-id': cursor }))
    await stream.until(({ name }) => name === 'synced')
    await using ofOther = readEvents(await send('bob', '/tasks/events'))
    await ofOther.until(({ name }) => name === 'synced')

    const planned = await taskport('user', 'delete', 'ann')
    expect(planned).toStrictEqual({
      exitCode: 2,
      stdout:
        'user "ann" has 2 tasks, 1 lists, 1 remembered calls and 1 API tokens. Nothing was deleted: add --yes to delete them.\n',
      stderr: '',
    })
    expect(await readList(await send('ann', '/tasks'))).toMatchObject({ count: 2 })

    expect(await taskport('user', 'delete', 'ann', '--yes')).toStrictEqual({
      exitCode: 0,
      stdout: 'deleted 2 tasks, 1 lists, 1 remembered calls and 1 API tokens of user "ann"\n',
      stderr: '',
    })
    const [end] = await stream.until(({ name }) => name === 'end')
    expect(end).toMatchObject({ name: 'end', data: { reason: 'CURSOR_EXPIRED' }, id: '' })
    for (const [path, old] of [
      ['/tasks', tag],
      ['/lists', listsTag],
    ] as const)
      expect((await send('ann', path, { 'if-none-match': old })).status).toBe(200)
    expect((await send('ann', `/tasks/changes?cursor=${cursor}`)).status).toBe(410)
    const again = await send('ann', '/tasks', { 'idempotency-key': 'once' }, { text: 'new' })
    expect(again.headers.get('idempotency-replayed')).toBeNull()
    expect((await send('ann', '/tasks', { 'if-none-match': tag })).status).toBe(200)
    expect((await send('ann', `/tasks/changes?cursor=${cursor}`)).status).toBe(410)
    const { names } = await readChanges(await send('ann', '/tasks/changes'))
    expect(names).toStrictEqual(['new'])

    await create('bob', 'his second')
    const [news] = await ofOther.until(({ name }) => name !== null)
    expect(news).toMatchObject({ name: 'upsert', data: { task: { text: 'his second' } } })
    expect((await send('bob', `/tasks/${ofBob}`)).status).toBe(200)
  })

  test('delete ends the requests of the user that are held open, with either kind of token', async () => {
    await create('eve', 'hers')
    const created = await send('eve', '/tokens', {}, { name: 'ci', scopes: ['read'] })
    const { token }: { token?: string } = JSON.parse(await created.text())
    const { cursor } = await readChanges(await send('eve', '/tasks/changes'))
    const withToken = { authorization: `Bearer ${token}` }
    await using stream = readEvents(await send('eve', '/tasks/events'))
    await using streamOfToken = readEvents(await send('eve', '/tasks/events', withToken))
    for (const { until } of [stream, streamOfToken]) await until(({ name }) => name === 'synced')
    const polls = [{}, withToken].map((headers) =>
      send('eve', `/tasks/changes?cursor=${cursor}&wait=25`, headers),
    )
    let answers = 0
    for (const poll of polls) void poll.then(() => answers++)
    // Long after the polls have arrived.
    await taskport('user', 'delete', 'eve')
    expect(answers).toBe(0)

    expect((await taskport('user', 'delete', 'eve', '--yes')).exitCode).toBe(0)
    for (const poll of polls) {
      const response = await poll
      expect(response.status).toBe(410)
      expect(await readError(response)).toMatchObject({ error: 'CURSOR_EXPIRED' })
    }
    for (const { until } of [stream, streamOfToken]) {
      const events = await until(({ name }) => name === 'end')
      expect(events.at(-1)).toMatchObject({
        data: { reason: expect.stringMatching(/^(CURSOR|TOKEN)_EXPIRED$/) },
      })
    }
  })

  test('delete prints JSON with --json, also of a user who has nothing', async () => {
    await create('zoë', 'mine')
    const counts = { tasks: 1, lists: 0, remembered_calls: 0, tokens: 0 }
    const planned = await taskport('user', 'delete', 'zoë', '--json')
    expect(planned.exitCode).toBe(2)
    expect(JSON.parse(planned.stdout)).toStrictEqual({ user: 'zoë', deleted: false, ...counts })
    const done = await taskport('user', 'delete', 'zoë', '--yes', '--json')
    expect(done.exitCode).toBe(0)
    expect(JSON.parse(done.stdout)).toStrictEqual({ user: 'zoë', deleted: true, ...counts })
    const again = await taskport('user', 'delete', 'zoë', '--yes', '--json')
    expect(again.exitCode).toBe(0)
    expect(JSON.parse(again.stdout)).toMatchObject({ deleted: true, tasks: 0 })
  })

  test('deletes a large user while others write', async () => {
    await importMany('large')
    const deleting = taskport('user', 'delete', 'large', '--yes')
    let isDeleting = true
    async function write() {
      while (isDeleting) await create('bob', 'meanwhile')
    }
    const writing = write()
    const { stdout } = await deleting.finally(() => {
      isDeleting = false
    })
    await writing
    expect(stdout).toStartWith(`deleted ${MANY} tasks, `)
    expect(await readList(await send('large', '/tasks'))).toMatchObject({ count: 0 })
  })

  test('list prints the users with the most tasks', async () => {
    for (const user of ['first', 'second', 'third'])
      expect((await taskport('user', 'delete', user, '--yes')).exitCode).toBe(0)
    await importMany('first')
    for (const text of ['one', 'two']) await create('second', text)
    const json = await taskport('user', 'list', '--top', '2', '--json')
    expect(json.exitCode).toBe(0)
    const { count, users } = JSON.parse(json.stdout)
    expect(count).toBeGreaterThan(2)
    expect(users).toHaveLength(2)
    expect(users[0]).toStrictEqual({
      user: 'first',
      tasks: MANY,
      open: MANY,
      lists: 0,
      bytes: expect.any(Number),
      last_write: taskNumber(MANY - 1).updated_at,
    })
    const { stdout } = await taskport('user', 'list')
    const [header, first, ...rest] = stdout.split('\n')
    expect(header).toMatch(/^USER +TASKS +OPEN +LISTS +SIZE +LAST WRITE$/)
    expect(first).toMatch(/^first +5000 +5000 +0 +[\d.]+ (kB|MB) +2026-\S+Z$/)
    expect(rest.at(-2)).toBe(`${count} of ${count} users`)
  })

  test.each([
    [['user'], 'Usage: taskport user list'],
    [['user', 'delete'], 'Usage: taskport user list'],
    [['user', 'rename', 'ann'], 'Usage: taskport user list'],
    [['user', 'delete', 'a', 'b'], 'Usage: taskport user list'],
    [['user', 'delete', 'a\nb', '--yes'], 'ID must be 1 to 255 characters'],
    [['user', 'list', '--top', '0'], '--top must be a number from 1 to 1000'],
    [['user', 'list', '--top', '1e2'], '--top must be a number from 1 to 1000'],
  ])('refuses %j', async (args, words) => {
    const { exitCode, stdout, stderr } = await taskport(...args)
    expect({ exitCode, stdout }).toStrictEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toStartWith(words)
  })
})

test.each(['backup', 'restore', 'feeds', 'user'])('%s has its own help', async (command) => {
  await using directory = await temporaryDirectory()
  const { exitCode, stdout } = await runCommand([command, '--help'], { directory: directory.path })
  expect(exitCode).toBe(0)
  expect(stdout).toStartWith(`Usage: taskport ${command} `)
  expect(stdout).toContain('--json')
  expect(stdout).toMatch(/Exit codes: 0 .+, 1 /)
})

test('user refuses the memory store', async () => {
  await using directory = await temporaryDirectory()
  const environment = { DATABASE_URL: 'memory:' }
  for (const args of [
    ['user', 'list'],
    ['user', 'delete', 'ann', '--yes'],
  ]) {
    const { exitCode, stderr } = await runCommand(args, { directory: directory.path, environment })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('memory of the service only')
  }
})
