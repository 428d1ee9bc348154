import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '../../adapters/pino/logger.ts'
import { run } from '../../app/command-line.ts'
import { serve } from '../../app/serve.ts'
import { testConfig } from '../support/config.ts'
import { migrationLines } from '../support/migrations.ts'

let directory: string
let sqlite: { DATABASE_URL: string }

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'taskport-'))
  sqlite = { DATABASE_URL: `sqlite:${join(directory, 'tasks.db')}` }
})

afterEach(() => rm(directory, { recursive: true }))

async function taskport(args: string[], variables: Record<string, string> = {}) {
  const said = { out: '', error: '' }
  const exitCode = await run(args, {
    variables,
    isTerminal: false,
    print: (text) => {
      said.out += text
    },
    write: async (text) => {
      said.out += text
    },
    input: () => new Blob([]).stream(),
    printError: (text) => {
      said.error += text
    },
  })
  return { exitCode, ...said }
}

test.each(['--help', '-h', 'serve --help'])('help lists the commands: %s', async (words) => {
  const { exitCode, out } = await taskport(words.split(' '))
  expect(exitCode).toBe(0)
  for (const command of ['serve', 'migrate', 'export', 'import', 'token', 'health'])
    expect(out).toContain(`  ${command} `)
})

test('the version is that of package.json', async () => {
  const { version } = await Bun.file(join(import.meta.dir, '../../package.json')).json()
  expect(await taskport(['--version'])).toStrictEqual({
    exitCode: 0,
    out: `${version}\n`,
    error: '',
  })
})

test.each([
  [['nonsense'], 'Unknown command "nonsense"'],
  [['migrate', 'up'], 'Unknown argument "up"'],
  [['--nonsense'], '--nonsense'],
])('%j is refused, with the usage', async (args, words) => {
  const { exitCode, out, error } = await taskport(args, sqlite)
  expect(exitCode).toBe(1)
  expect(out).toBe('')
  expect(error).toContain(words)
  expect(error).toContain('migrate --status')
})

test('a configuration that is wrong is told without a stack', async () => {
  const { exitCode, error } = await taskport(['serve'], { PORT: 'x' })
  expect(exitCode).toBe(1)
  expect(error).toStartWith('The configuration is not valid:\n  PORT: ')
  expect(error).not.toContain('    at ')
})

describe('migrate', () => {
  test('applies what is pending, and says when there is nothing to do', async () => {
    const pending = await taskport(['migrate', '--status'], sqlite)
    expect(pending).toMatchObject({ exitCode: 1, out: migrationLines('pending') })
    const applied = await taskport(['migrate'], sqlite)
    expect(applied).toMatchObject({ exitCode: 0, out: migrationLines('applied') })
    const again = await taskport(['migrate'], sqlite)
    expect(again).toMatchObject({
      exitCode: 0,
      out: 'Nothing to do: all migrations are applied.\n',
    })
    const status = await taskport(['migrate', '--status'], sqlite)
    expect(status).toMatchObject({ exitCode: 0, out: migrationLines('applied') })
  })

  test('has nothing to do in memory', async () => {
    const memory = { DATABASE_URL: 'memory:' }
    expect((await taskport(['migrate'], memory)).exitCode).toBe(0)
    expect((await taskport(['migrate', '--status'], memory)).exitCode).toBe(0)
  })
})

describe('token', () => {
  test('is of the user that is named, and of the secret that is kept', async () => {
    const { exitCode, out } = await taskport(['token', '--user', 'ann'], sqlite)
    expect(exitCode).toBe(0)
    const [, payload = ''] = out.split('.')
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ sub: 'ann' })
  })

  test.each([
    ['with a secret', { BETTER_AUTH_SECRET: 'x'.repeat(32) }],
    ['with a key set', { BETTER_AUTH_URL: 'http://localhost:3000' }],
    ['on a store that keeps no secret', { DATABASE_URL: 'memory:' }],
  ])('is not made %s', async (_, variables) => {
    const { exitCode, out, error } = await taskport(['token'], Object.assign({}, sqlite, variables))
    expect(exitCode).toBe(1)
    expect(out).toBe('')
    expect(error).toContain('Tokens come from your sign-in service')
  })
})

describe('health', () => {
  test('is that of the server', async () => {
    const config = testConfig({ PORT: '0' })
    const service = await serve(config, createLogger({ level: 'silent', format: 'json' }))
    const { exitCode, out } = await taskport(['health'], { PORT: `${service.port}` })
    expect(exitCode).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ status: 'healthy' })
    expect(await service.stop()).toBe(true)
    const gone = await taskport(['health'], { PORT: `${service.port}` })
    expect(gone.exitCode).toBe(1)
    expect(gone.error).toContain(`Nothing answers at http://127.0.0.1:${service.port}/health`)
  })

  test('asks this machine where the server listens on every address', async () => {
    for (const [HOST, name] of [
      ['0.0.0.0', 'localhost'],
      ['::', 'localhost'],
      ['::1', '[::1]'],
    ] as const)
      expect((await taskport(['health'], { HOST, PORT: '1' })).error).toContain(`http://${name}:1/`)
  })
})

test('a port that is taken is told, and what to do', async () => {
  const taken = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  for (const WORKERS of ['1', '2']) {
    const { exitCode, error } = await taskport(['serve'], {
      ...sqlite,
      PORT: `${taken.port}`,
      WORKERS,
      LOG_LEVEL: 'silent',
    })
    expect(exitCode).toBe(1)
    expect(error).toContain(`${taken.port}`)
    expect(error).toContain('Set PORT to a free port')
  }
  taken.stop()
})
