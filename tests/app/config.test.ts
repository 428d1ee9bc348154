import { describe, expect, test } from 'bun:test'
import { Environment } from '../../app/environment.ts'
import { OperatorError } from '../../core/errors.ts'
import { messageOf, read } from './config-reading.ts'

test('uses a default for every variable that is not set', () => {
  expect(read({})).toStrictEqual({
    production: false,
    database: { kind: 'sqlite', path: './data/tasks.db' },
    directUrl: null,
    poolMax: 10,
    databaseTimeoutMs: 2000,
    prepare: 'auto',
    tokens: { secrets: null, keySet: null, clockToleranceSeconds: 5 },
    demo: true,
    corsOrigins: ['http://localhost:3000'],
    host: '127.0.0.1',
    port: 8000,
    adminPort: null,
    rateLimitPerMinute: 600,
    redisUrl: null,
    trustedProxies: 0,
    maxBodyBytes: 262_144,
    publicUrl: null,
    keepAliveSeconds: 75,
    trashRetentionDays: 30,
    requireIfMatch: false,
    mcp: true,
    oauth: null,
    maxTasks: 100_000,
    logLevel: 'info',
    logFormat: 'json',
    shutdownTimeoutMs: 10_000,
    tracing: false,
    workers: 1,
  })
})

test('WORKERS accepts a number or auto, and only 1 with the memory store', () => {
  expect(read({ WORKERS: '3' }).workers).toBe(3)
  expect(read({ WORKERS: 'auto' }).workers).toBe(navigator.hardwareConcurrency)
  expect(messageOf({ WORKERS: '2', DATABASE_URL: 'memory:' })).toContain('WORKERS: must be 1 with')
})

test('reads MCP', () => {
  expect(read({ MCP: 'false' })).toMatchObject({ mcp: false })
  expect(messageOf({ MCP: 'no' })).toContain('MCP: must be true or false, for example MCP=false')
})

test('reads TRASH_RETENTION_DAYS and REQUIRE_IF_MATCH', () => {
  expect(read({ TRASH_RETENTION_DAYS: '0', REQUIRE_IF_MATCH: 'true' })).toMatchObject({
    trashRetentionDays: 0,
    requireIfMatch: true,
  })
  const wrong = messageOf({ TRASH_RETENTION_DAYS: '-1', REQUIRE_IF_MATCH: 'yes' })
  expect(wrong).toContain('TRASH_RETENTION_DAYS: must be a whole number of days')
  expect(wrong).toContain('REQUIRE_IF_MATCH: must be true or false')
})

test('treats an empty variable as unset', () => {
  const names = [
    'DATABASE_URL',
    'PORT',
    'BETTER_AUTH_SECRET',
    'LOG_FORMAT',
    'CORS_ORIGINS',
    'NODE_ENV',
  ]
  expect(read(Object.fromEntries(names.map((name) => [name, ''])))).toStrictEqual(read({}))
})

test('LOG_FORMAT defaults to pretty on a terminal', () => {
  expect(read({}, true).logFormat).toBe('pretty')
  expect(read({ LOG_FORMAT: 'json' }, true).logFormat).toBe('json')
})

test.each([
  ['PORT', '65536'],
  ['KEEP_ALIVE_TIMEOUT_SECONDS', '0'],
  ['KEEP_ALIVE_TIMEOUT_SECONDS', '256'],
  ['KEEP_ALIVE_TIMEOUT_SECONDS', '75s'],
  ['PORT', 'http'],
  ['PORT', '80.5'],
  ['PORT', '0x50'],
  ['DATABASE_POOL_MAX', '0'],
  ['DATABASE_TIMEOUT_MS', '-1'],
  ['MAX_BODY_BYTES', '1e5'],
  ['SHUTDOWN_TIMEOUT_MS', '10s'],
  ['JWT_CLOCK_TOLERANCE_SECONDS', '301'],
  ['LOG_LEVEL', 'loud'],
  ['LOG_FORMAT', 'xml'],
  ['DATABASE_PREPARE', 'maybe'],
  ['WORKERS', '0'],
  ['RATE_LIMIT_PER_MINUTE', '-1'],
  ['RATE_LIMIT_PER_MINUTE', '1.5'],
  ['TRUST_PROXY', 'true'],
  ['REDIS_URL', 'localhost:6379'],
  ['ADMIN_PORT', 'on'],
])('refuses %s=%s and gives an example', (name, value) => {
  const message = messageOf({ [name]: value })
  expect(message).toContain(`\n  ${name}: must be `)
  expect(message).toContain(`, for example ${name}=`)
})

describe.each(Object.keys(Environment.properties))('%s', (name) => {
  test.each([
    ' ',
    '%',
    '%zz',
    'x',
    '-1',
    '1e9',
    '99999999999999999999',
    '://',
    'http://[',
    'http://h:99999',
    'https://u:p%@h',
    'redis://h:x',
    'redis://%zz',
    'postgres://',
    'postgres://[',
    'postgres://%zz',
    'postgres://h:0/%',
    'postgres://h/d?sslrootcert=/',
    'sqlite://h',
    'sqlite:///',
    '\u0000',
    '\ud800',
  ])('is accepted, or refused with its name and an example: %j', (value) => {
    try {
      read({ [name]: value })
    } catch (error) {
      expect(error).toBeInstanceOf(OperatorError)
      const lines = `${error}`.split('\n').slice(1)
      expect(lines).not.toBeEmpty()
      for (const line of lines) expect(line).toMatch(/^ {2}(\w+): .*, for example \1=/)
    }
  })
})

test('reports all problems in one message', () => {
  const message = messageOf({
    DATABASE_URL: 'x',
    PORT: 'x',
    CORS_ORIGINS: '*',
    BETTER_AUTH_SECRET: 'x',
    LOG_LEVEL: 'x',
    JWKS_URL: 'http://[',
  })
  expect(message.match(/^ {2}\w+(?=: )/gm)?.map((name) => name.trim())).toStrictEqual([
    'PORT',
    'LOG_LEVEL',
    'DATABASE_URL',
    'CORS_ORIGINS',
    'BETTER_AUTH_SECRET',
    'JWKS_URL',
  ])
})
