import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { signToken } from '../../adapters/auth/sign.ts'
import packageJson from '../../package.json'
import { directoryPerTest, runCommand, startService } from '../support/process.ts'

// Starts several processes, possibly on a busy machine.
setDefaultTimeout(30_000)

const ROOT = join(import.meta.dir, '..', '..')
const MAIN = join(ROOT, 'app', 'main.ts')
// Bun would expand `$def`, even in single quotes.
const secret = 'abc$def-and-32-more-bytes-$HOME-$'
const directory = directoryPerTest()

async function writeEnvFile(...lines: string[]): Promise<void> {
  await Bun.write(join(directory.path, '.env'), lines.join('\r\n'))
}

/** The status of a request with a token that is signed with `secret`. */
async function signIn(service: { send(path: string, init: RequestInit): Promise<Response> }) {
  const token = await signToken({ secret, sub: 'ann', expiresInSeconds: 60, now: Date.now() })
  const response = await service.send('/tasks', { headers: { authorization: `Bearer ${token}` } })
  return response.status
}

describe('a secret with $ in .env is taken literally', () => {
  test.each(['1', '2'])('with WORKERS=%s', async (workers) => {
    await writeEnvFile(
      'DATABASE_URL=sqlite:./tasks.db # not in memory',
      `export BETTER_AUTH_SECRET='${secret}'`,
      `WORKERS="${workers}"`,
    )
    await using service = await startService({ directory: directory.path })
    expect(service.output()).toContain(`"workers":${workers}`)
    expect(await signIn(service)).toBe(200)
    expect(await service.stop('SIGTERM')).toBe(0)
  })

  test('by `bun start`', async () => {
    const program = await copyProject()
    await writeEnvFile('DATABASE_URL=memory:', `BETTER_AUTH_SECRET='${secret}'`)
    await using service = await startService({
      directory: directory.path,
      program: [...program, 'start'],
    })
    const status = await signIn(service)
    // `bun run` passes the signal on; killing it would leave the service behind.
    await service.stop('SIGTERM')
    expect(status).toBe(200)
  })
})

test('`bun run migrate` takes a path with $ in .env literally', async () => {
  const program = await copyProject()
  await writeEnvFile(`DATABASE_URL='sqlite:./a$b.db'`)
  const options = { directory: directory.path, program }
  expect(await runCommand(['migrate'], options)).toMatchObject({ exitCode: 0 })
  expect(await Bun.file(join(directory.path, 'a$b.db')).exists()).toBe(true)
})

test('real environment variables win over .env, even empty ones', async () => {
  await writeEnvFile('DATABASE_URL=memory:', 'PORT=x', 'JWT_ISSUER=x', `BETTER_AUTH_SECRET=short`)
  await using service = await startService({
    directory: directory.path,
    environment: { BETTER_AUTH_SECRET: secret, JWT_ISSUER: '' },
  })
  expect(await signIn(service)).toBe(200)
})

test('variables that only OpenTelemetry reads can be in .env', async () => {
  const received = Promise.withResolvers<string>()
  await using collector = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      received.resolve(await request.text())
      return new Response()
    },
  })
  await writeEnvFile(
    `BETTER_AUTH_SECRET='${secret}'`,
    'DATABASE_URL=memory:',
    `OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${collector.port}`,
    'OTEL_SERVICE_NAME=name-from-the-file',
  )
  await using service = await startService({ directory: directory.path })
  expect(await signIn(service)).toBe(200)
  await service.stop('SIGTERM')
  expect(await received.promise).toContain('name-from-the-file')
})

test('a byte order mark in .env is ignored', async () => {
  await writeEnvFile('\ufeffPORT=x')
  expect((await runCommand(['serve'], { directory: directory.path })).stderr).toContain(
    'PORT: must',
  )
})

describe('the start is refused in one sentence if .env', () => {
  test.each<[what: string, write: (path: string) => Promise<unknown>, sentence: string]>([
    [
      'is malformed',
      (path) => Bun.write(path, `A=1\nBETTER_AUTH_SECRET='hunter2`),
      ".env: line 2 is malformed; write NAME=value, or NAME='value' with only a comment after it",
    ],
    [
      'is in UTF-16',
      (path) => Bun.write(path, Buffer.from('\ufeffA=1', 'utf16le')),
      '.env: is not in UTF-8; save it in UTF-8',
    ],
    [
      'is in UTF-16 without a byte order mark',
      (path) => Bun.write(path, Buffer.from('A=1', 'utf16le')),
      '.env: is not in UTF-8; save it in UTF-8',
    ],
    [
      'is a link to itself',
      (path) => symlink(path, path),
      '.env: cannot be read (ELOOP); make it readable, or remove it',
    ],
  ])('%s', async (_what, write, sentence) => {
    await write(join(directory.path, '.env'))
    expect(await runCommand(['serve'], { directory: directory.path })).toStrictEqual({
      exitCode: 1,
      stdout: '',
      stderr: `${sentence}\n`,
    })
  })

  test('was read by Bun, from source in another directory', async () => {
    await writeEnvFile('PORT=x')
    const options = { directory: directory.path, program: [process.execPath, MAIN] }
    expect((await runCommand(['serve'], options)).stderr).toBe(
      `.env: Bun has read it and expanded each $; start with \`bun --no-env-file ${MAIN}\`\n`,
    )
    expect((await runCommand(['--help'], options)).exitCode).toBe(0)
  })
})

test('a directory named .env is not a file of variables', async () => {
  await mkdir(join(directory.path, '.env'))
  const options = { directory: directory.path, environment: { DATABASE_URL: 'memory:' } }
  expect(await runCommand(['migrate', '--status'], options)).toMatchObject({ exitCode: 0 })
})

/**
 * Copies the project to the directory of the test.
 *
 * @returns the command that runs its scripts, which do not install dependencies.
 */
async function copyProject(): Promise<string[]> {
  for (const name of ['app', 'core', 'adapters', 'bunfig.toml'])
    await cp(join(ROOT, name), join(directory.path, name), { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(directory.path, 'node_modules'))
  const scripts = Object.fromEntries(
    Object.entries(packageJson.scripts).map(([name, line]) => [name, line.replace(/^.*&& /, '')]),
  )
  await Bun.write(join(directory.path, 'package.json'), JSON.stringify({ ...packageJson, scripts }))
  return [process.execPath, 'run', '--silent']
}
