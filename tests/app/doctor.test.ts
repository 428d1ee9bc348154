import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { SECRET } from '../support/config.ts'
import { directoryPerTest } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { diagnose } from './doctor-run.ts'

const directory = directoryPerTest()
const memory = { DATABASE_URL: 'memory:', BETTER_AUTH_SECRET: SECRET }

describe('the configuration', () => {
  test('is reported with every problem at once, and the rest is still checked', async () => {
    const { exitCode, of } = await diagnose({ ...memory, PORT: 'x', LOG_LEVEL: 'loud' })
    expect(exitCode).toBe(1)
    expect(of('configuration')).toMatchObject([
      { status: 'problem', found: expect.stringContaining('PORT: must be a port number') },
      { status: 'problem', found: expect.stringContaining('LOG_LEVEL: must be trace') },
    ])
    expect(of('store')).toMatchObject([{ status: 'ok' }])
    expect(of('sign-in')).toMatchObject([{ status: 'ok' }])
  })

  test('does not replace a wrong variable by its default', async () => {
    const { of } = await diagnose({ BETTER_AUTH_SECRET: SECRET, DATABASE_URL: 'mysql://u:pw@h/d' })
    expect(of('store')).toStrictEqual([
      {
        check: 'store',
        status: 'warning',
        found: 'not checked, because DATABASE_URL is not valid',
        advice: 'Correct it first.',
      },
    ])
    expect(of('store version')).toBeEmpty()
  })

  test.each([
    ['no secret in production', { NODE_ENV: 'production' }],
    ['only a previous secret', { BETTER_AUTH_SECRET_PREVIOUS: SECRET }],
    ['two wrong addresses', { BETTER_AUTH_URL: 'http://h?x', JWKS_URL: 'http://[' }],
  ])('is reported with %s', async (_, variables) => {
    const { exitCode, of } = await diagnose({ DATABASE_URL: 'memory:', ...variables })
    expect(exitCode).toBe(1)
    expect(of('configuration')[0]).toMatchObject({ status: 'problem' })
    expect(of('sign-in')[0]?.found).toStartWith('not checked, because')
    expect(of('store')).toHaveLength(1)
  })

  test('is not checked if the .env file is malformed', async () => {
    const envFileProblem = '.env: line 3 is malformed'
    const { exitCode, findings } = await diagnose(memory, { envFileProblem })
    expect(exitCode).toBe(1)
    expect(findings).toMatchObject([{ check: '.env file', found: envFileProblem }])
  })

  test.each([
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['BETTER_AUTH_SERCET', 'BETTER_AUTH_SECRET'],
    ['redis_url', 'REDIS_URL'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['JWKS_URI', 'JWKS_URL'],
  ])('has a warning for %s', async (written, known) => {
    const { exitCode, of } = await diagnose({ DATABASE_URL: 'memory:', [written]: 'x' })
    expect(exitCode).toBe(0)
    expect(of('configuration')).toMatchObject([
      { status: 'ok' },
      {
        status: 'warning',
        found: `${written} is not a setting`,
        advice: `If ${known} is meant, rename it.`,
      },
    ])
  })

  test('has no warning for other variables, or if the known one is set', async () => {
    const others = ['PATH', 'HOME', 'HOSTNAME', 'TASKPORT_PORT', 'PWD', 'DATABASE_URI']
    const { of } = await diagnose({
      ...memory,
      ...Object.fromEntries(others.map((name) => [name, 'x'])),
    })
    expect(of('configuration')).toMatchObject([{ status: 'ok' }])
  })
})

describe('CORS_ORIGINS', () => {
  const production = { ...memory, NODE_ENV: 'production' }
  test.each([
    ['ok', 'https://app.example.com', production],
    ['ok', 'http://app.example.com', memory],
    ['ok', 'http://localhost:3000', production],
    ['warning', '', production],
    ['warning', ',', production],
    ['warning', 'https://a.example,http://b.example', production],
  ])('is %s if it is "%s"', async (status, CORS_ORIGINS, variables) => {
    const { of } = await diagnose({ ...variables, CORS_ORIGINS })
    expect(of('CORS origins')).toMatchObject([{ status }])
  })
})

describe('PUBLIC_URL', () => {
  const production = { ...memory, NODE_ENV: 'production', TRUST_PROXY: '1' }
  test.each([
    ['ok', 'https://example.com/todo', '1'],
    ['warning', 'http://example.com/todo', '1'],
    ['warning', 'https://example.com/todo', '0'],
  ])('is %s if it is %s behind %s proxies', async (status, PUBLIC_URL, TRUST_PROXY) => {
    const { of } = await diagnose({ ...production, PUBLIC_URL, TRUST_PROXY })
    expect(of('public address')).toMatchObject([{ status }])
  })
})

test('the memory store is a warning in production', async () => {
  const { of } = await diagnose({ ...memory, NODE_ENV: 'production' })
  expect(of('store')).toMatchObject([{ status: 'warning' }])
})

test('a text from a server is printed without control characters', async () => {
  const { run } = await import('../../app/command-line.ts')
  let output = ''
  await run(['doctor'], {
    variables: { DATABASE_URL: `sqlite:${join(directory.path, '\u001b[2Jtasks.db')}` },
    addEnvFile() {},
    isTerminal: false,
    print() {},
    write: async (text) => {
      output += text
    },
    input: () => new Blob([]).stream(),
    printError() {},
    onStopSignal() {},
  })
  expect(output).toContain('tasks.db does not exist yet')
  expect(output).not.toContain('\u001b')
})

describe('Redis', () => {
  test('is ok if the rate limit can be kept there, and is not changed', async () => {
    await using redis = await startRedis()
    const { of } = await diagnose({ ...memory, REDIS_URL: redis.url })
    expect(of('Redis')).toMatchObject([{ status: 'ok' }])
    expect(await redis.send('DBSIZE')).toBe(0)
  })

  test.each([
    ['a user without rights', ['on', '>pw', '~*', '+ping', '+auth', '+hello'], 'NOPERM'],
    ['a user who may only read', ['on', '>pw', '~*', '+@all', '-@write'], "can't run this command"],
    ['a user without access to its keys', ['on', '>pw', '~other:*', '+@all'], 'key'],
    ['a wrong password', ['on', '>other', '~*', '+@all'], 'WRONGPASS'],
  ])('is a problem with %s', async (_, rules, reason) => {
    await using redis = await startRedis()
    await redis.send('ACL', 'SETUSER', 'ann', ...rules)
    const url = redis.url.replace('redis://', 'redis://ann:pw@')
    const { exitCode, of, output } = await diagnose({ ...memory, REDIS_URL: url })
    expect(exitCode).toBe(1)
    expect(of('Redis')).toMatchObject([{ status: 'problem' }])
    expect(of('Redis')[0]?.found).toContain(reason)
    expect(output).not.toContain('ann:pw')
  })

  test('is a problem if it is down or a replica', async () => {
    await using redis = await startRedis()
    await redis.send('REPLICAOF', '127.0.0.1', '1')
    expect((await diagnose({ ...memory, REDIS_URL: redis.url })).of('Redis')).toMatchObject([
      { status: 'problem', found: expect.stringContaining('replica') },
    ])
    await redis.kill()
    expect((await diagnose({ ...memory, REDIS_URL: redis.url })).of('Redis')).toMatchObject([
      { status: 'problem', found: expect.stringContaining('ECONNREFUSED') },
    ])
  })

  test('is a warning if several workers count by themselves', async () => {
    const sqlite = { DATABASE_URL: `sqlite:${join(directory.path, 'tasks.db')}`, WORKERS: '2' }
    expect((await diagnose(sqlite)).of('Redis')).toMatchObject([{ status: 'warning' }])
    expect((await diagnose(memory)).of('Redis')).toMatchObject([{ status: 'ok' }])
  })
})
