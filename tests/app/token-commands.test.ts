import { Database } from 'bun:sqlite'
import { beforeEach, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { run } from '../../app/command-line.ts'
import { compose } from '../../app/compose.ts'
import { UNKNOWN } from '../conformance/http/client.ts'
import { turn } from '../conformance/stores/store.ts'
import { testConfig } from '../support/config.ts'
import { createDatabase } from '../support/postgres.ts'
import { directoryPerTest } from '../support/process.ts'

const directory = directoryPerTest()
let variables: { DATABASE_URL: string }

beforeEach(async () => {
  variables = { DATABASE_URL: `sqlite:${join(directory.path, 'tasks.db')}` }
  await taskport(['migrate'])
})

async function taskport(args: string[], environment: Record<string, string> = variables) {
  const printed = { out: '', error: '' }
  const exitCode = await run(args, {
    variables: environment,
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

const CREATE = ['token', 'create', '--user', 'ann', '--name', 'ci', '--scopes', 'read,write']
const TOKEN = /^tp_[0-9A-Za-z]{49}\n$/
const WITH_DATABASE = [['SQLite'], ['PostgreSQL']]

describe.each(WITH_DATABASE)('with %s', (name) => {
  test('creates a token that the service accepts, lists it and revokes it', async () => {
    const database = name === 'PostgreSQL' ? await createDatabase() : null
    const environment = database ? { DATABASE_URL: database.url } : variables
    await taskport(['migrate'], environment)
    const created = await taskport(CREATE, environment)
    expect(created).toMatchObject({ exitCode: 0 })
    expect(created.out).toMatch(TOKEN)
    const [id = ''] = /[0-9a-f-]{36}/.exec(created.error) ?? []
    expect(created.error).toBe(`created ${id} (read,write), which never expires\n`)

    const app = await compose(testConfig(environment), () => {})
    await app.migrate(() => {})
    const request = () =>
      new Request('http://localhost/tasks', {
        headers: { authorization: `Bearer ${created.out.trim()}` },
      })
    expect((await app.http.handle(request())).status).toBe(200)
    let listed = await taskport(['token', 'list', '--user', 'ann'], environment)
    // No request waits for the last use to be written.
    while (/never$/m.test(listed.out)) {
      await turn()
      listed = await taskport(['token', 'list', '--user', 'ann'], environment)
    }
    await app.close()
    expect(listed).toMatchObject({ exitCode: 0, error: '' })
    const [header = '', line = ''] = listed.out.split('\n')
    expect(header).toMatch(/^ID +NAME +SCOPES +CREATED +EXPIRES +LAST USED$/)
    expect(line).toMatch(new RegExp(`^${id}  ci +read,write +2\\S+Z +never +2\\S+:00:00.000Z$`))
    expect(listed.out).not.toContain(created.out.slice(3, 20))

    const revoke = ['token', 'revoke', '--user', 'ann', id.toUpperCase()]
    expect(await taskport(revoke, environment)).toStrictEqual({
      exitCode: 0,
      out: `revoked ${id}: running services refuse it within 30 seconds\n`,
      error: '',
    })
    expect(await taskport(revoke, environment)).toStrictEqual({
      exitCode: 1,
      out: '',
      error: 'The user has no token with this id.\n',
    })
    const empty = await taskport(['token', 'list', '--user', 'ann'], environment)
    expect(empty.out).toBe('The user has no API tokens.\n')
    await database?.drop()
  }, 30_000)
})

test('prints JSON with --json', async () => {
  const created = await taskport([...CREATE, '--json', '--days', '90'])
  expect(created).toMatchObject({ exitCode: 0, error: '' })
  const { token, ...rest } = JSON.parse(created.out)
  expect(`${token}\n`).toMatch(TOKEN)
  expect(rest).toMatchObject({ name: 'ci', scopes: ['read', 'write'], last_used_at: null })
  const days = (Date.parse(rest.expires_at) - Date.parse(rest.created_at)) / 86_400_000
  expect(days).toBeGreaterThan(89.99)
  expect(days).toBeLessThan(90.01)
  const listed = await taskport(['token', 'list', '--user', 'ann', '--json'])
  expect(JSON.parse(listed.out)).toStrictEqual({ tokens: [rest] })
  const revoked = await taskport(['token', 'revoke', '--user', 'ann', rest.id, '--json'])
  expect(JSON.parse(revoked.out)).toStrictEqual({ id: rest.id })
})

test('stores only the hash of a token', async () => {
  const { out } = await taskport(CREATE)
  using database = new Database(join(directory.path, 'tasks.db'))
  const rows = JSON.stringify(database.query('select * from api_tokens').all())
  expect(rows).toContain(new Bun.CryptoHasher('sha256').update(out.trim()).digest('hex'))
  expect(rows).not.toContain(out.slice(3, 20))
})

test('manages the tokens of one user only', async () => {
  const { out } = await taskport([...CREATE, '--json'])
  const { id } = JSON.parse(out)
  expect((await taskport(['token', 'list', '--user', 'bob'])).out).toBe(
    'The user has no API tokens.\n',
  )
  expect(await taskport(['token', 'revoke', '--user', 'bob', id])).toMatchObject({ exitCode: 1 })
  expect((await taskport(['token', 'list', '--user', 'ann'])).out).toContain(id)
})

test('prints no control character of a name', async () => {
  await taskport([
    'token',
    'create',
    '--user',
    'ann',
    '--name',
    'a\u001b[2J\u202e',
    '--scopes',
    'read',
  ])
  const { out } = await taskport(['token', 'list', '--user', 'ann'])
  expect(out).toContain('  a?[2J?  ')
})

test.each([['create'], ['list'], ['revoke']])(
  'token %s --help prints the usage',
  async (command) => {
    const { exitCode, out, error } = await taskport(['token', command, '--help'], {})
    expect({ exitCode, error }).toStrictEqual({ exitCode: 0, error: '' })
    expect(out).toStartWith('Usage: taskport token create --user ann --name ci')
  },
)

test.each([
  [['token', 'create', '--name', 'ci', '--scopes', 'read'], '--user must be 1 to 255 characters'],
  [['token', 'create', '--user', '', '--name', 'ci', '--scopes', 'read'], '--user must be'],
  [['token', 'create', '--user', 'ann', '--scopes', 'read'], 'name: is required'],
  [['token', 'create', '--user', 'ann', '--name', 'ci'], 'scopes: is required'],
  [[...CREATE, '--scopes', 'write'], 'scopes: must be ["read"] or ["read", "write"]'],
  [[...CREATE, '--days', '0'], '--days must be a whole number from 1 to 36500'],
  [[...CREATE, '--days', '36501'], '--days must be'],
  [[...CREATE, '--days', '1.5'], '--days must be'],
  [[...CREATE, 'x'], 'Unknown argument "x"'],
  [[...CREATE, '--nonsense'], '--nonsense'],
  [['token', 'list', '--user', 'ann', '--days', '1'], '`taskport token list` takes no --days'],
  [['token', 'list', '--user', 'ann', 'x'], 'Unknown argument "x"'],
  [['token', 'revoke', '--user', 'ann'], 'Name the id of the token'],
  [['token', 'revoke', '--user', 'ann', UNKNOWN, 'x'], 'Unknown argument "x"'],
  [['token', 'revoke', '--user', 'ann', 'x'], 'id: must be a UUID'],
  [['token', 'nonsense'], 'Unknown argument "nonsense"'],
])('refuses %j', async (args, words) => {
  const { exitCode, out, error } = await taskport(args)
  expect(exitCode).toBe(1)
  expect(out).toBe('')
  expect(error).toContain(words)
  expect(error).not.toContain('    at ')
})

test('refuses a store that it cannot share with a service, and one with pending migrations', async () => {
  const memory = await taskport(CREATE, { DATABASE_URL: 'memory:' })
  expect(memory).toMatchObject({ exitCode: 1, out: '' })
  expect(memory.error).toContain('DATABASE_URL=memory: keeps tokens only in the running service')
  const other = { DATABASE_URL: `sqlite:${join(directory.path, 'other.db')}` }
  const pending = await taskport(CREATE, other)
  expect(pending).toMatchObject({ exitCode: 1, out: '' })
  expect(pending.error).toContain('Run `taskport migrate` first')
})

test('leaves the token of demo mode as it is', async () => {
  const { exitCode, out } = await taskport(['token', '--user', 'ann'])
  expect(exitCode).toBe(0)
  expect(out).toStartWith('eyJ')
})
