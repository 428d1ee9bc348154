import { expect, setDefaultTimeout, test } from 'bun:test'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { SECRET, tokenOf } from '../support/config.ts'
import { startKeySetServer } from '../support/key-set-server.ts'
import { createDatabase } from '../support/postgres.ts'
import { directoryPerTest, runCommand, startService } from '../support/process.ts'
import { keyPair } from '../support/tokens.ts'

setDefaultTimeout(60_000)

const directory = directoryPerTest()
const MAIN = join(import.meta.dir, '..', '..', 'app', 'main.ts')
const TASKPORT = [process.execPath, '--no-env-file', MAIN]

// Root ignores file permissions unless it drops its capabilities.
const WITHOUT_PRIVILEGES =
  process.getuid?.() === 0 ? ['setpriv', '--inh-caps=-all', '--bounding-set=-all'] : []

function doctor(args: string[], environment: Record<string, string>, program = TASKPORT) {
  return runCommand(['doctor', ...args], { directory: directory.path, environment, program })
}

test('prints a table, exits with 0 and changes nothing if only warnings are left', async () => {
  await writeFile(join(directory.path, '.env'), 'CORS_ORIGIN=https://app.example.com\n')
  await chmod(join(directory.path, '.env'), 0o644)
  const { exitCode, stdout, stderr } = await doctor([], { BETTER_AUTH_SECRET: SECRET })
  expect({ exitCode, stderr }).toStrictEqual({ exitCode: 0, stderr: '' })
  const advice = ' '.repeat('file descriptors  problem  '.length)
  expect(stdout.split('\n').map((line) => line.replace(/\d+ MiB|most \d+/, '#'))).toStrictEqual([
    'configuration     ok       valid: BETTER_AUTH_SECRET',
    'configuration     warning  CORS_ORIGIN is not a setting',
    `${advice}→ If CORS_ORIGINS is meant, rename it.`,
    '.env file         warning  readable for all users of the machine (mode 644)',
    `${advice}→ Run \`chmod 600 .env\`, because it may contain secrets.`,
    `store             warning  ${directory.path}/data/tasks.db does not exist yet`,
    `${advice}→ The start creates it. If there are tasks already, correct the path in DATABASE_URL.`,
    expect.stringMatching(/^store version {5}ok {7}SQLite 3/),
    'store rights      ok       the file and its directory can be written',
    'disk space        ok       # free',
    'sign-in           ok       tokens signed with BETTER_AUTH_SECRET (HS256), with any issuer (iss) and any audience (aud)',
    'Redis             ok       not configured: each process counts requests by itself',
    'CORS origins      ok       http://localhost:3000',
    expect.stringMatching(/^file descriptors {2}(ok|warning)/),
    ...(stdout.includes('Raise the limit') ? [expect.stringContaining('Raise')] : []),
    '',
    expect.stringMatching(/^0 problems, [34] warnings$/),
    '',
  ])
  expect(await readdir(directory.path)).toStrictEqual(['.env'])
})

test('prints JSON, exits with 1 and shows no secret if something is wrong', async () => {
  const database = await createDatabase()
  const administrator = postgres(database.url, { max: 1, fetch_types: false, onnotice() {} })
  const role = 'taskport_test_doctor'
  await administrator.unsafe(`drop role if exists ${role}`)
  await administrator.unsafe(`create role ${role} login password 'hunter2'`)
  const keySet = startKeySetServer((await keyPair('EdDSA', 'first')).publicJwk)
  keySet.respondWith(() => new Response('', { status: 404 }))
  const url = new URL(database.url)
  url.username = role
  url.password = 'hunter2'
  try {
    const { exitCode, stdout, stderr } = await doctor(['--json'], {
      NODE_ENV: 'production',
      DATABASE_URL: url.href,
      REDIS_URL: 'redis://ann:hunter3@127.0.0.1:1',
      BETTER_AUTH_SECRET: SECRET,
      JWKS_URL: keySet.url,
      PORT: 'many',
    })
    expect({ exitCode, stderr }).toStrictEqual({ exitCode: 1, stderr: '' })
    const { ok, checks } = JSON.parse(stdout)
    expect(ok).toBe(false)
    const problems = checks.filter(({ status }: { status: string }) => status === 'problem')
    expect(problems.map(({ check }: { check: string }) => check)).toStrictEqual([
      'configuration',
      'store rights',
      'key set',
      'Redis',
    ])
    expect(stdout).not.toContain('hunter')
    expect(stdout).not.toContain(SECRET)
  } finally {
    await keySet.close()
    await administrator.unsafe(`drop owned by ${role}; drop role ${role}`)
    await administrator.end()
    await database.drop()
  }
})

test('finds a read-only SQLite file and an unwritable directory', async () => {
  const path = join(directory.path, 'data', 'tasks.db')
  const environment = { DATABASE_URL: `sqlite:${path}`, BETTER_AUTH_SECRET: SECRET }
  const program = [...WITHOUT_PRIVILEGES, ...TASKPORT]
  expect(await runCommand(['migrate'], { directory: directory.path, environment })).toMatchObject({
    exitCode: 0,
  })
  await chmod(path, 0o400)
  const file = await doctor([], environment, program)
  expect(file.exitCode).toBe(1)
  expect(file.stdout).toMatch(
    /store rights +problem +permission denied: uid \d+ cannot write to .*db/,
  )
  expect(file.stdout).toMatch(/migrations +ok/)

  await chmod(path, 0o600)
  await mkdir(join(directory.path, 'closed'), { mode: 0o555 })
  const closed = { ...environment, DATABASE_URL: `sqlite:${directory.path}/closed/tasks.db` }
  const missing = await doctor([], closed, program)
  expect(missing.exitCode).toBe(1)
  expect(missing.stdout).toMatch(/store rights +problem +permission denied: .*closed/)
})

test('checks the file of a service that runs', async () => {
  const environment = { BETTER_AUTH_SECRET: SECRET, DATABASE_URL: 'sqlite:tasks.db' }
  await using service = await startService({ directory: directory.path, environment })
  const { exitCode, stdout } = await doctor([], environment)
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/store +ok +the SQLite file .*tasks\.db can be read/)
  expect(stdout).toMatch(/migrations +ok +all \d+ are applied/)
  expect(await service.stop('SIGTERM')).toBe(0)
})

test('reports a malformed .env file', async () => {
  await writeFile(join(directory.path, '.env'), `BETTER_AUTH_SECRET='hunter2\n`)
  const { exitCode, stdout } = await doctor([], {})
  expect(exitCode).toBe(1)
  expect(stdout).toStartWith('.env file  problem  .env: line 1 is malformed')
  expect(stdout).not.toContain('hunter2')
})

test('says whether the token on standard input is valid', async () => {
  const program = ['sh', '-c', 'printf %s "$TOKEN" | exec "$@"', 'sh', ...TASKPORT]
  const TOKEN = await tokenOf('ann')
  const valid = await doctor(['--token'], { TOKEN, BETTER_AUTH_SECRET: SECRET }, program)
  expect(valid.exitCode).toBe(0)
  expect(valid.stdout).toContain('token          ok       valid for the user "ann" until 20')

  const environment = { TOKEN, BETTER_AUTH_SECRET: `${SECRET}!` }
  const refused = await doctor(['--token'], environment, program)
  expect(refused.exitCode).toBe(1)
  expect(refused.stdout).toContain('refused (bad_signature): The token was changed, or')
  expect(`${valid.stdout}${refused.stdout}`).not.toContain(TOKEN.slice(0, 20))
})

test('is listed by --help and documented', async () => {
  const { stdout } = await runCommand(['--help'], { directory: directory.path })
  expect(stdout).toContain('  doctor [--json] ')
  expect(stdout).toContain('  doctor --token ')
  const page = await readFile(join(import.meta.dir, '../../docs/troubleshooting.md'), 'utf8')
  expect(page).toContain('taskport doctor --token')
})
