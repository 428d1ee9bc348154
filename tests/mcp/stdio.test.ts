import { Database } from 'bun:sqlite'
import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { directoryPerTest, runCommand } from '../support/process.ts'
import { call, callForTask, callWrongly, GENERATIONS, type Generation } from './service.ts'

// Starts several processes, possibly on a busy machine.
setDefaultTimeout(30_000)

const MAIN = join(import.meta.dir, '..', '..', 'app', 'main.ts')

const directory = directoryPerTest()

/** The official client of `taskport mcp`. Fails on anything on standard output that is not a message. */
async function connect(
  args: string[] = [],
  generation: Generation = '2025-11-25',
  environment: Record<string, string> = {},
) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['--no-env-file', MAIN, 'mcp', ...args],
    cwd: directory.path,
    env: { PATH: `${process.env['PATH']}`, ...environment },
    stderr: 'pipe',
  })
  const log: string[] = []
  transport.stderr?.on('data', (bytes) => log.push(`${bytes}`))
  const client = new Client(
    { name: 'tests', version: '1.0.0' },
    { versionNegotiation: { mode: generation === '2025-11-25' ? 'legacy' : { pin: generation } } },
  )
  const errors: Error[] = []
  client.onerror = (error) => errors.push(error)
  await client.connect(transport)
  return Object.assign(client, {
    log: () => log.join(''),
    async [Symbol.asyncDispose]() {
      expect(errors).toStrictEqual([])
      await client.close()
    },
  })
}

test.each(GENERATIONS)(
  'serves the tools over standard input and output, protocol of %s',
  async (generation) => {
    await using client = await connect([], generation, { LOG_LEVEL: 'debug' })
    expect((await client.listTools()).tools).toHaveLength(9)
    const added = await callForTask(client, 'add_task', { text: 'Buy milk' })
    expect(await callForTask(client, 'get_task', { task: 'milk' })).toStrictEqual(added)
    expect(await callWrongly(client, 'get_task', { task: 'bread' })).toMatchObject({
      error: 'not_found',
    })
    await client.close()
    expect(client.log()).toContain('"tool":"add_task"')
    expect(client.log()).not.toContain('milk')
  },
)

test('keeps the tasks of the user demo, or of --user', async () => {
  {
    await using client = await connect()
    await call(client, 'add_task', { text: 'of demo' })
  }
  {
    await using client = await connect(['--user', 'ann'])
    expect(await call(client, 'list_tasks')).toMatchObject({ tasks: [] })
    await call(client, 'add_task', { text: 'of ann' })
  }
  for (const user of ['demo', 'ann']) {
    await using client = await connect(['--user', user])
    expect(await call(client, 'list_tasks')).toMatchObject({ tasks: [{ text: `of ${user}` }] })
  }
  const { stdout } = await runCommand(['export'], { directory: directory.path })
  expect(stdout).toContain('of demo')
})

test('exits with 0 when its standard input ends, and writes nothing but answers to standard output', async () => {
  const child = Bun.spawn([process.execPath, '--no-env-file', MAIN, 'mcp'], {
    cwd: directory.path,
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`)
  const reader = child.stdout.getReader()
  const { value } = await reader.read()
  expect(new TextDecoder().decode(value)).toBe('{"result":{},"jsonrpc":"2.0","id":1}\n')
  child.stdin.end()
  expect(await child.exited).toBe(0)
  expect(await reader.read()).toMatchObject({ done: true })
})

/** Starts `taskport mcp` and waits until it answers. */
async function start(environment: Record<string, string> = {}) {
  const child = Bun.spawn([process.execPath, '--no-env-file', MAIN, 'mcp'], {
    cwd: directory.path,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const answers = createInterface({ input: Readable.fromWeb(child.stdout) })[Symbol.asyncIterator]()
  const send = (message: object) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'tests', version: '1' },
  }
  send({ id: 'first', method: 'initialize', params })
  expect((await answers.next()).value).toContain('"id":"first"')
  send({ method: 'notifications/initialized' })
  return {
    child,
    add: (id: number) =>
      send({
        id,
        method: 'tools/call',
        params: { name: 'add_task', arguments: { text: `Task ${id}` } },
      }),
    /** The answers until standard output ends. */
    rest: () =>
      Array.fromAsync({ [Symbol.asyncIterator]: () => answers }, (line) => JSON.parse(line)),
  }
}

test('answers the calls in flight before it exits when its standard input ends', async () => {
  const { child, add, rest } = await start()
  const ids = Array.from({ length: 50 }, (_, index) => index)
  for (const id of ids) add(id)
  child.stdin.end()
  const answers = await rest()
  expect(answers.map(({ id }) => id).toSorted((a, b) => a - b)).toStrictEqual(ids)
  for (const { id, result } of answers)
    expect(result.structuredContent.task.text).toBe(`Task ${id}`)
  expect(await child.exited).toBe(0)
})

test('exits within SHUTDOWN_TIMEOUT_MS when a call in flight gets no answer', async () => {
  const { child, add, rest } = await start({
    DATABASE_URL: 'sqlite:./tasks.db',
    DATABASE_TIMEOUT_MS: '20000',
    SHUTDOWN_TIMEOUT_MS: '500',
  })
  using database = new Database(join(directory.path, 'tasks.db'))
  database.run('BEGIN IMMEDIATE')
  add(1)
  child.stdin.end()
  expect(await rest()).toStrictEqual([])
  expect(await child.exited).toBe(1)
})

test('exits with 0 on a signal', async () => {
  const child = Bun.spawn([process.execPath, '--no-env-file', MAIN, 'mcp'], {
    cwd: directory.path,
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`)
  await child.stdout.getReader().read()
  child.kill('SIGTERM')
  expect(await child.exited).toBe(0)
})

test('refuses a user that cannot own tasks', async () => {
  const { exitCode, stdout, stderr } = await runCommand(['mcp', '--user', ''], {
    directory: directory.path,
  })
  expect({ exitCode, stdout }).toStrictEqual({ exitCode: 1, stdout: '' })
  expect(stderr).toContain('--user must be 1 to 255 characters')
})
