import { describe, expect, test } from 'bun:test'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SQL } from 'bun'
import { version } from '../../package.json'
import { readList, readTask } from '../http/answers.ts'
import { bearer, SECRET } from '../support/config.ts'
import { migrationLines } from '../support/migrations.ts'
import { createDatabase } from '../support/postgres.ts'
import { directoryPerTest, GREETING, runCommand, startService } from '../support/process.ts'

const directory = directoryPerTest()

function taskport(args: string[], environment: Record<string, string> = {}) {
  return runCommand(args, { directory: directory.path, environment })
}

test('migrates, reports the status, prints a token and checks the health of the server', async () => {
  expect(await taskport(['migrate', '--status'])).toStrictEqual({
    exitCode: 1,
    stdout: migrationLines('pending'),
    stderr: '',
  })
  expect(await taskport(['migrate'])).toMatchObject({
    exitCode: 0,
    stdout: migrationLines('applied'),
  })
  expect(await taskport(['migrate', '--status'])).toMatchObject({
    exitCode: 0,
    stdout: migrationLines('applied'),
  })

  const token = await taskport(['token', '--user', 'ann'])
  expect(token.exitCode).toBe(0)
  await using service = await startService({ directory: directory.path }, GREETING)
  const headers = { authorization: `Bearer ${token.stdout.trim()}` }
  expect((await service.send('/tasks', { headers })).status).toBe(200)

  const PORT = `${service.port}`
  const health = await taskport(['health'], { PORT })
  expect(health.exitCode).toBe(0)
  expect(JSON.parse(health.stdout)).toStrictEqual({
    status: 'healthy',
    database: 'connected',
    version,
  })
  await service.stop('SIGTERM')
  const down = await taskport(['health'], { PORT })
  expect(down).toMatchObject({ exitCode: 1, stdout: '' })
  expect(down.stderr).toContain(`No server responds at http://127.0.0.1:${PORT}/health`)
})

test('refuses an unknown command and writes nothing', async () => {
  const { exitCode, stdout, stderr } = await taskport(['destroy'])
  expect({ exitCode, stdout }).toStrictEqual({ exitCode: 1, stdout: '' })
  expect(stderr).toContain('Unknown command "destroy"')
  expect(await readdir(directory.path)).toStrictEqual([])
})

test('names the port when it is in use', async () => {
  await using service = await startService({ directory: directory.path }, GREETING)
  const second = await taskport(['serve'], { PORT: `${service.port}` })
  expect(second.exitCode).toBe(1)
  expect(second.stderr).toContain(`${service.port}`)
  expect(second.stderr).not.toContain('    at ')
  expect((await service.send('/health')).status).toBe(200)
})

test('names ADMIN_PORT when it is in use', async () => {
  await using service = await startService({ directory: directory.path }, GREETING)
  const second = await taskport(['serve'], { PORT: '0', ADMIN_PORT: `${service.port}` })
  expect(second.exitCode).toBe(1)
  expect(second.stderr).toContain('Set ADMIN_PORT to a free port, for example ADMIN_PORT=9091.')
  expect(second.stderr).not.toContain('    at ')
})

test.each(['203.0.113.7', 'not a host'])('explains that HOST=%s is wrong', async (HOST) => {
  for (const WORKERS of ['1', '2']) {
    const { exitCode, stderr } = await taskport(['serve'], { PORT: '0', HOST, WORKERS })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('Set HOST to an address of this machine, for example HOST=127.0.0.1.')
    expect(stderr).not.toContain('    at ')
  }
})

test.each(['1', '2'])(
  'does not start on a database in LATIN1, with %s processes, and says why',
  async (WORKERS) => {
    const database = await createDatabase()
    await using sql = new SQL(database.url, { max: 1 })
    const url = new URL(database.url)
    url.pathname += '_latin1'
    const name = url.pathname.slice(1)
    await sql.unsafe(`create database ${name} encoding 'LATIN1' template template0 locale 'C'`)
    const { exitCode, stdout, stderr } = await taskport(['serve'], {
      DATABASE_URL: url.href,
      BETTER_AUTH_SECRET: SECRET,
      PORT: '0',
      WORKERS,
    })
    await sql.unsafe(`drop database ${name} with (force)`)
    await database.drop()
    expect(exitCode).toBe(1)
    expect(stderr).toContain(
      `DATABASE_URL: The database "${name}" has the encoding LATIN1, but must have UTF8. Create another one, for example with: create database `,
    )
    expect(`${stdout}${stderr}`).not.toContain('    at ')
    expect(stdout).not.toContain('"msg":"Serving"')
  },
)

test('reports all invalid variables at once, without secrets', async () => {
  const { exitCode, stdout, stderr } = await taskport([], {
    NODE_ENV: 'production',
    PORT: '80000',
    LOG_LEVEL: 'loud',
    DATABASE_URL: 'mysql://tasks:hunter2@localhost/tasks',
    DATABASE_POOL_MAX: 'many',
    BETTER_AUTH_SECRET: 'a short secret',
    BETTER_AUTH_URL: 'not a URL',
    CORS_ORIGINS: '*',
    SHUTDOWN_TIMEOUT_MS: '0',
  })
  expect({ exitCode, stdout }).toStrictEqual({ exitCode: 1, stdout: '' })
  const names = stderr.split('\n').flatMap((line) => /^ {2}(\w+): /.exec(line)?.[1] ?? [])
  expect(names.toSorted()).toStrictEqual([
    'BETTER_AUTH_SECRET',
    'BETTER_AUTH_URL',
    'CORS_ORIGINS',
    'DATABASE_POOL_MAX',
    'DATABASE_URL',
    'LOG_LEVEL',
    'PORT',
    'SHUTDOWN_TIMEOUT_MS',
  ])
  expect(stderr).not.toMatch(/hunter2|a short secret| {4}at /)
})

describe('the .env file of the Python service', () => {
  const id = '7b2c4f8e-1f7c-4a53-9a0d-3f1c2d5e6b70'

  test.each(['timestamptz', 'timestamp'])(
    'works with its database and columns of type %s',
    async (timeType) => {
      const database = await createDatabase()
      await using sql = new SQL(database.url, { max: 1 })
      // As created by SQLAlchemy and Alembic.
      await sql.unsafe(`
      create table alembic_version (version_num varchar(32) primary key);
      insert into alembic_version values ('3f1c2d5e6b70');
      create table tasks (
        id uuid primary key,
        user_id varchar(255) not null,
        text varchar(500) not null,
        completed boolean not null default false,
        "order" integer not null default 0,
        created_at ${timeType} not null default now(),
        updated_at ${timeType} not null default now(),
        completed_at ${timeType}
      );
      create index ix_tasks_user_id on tasks (user_id);
      create index ix_tasks_user_completed on tasks (user_id, completed);
      create index ix_tasks_user_created on tasks (user_id, created_at);
      set timezone = 'UTC';
      insert into tasks values ('${id}', 'ann', 'Buy milk', true, 3,
        '2025-01-31 09:30:00.123456', '2025-02-01 10:00:00', '2025-02-01 10:00:00');
    `)
      const url = database.url.replace('postgres://', 'postgresql+asyncpg://')
      const lines = [
        '# Database',
        `DATABASE_URL=${url}`,
        `BETTER_AUTH_SECRET="${SECRET}"`,
        'CORS_ORIGINS=http://localhost:3000,https://tasks.example.com',
      ]
      await Bun.write(join(directory.path, '.env'), lines.join('\n'))
      {
        await using service = await startService({ directory: directory.path })
        const headers = { ...(await bearer('ann')), origin: 'https://tasks.example.com' }
        const response = await service.send('/tasks', { headers })
        expect(response.headers.get('access-control-allow-origin')).toBe(headers.origin)
        expect(await readList(response)).toStrictEqual({
          tasks: [
            {
              id,
              text: 'Buy milk',
              description: null,
              completed: true,
              due: null,
              time_zone: null,
              priority: 'none',
              tags: [],
              list_id: null,
              parent_id: null,
              recurrence: null,
              successor_id: null,
              order: 0,
              version: 1,
              created_at: '2025-01-31T09:30:00.123Z',
              updated_at: '2025-02-01T10:00:00.000Z',
              completed_at: '2025-02-01T10:00:00.000Z',
            },
          ],
          count: 1,
          next_cursor: null,
        })
        const created = await service.send('/tasks', {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: '{"text":"Buy bread"}',
        })
        expect((await readTask(created)).text).toBe('Buy bread')
        expect(await service.stop('SIGTERM')).toBe(0)
      }
      await database.drop()
    },
    30_000,
  )
})
