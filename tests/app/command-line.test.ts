import { beforeEach, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { createLogger } from '../../adapters/pino/logger.ts'
import { run } from '../../app/command-line.ts'
import { serve } from '../../app/serve.ts'
import { generateNotices } from '../../scripts/notices.ts'
import { testConfig } from '../support/config.ts'
import { migrationLines } from '../support/migrations.ts'
import { directoryPerTest } from '../support/process.ts'

const directory = directoryPerTest()
let sqlite: { DATABASE_URL: string }

beforeEach(() => {
  sqlite = { DATABASE_URL: `sqlite:${join(directory.path, 'tasks.db')}` }
})

async function taskport(args: string[], variables: Record<string, string> = {}) {
  const printed = { out: '', error: '' }
  const exitCode = await run(args, {
    variables,
    addEnvFile() {},
    isTerminal: false,
    print: (text) => {
      printed.out += text
    },
    write: async (text) => {
      printed.out += text
    },
    input: () => new Blob([]).stream(),
    printError: (text) => {
      printed.error += text
    },
    onStopSignal() {},
  })
  return { exitCode, ...printed }
}

test.each(['--help', '-h', 'serve --help'])('%s lists the commands', async (words) => {
  const { exitCode, out } = await taskport(words.split(' '))
  expect(exitCode).toBe(0)
  for (const command of [
    'serve',
    'migrate',
    'export',
    'import',
    'backup',
    'restore',
    'feeds',
    'user',
    'token',
    'demo',
    'licenses',
    'health',
    'doctor',
  ])
    expect(out).toContain(`  ${command} `)
})

test('--version prints the version of package.json', async () => {
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
])('refuses %j and prints the usage', async (args, words) => {
  const { exitCode, out, error } = await taskport(args, sqlite)
  expect(exitCode).toBe(1)
  expect(out).toBe('')
  expect(error).toContain(words)
  expect(error).toContain('migrate --status')
})

test('reports an invalid configuration without a stack trace', async () => {
  const { exitCode, error } = await taskport(['serve'], { PORT: 'x' })
  expect(exitCode).toBe(1)
  expect(error).toStartWith('The configuration is not valid:\n  PORT: ')
  expect(error).not.toContain('    at ')
})

describe('migrate', () => {
  test('applies pending migrations and reports when there are none', async () => {
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

  test('does nothing with the memory store', async () => {
    const memory = { DATABASE_URL: 'memory:' }
    expect((await taskport(['migrate'], memory)).exitCode).toBe(0)
    expect((await taskport(['migrate', '--status'], memory)).exitCode).toBe(0)
  })
})

describe('token', () => {
  test('prints a token for the given user', async () => {
    const { exitCode, out } = await taskport(['token', '--user', 'ann'], sqlite)
    expect(exitCode).toBe(0)
    const [, payload = ''] = out.split('.')
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ sub: 'ann' })
  })

  test.each([
    ['if a secret is set', { BETTER_AUTH_SECRET: 'x'.repeat(32) }],
    ['if a key set is set', { BETTER_AUTH_URL: 'http://localhost:3000' }],
    ['if the store cannot keep a secret', { DATABASE_URL: 'memory:' }],
  ])('refuses to print a token %s', async (_, variables) => {
    const { exitCode, out, error } = await taskport(['token'], Object.assign({}, sqlite, variables))
    expect(exitCode).toBe(1)
    expect(out).toBe('')
    expect(error).toContain('Tokens come from your sign-in service')
  })
})

describe('demo', () => {
  test('prints the address that signs a browser in', async () => {
    const address = await taskport(['demo'], { ...sqlite, PORT: '8123' })
    expect(address).toMatchObject({ exitCode: 0, error: '' })
    expect(address.out).toMatch(/^(http:\/\/127\.0\.0\.1:8123\/)(#demo=[\w-]{43}\n)\1docs\2$/)
    expect(await taskport(['demo'], { ...sqlite, PORT: '8123' })).toStrictEqual(address)
  })

  test.each([
    ['if a secret is set', { BETTER_AUTH_SECRET: 'x'.repeat(32) }, 'only works in demo mode'],
    ['if the store cannot keep a secret', { DATABASE_URL: 'memory:' }, 'only works in demo mode'],
    ['if the port is unknown', { PORT: '0' }, 'Set PORT to the port of the running server'],
  ])('refuses to print an address %s', async (_, variables, words) => {
    const { exitCode, out, error } = await taskport(['demo'], Object.assign({}, sqlite, variables))
    expect(exitCode).toBe(1)
    expect(out).toBe('')
    expect(error).toContain(words)
  })
})

describe('health', () => {
  test('prints the health of the running server and fails when it has stopped', async () => {
    const config = testConfig({ PORT: '0' })
    const service = await serve(config, createLogger({ level: 'silent', format: 'json' }))
    const { exitCode, out } = await taskport(['health'], { PORT: `${service.port}` })
    expect(exitCode).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ status: 'healthy' })
    expect(await service.stop()).toBe(true)
    const gone = await taskport(['health'], { PORT: `${service.port}` })
    expect(gone.exitCode).toBe(1)
    expect(gone.error).toContain(`No server responds at http://127.0.0.1:${service.port}/health`)
  })

  test('connects to localhost when the server listens on every address', async () => {
    for (const [HOST, name] of [
      ['0.0.0.0', 'localhost'],
      ['::', 'localhost'],
      ['::1', '[::1]'],
    ] as const)
      expect((await taskport(['health'], { HOST, PORT: '1' })).error).toContain(`http://${name}:1/`)
  })
})

test('reports a port in use and what to do about it', async () => {
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

test('licenses prints what `bun run notices` generates', async () => {
  const { exitCode, out } = await taskport(['licenses'])
  expect(exitCode).toBe(0)
  expect(out).toBe(await generateNotices())
  for (const name of ['taskport', 'elysia 1.', 'swagger-ui-dist 5.', 'postgres 3.', 'bun 1.'])
    expect(out).toMatch(new RegExp(`^${name}`, 'm'))
  expect(out).not.toMatch(/^typescript /m)
}, 30_000)
