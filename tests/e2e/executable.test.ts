import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { cp, readdir } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { scripts, version } from '../../package.json'
import { describeHttpSmoke } from '../conformance/http/smoke.ts'
import { bearer, PRODUCTION, SECRET } from '../support/config.ts'
import { migrationLines } from '../support/migrations.ts'
import { createDatabase } from '../support/postgres.ts'
import {
  GREETING,
  type ProcessOptions,
  runCommand,
  startService,
  stopCleanly,
  temporaryDirectory,
} from '../support/process.ts'

const ROOT = join(import.meta.dir, '..', '..')

// Starts several processes, possibly on a busy machine.
setDefaultTimeout(30_000)

let build: Awaited<ReturnType<typeof temporaryDirectory>>
let empty: Awaited<ReturnType<typeof temporaryDirectory>>

beforeAll(async () => {
  build = await temporaryDirectory()
  empty = await temporaryDirectory()
  // The documented build command, without the installation and with another output file.
  const line = scripts.build.slice(scripts.build.indexOf('bun build '))
  await Bun.$`sh -c ${line.replace('dist/taskport', executable())}`
    .cwd(ROOT)
    .env({ PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) })
    .quiet()
}, 60_000)

afterAll(async () => {
  await build[Symbol.asyncDispose]()
  await empty[Symbol.asyncDispose]()
})

function executable(): string {
  return join(build.path, 'taskport')
}

function inEmptyDirectory(environment: Record<string, string> = {}): ProcessOptions {
  return { directory: empty.path, program: [executable()], environment }
}

describeHttpSmoke({
  name: 'the executable with PostgreSQL',
  async open() {
    const database = await createDatabase()
    const service = await startService(
      inEmptyDirectory({ ...PRODUCTION, DATABASE_URL: database.url }),
    )
    return {
      send: service.send,
      async close() {
        await stopCleanly(service)
        await database.drop()
      },
    }
  },
})

test('prints its version', async () => {
  const { exitCode, stdout } = await runCommand(['--version'], inEmptyDirectory())
  expect({ exitCode, stdout }).toStrictEqual({ exitCode: 0, stdout: `${version}\n` })
})

test('prints the licenses of what it contains', async () => {
  const { exitCode, stdout } = await runCommand(['licenses'], inEmptyDirectory())
  expect(exitCode).toBe(0)
  expect(stdout).toBe(await Bun.file(join(ROOT, 'app', 'notices.txt')).text())
})

test('is built from production dependencies, without TypeScript', async () => {
  await using copy = await temporaryDirectory()
  for (const name of [
    'package.json',
    'bun.lock',
    'bunfig.toml',
    'patches',
    'core',
    'adapters',
    'app',
    'client',
    'playground',
  ])
    await cp(join(ROOT, name), join(copy.path, name), { recursive: true })
  await Bun.$`${process.execPath} run build`.cwd(copy.path).quiet()
  const installed = await readdir(join(copy.path, 'node_modules'))
  expect(installed).toContain('elysia')
  expect(installed).not.toContain('typescript')
  const program = [join(copy.path, 'dist', 'taskport')]
  await using service = await startService({ ...inEmptyDirectory(PRODUCTION), program })
  expect((await service.send('/openapi.json')).status).toBe(200)
  expect(await service.stop('SIGTERM')).toBe(0)
})

test('contains its migrations, and the assets of /docs and of the playground', async () => {
  const DATABASE_URL = 'sqlite:./inside.db'
  const migrated = await runCommand(['migrate'], inEmptyDirectory({ DATABASE_URL }))
  expect(migrated).toStrictEqual({
    exitCode: 0,
    stdout: migrationLines('applied'),
    stderr: '',
  })
  await using service = await startService(inEmptyDirectory({ DATABASE_URL }), GREETING)
  const page = await (await service.send('/docs')).text()
  const assets = Array.from(
    page.matchAll(/(?:src|href)="(docs\/[^"]+)"/g),
    ([, path]) => `/${path}`,
  )
  const playground = await (await service.send('/', { headers: { accept: 'text/html' } })).text()
  for (const [, path] of playground.matchAll(/(?:src|href)="(playground\/[^"]+)"/g))
    assets.push(`/${path}`)
  expect(assets).toHaveLength(5)
  for (const path of [...assets, '/openapi.json']) {
    const response = await service.send(path)
    expect(response.status).toBe(200)
    expect((await response.text()).length).toBeGreaterThan(100)
  }
  expect(await (await service.send('/health')).json()).toMatchObject({ version })
  expect(await service.stop('SIGTERM')).toBe(0)
})

// Bun refers to a file that it did not embed by its path at build time.
test('does not refer to files of the build machine', async () => {
  const assets = join(import.meta.dir, '..', '..', 'node_modules', 'swagger-ui-dist')
  const bytes = Buffer.from(await Bun.file(executable()).arrayBuffer())
  expect(bytes.includes('swagger-ui-bundle')).toBe(true)
  expect(bytes.includes(assets)).toBe(false)
})

test('writes pretty logs', async () => {
  const environment = { LOG_FORMAT: 'pretty', DATABASE_URL: 'memory:' }
  await using service = await startService(inEmptyDirectory(environment), GREETING)
  expect(service.output()).toMatch(/^\[.+\] INFO.*: Serving\n {4}host: "127\.0\.0\.1"\n/m)
})

test('serves assistants over HTTP and over standard input and output', async () => {
  const call = { name: 'add_task', arguments: { text: 'Buy milk' } }
  const message = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call })
  {
    await using service = await startService(
      inEmptyDirectory({ ...PRODUCTION, DATABASE_URL: 'memory:' }),
    )
    const response = await service.send('/mcp', {
      method: 'POST',
      headers: {
        ...(await bearer('ann')),
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: message,
    })
    expect(await response.text()).toContain('"structuredContent":{"task"')
    await stopCleanly(service)
  }
  const child = Bun.spawn([executable(), 'mcp'], {
    cwd: empty.path,
    env: { DATABASE_URL: 'memory:' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.write(`${message}\n`)
  const { value } = await child.stdout.getReader().read()
  expect(new TextDecoder().decode(value)).toContain('"structuredContent":{"task"')
  child.stdin.end()
  expect(await child.exited).toBe(0)
})

test('starts workers', async () => {
  const environment = {
    WORKERS: '2',
    DATABASE_URL: 'sqlite:./workers.db',
    BETTER_AUTH_SECRET: SECRET,
  }
  await using service = await startService(inEmptyDirectory(environment))
  expect((await service.send('/health')).status).toBe(200)
  expect(await service.stop('SIGTERM')).toBe(0)
})

test('takes $ in .env literally', async () => {
  await using directory = await temporaryDirectory()
  await Bun.write(join(directory.path, '.env'), "DATABASE_URL='sqlite:./a$b.db'")
  const migrated = await runCommand(['migrate'], {
    ...inEmptyDirectory(),
    directory: directory.path,
  })
  expect(migrated.exitCode).toBe(0)
  expect(await Bun.file(join(directory.path, 'a$b.db')).exists()).toBe(true)
})
