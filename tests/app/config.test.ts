import { describe, expect, test } from 'bun:test'
import { readConfig } from '../../app/config.ts'
import { Environment } from '../../app/environment.ts'
import { OperatorError } from '../../core/errors.ts'

const SECRET = 'a secret of the tests, at least 32 bytes long'

function read(variables: Record<string, string>, isTerminal = false) {
  return readConfig(variables, isTerminal)
}

function messageOf(variables: Record<string, string>): string {
  try {
    read(variables)
  } catch (error) {
    if (error instanceof OperatorError) return error.message
    throw error
  }
  throw new Error('The configuration was accepted')
}

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

test('DATABASE_DIRECT_URL accepts only PostgreSQL URLs and hides their passwords', () => {
  const direct = 'postgresql+asyncpg://u:secret@h/d'
  expect(read({ DATABASE_DIRECT_URL: direct }).directUrl).toBe(direct)
  expect(messageOf({ DATABASE_DIRECT_URL: 'sqlite:./x.db' })).toContain(
    'DATABASE_DIRECT_URL: must be the URL of a PostgreSQL server',
  )
  const wrong = messageOf({ DATABASE_DIRECT_URL: 'postgres://u:sec%ret@h:x/d' })
  expect(wrong).toContain('DATABASE_DIRECT_URL: must be')
  expect(wrong).not.toContain('sec%ret')
})

test('reads MCP', () => {
  expect(read({ MCP: 'false' })).toMatchObject({ mcp: false })
  expect(messageOf({ MCP: 'no' })).toContain('MCP: must be true or false, for example MCP=false')
})

test('lets clients sign in for /mcp with BETTER_AUTH_URL and PUBLIC_URL', () => {
  const PUBLIC_URL = 'https://example.com/todo/'
  const BETTER_AUTH_URL = 'https://app.example.com'
  expect(read({ PUBLIC_URL, BETTER_AUTH_URL }).oauth).toStrictEqual({
    issuer: 'https://app.example.com/api/auth',
    resource: 'https://example.com/todo/mcp',
  })
  expect(read({ PUBLIC_URL, BETTER_AUTH_URL: `${BETTER_AUTH_URL}/auth/` }).oauth).toMatchObject({
    issuer: 'https://app.example.com/auth',
  })
  expect(read({ BETTER_AUTH_URL }).oauth).toBeNull()
  expect(read({ PUBLIC_URL, JWKS_URL: 'https://app.example.com/api/auth/jwks' }).oauth).toBeNull()
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

describe('DATABASE_URL', () => {
  test.each([
    ['memory:', { kind: 'memory' }],
    ['sqlite:./x.db', { kind: 'sqlite', path: './x.db' }],
    ['sqlite:x.db', { kind: 'sqlite', path: 'x.db' }],
    ['sqlite:/abs/x.db', { kind: 'sqlite', path: '/abs/x.db' }],
    ['sqlite:///abs/x.db', { kind: 'sqlite', path: '/abs/x.db' }],
    ['sqlite:////abs/x.db', { kind: 'sqlite', path: '/abs/x.db' }],
    ['sqlite:///./x.db', { kind: 'sqlite', path: './x.db' }],
    ['sqlite:///../x.db', { kind: 'sqlite', path: '../x.db' }],
    ['sqlite:///x.db', { kind: 'sqlite', path: 'x.db' }],
    ['sqlite+aiosqlite:///./x.db', { kind: 'sqlite', path: './x.db' }],
    ['sqlite+pysqlite:////abs/x.db', { kind: 'sqlite', path: '/abs/x.db' }],
    [
      'postgres://u:p@/d?host=/var/run/postgresql',
      { kind: 'postgres', url: 'postgres://u:p@/d?host=/var/run/postgresql' },
    ],
    ['postgres://u:p@h/d', { kind: 'postgres', url: 'postgres://u:p@h/d' }],
    [
      'postgresql+asyncpg://u:p@h/d?ssl=require',
      { kind: 'postgres', url: 'postgresql+asyncpg://u:p@h/d?ssl=require' },
    ],
  ] as const)('accepts %s', (url, database) => {
    expect(read({ DATABASE_URL: url }).database).toStrictEqual(database)
  })

  test.each([
    'mysql://u:topsecret@h/d',
    'postgres//u:topsecret@h/d',
    'sqlite:',
    'sqlite::memory:',
    'sqlite://',
    'sqlite:///',
    'sqlite:///:memory:',
    'sqlite+aiosqlite://',
    'sqlite://x.db',
    'sqlite://///x.db',
    'sqlite:~/x.db',
    'sqlite:./data/',
    'sqlite:/p/q.db?mode=ro',
    'sqlite:///file:q.db?mode=ro&uri=true',
    'sqlite:file:q.db',
    './tasks.db',
  ])('refuses %s without repeating the password', (url) => {
    const message = messageOf({ DATABASE_URL: url })
    expect(message).toContain('\n  DATABASE_URL: must ')
    expect(message).toContain('for example DATABASE_URL=sqlite:./data/tasks.db')
    expect(message).not.toContain('topsecret')
  })

  test.each([
    'postgres://u:topsecret@h:port/d',
    'postgres://u:topsecret@h:99999/d',
    'postgres://u:topsecret%ss@h/d',
    'postgres://u:topsecret@h/d?sslmode=sometimes',
    'postgres://u:topsecret@h/d?sslrootcert=/nowhere/ca.pem',
    'postgres://u:topsecret@h/d?currentSchema=app',
  ])('refuses %s with an example of PostgreSQL', (url) => {
    for (const name of ['DATABASE_URL', 'DATABASE_DIRECT_URL']) {
      const message = messageOf({ DATABASE_URL: 'postgres://h/d', [name]: url })
      expect(message).toContain(`\n  ${name}: must `)
      expect(message).toContain(`, for example ${name}=postgres://user:`)
      expect(message).not.toContain('topsecret')
    }
  })
})

test('DATABASE_DIRECT_URL must have the search_path of DATABASE_URL', () => {
  const DATABASE_URL = 'postgres://pooler/d?search_path=app'
  const direct = 'postgres://h/d?options=-csearch_path%3Dapp'
  expect(read({ DATABASE_URL, DATABASE_DIRECT_URL: direct }).directUrl).toBe(direct)
  expect(messageOf({ DATABASE_URL, DATABASE_DIRECT_URL: 'postgres://h/d' })).toContain(
    'DATABASE_DIRECT_URL: must have the same search_path as DATABASE_URL, for example ',
  )
})

describe('tokens', () => {
  const secretClaims = { issuer: undefined, audience: undefined }

  test('accepts a shared secret, and the previous one during a rotation', () => {
    const previous = SECRET.toUpperCase()
    const config = read({ BETTER_AUTH_SECRET: SECRET, BETTER_AUTH_SECRET_PREVIOUS: previous })
    expect(config.demo).toBe(false)
    expect(config.tokens).toMatchObject({
      secrets: { current: SECRET, previous, ...secretClaims },
      keySet: null,
    })
  })

  test('measures secrets in bytes and does not trim them', () => {
    const emoji = '🔑'.repeat(8)
    expect(read({ BETTER_AUTH_SECRET: emoji }).tokens.secrets?.current).toBe(emoji)
    const spaced = ` ${SECRET} `
    expect(read({ BETTER_AUTH_SECRET: spaced }).tokens.secrets?.current).toBe(spaced)
  })

  test.each([
    ['https://app.example.com', 'https://app.example.com', '/api/auth/jwks'],
    ['https://app.example.com//', 'https://app.example.com', '/api/auth/jwks'],
    ['HTTPS://App.Example.COM:443/', 'https://app.example.com', '/api/auth/jwks'],
    ['http://localhost:80', 'http://localhost', '/api/auth/jwks'],
    ['http://[::1]:3000/', 'http://[::1]:3000', '/api/auth/jwks'],
    ['https://app.example.com/api/auth', 'https://app.example.com', '/api/auth/jwks'],
    ['https://app.example.com/api/auth/', 'https://app.example.com', '/api/auth/jwks'],
    ['https://app.example.com:8443/V1/auth//', 'https://app.example.com:8443', '/V1/auth/jwks'],
  ])('derives key set, issuer and audience from BETTER_AUTH_URL=%s', (url, origin, path) => {
    expect(read({ BETTER_AUTH_URL: url }).tokens.keySet).toStrictEqual({
      url: `${origin}${path}`,
      issuer: origin,
      audience: origin,
    })
  })

  test('JWKS_URL, JWT_ISSUER and JWT_AUDIENCE override BETTER_AUTH_URL', () => {
    const variables = {
      BETTER_AUTH_URL: 'https://app.example.com',
      JWKS_URL: 'https://keys.example.com/jwks',
      JWT_ISSUER: 'issuer',
      JWT_AUDIENCE: 'audience',
    }
    expect(read(variables).tokens.keySet).toStrictEqual({
      url: 'https://keys.example.com/jwks',
      issuer: 'issuer',
      audience: 'audience',
    })
  })

  test('BETTER_AUTH_URL does not require claims of tokens signed with the secret', () => {
    const variables = { BETTER_AUTH_SECRET: SECRET, BETTER_AUTH_URL: 'http://localhost:3000' }
    expect(read(variables).tokens).toMatchObject({
      secrets: secretClaims,
      keySet: { issuer: 'http://localhost:3000' },
    })
    expect(read({ ...variables, JWT_ISSUER: 'issuer' }).tokens).toMatchObject({
      secrets: { issuer: 'issuer' },
      keySet: { issuer: 'issuer' },
    })
  })

  test.each([
    [
      { BETTER_AUTH_SECRET: 'x'.repeat(31) },
      'BETTER_AUTH_SECRET: must be at least 32 bytes, but is 31',
    ],
    [
      { BETTER_AUTH_SECRET: SECRET, BETTER_AUTH_SECRET_PREVIOUS: 'short' },
      'BETTER_AUTH_SECRET_PREVIOUS: must be at least 32 bytes, but is 5',
    ],
    [
      { BETTER_AUTH_SECRET_PREVIOUS: SECRET },
      'BETTER_AUTH_SECRET: is required if BETTER_AUTH_SECRET_PREVIOUS is set',
    ],
    [{ NODE_ENV: 'production' }, 'BETTER_AUTH_SECRET: is required in production'],
    [{ JWKS_URL: 'app.example.com' }, 'JWKS_URL: must be an http:// or https:// URL'],
    [
      { BETTER_AUTH_URL: 'ftp://app.example.com' },
      'BETTER_AUTH_URL: must be an http:// or https:// URL',
    ],
    [{ JWKS_URL: 'http://[' }, 'JWKS_URL: must be a URL'],
    [
      { JWKS_URL: 'https://app.example.com/jwks', BETTER_AUTH_URL: 'http://[' },
      'BETTER_AUTH_URL: must be a URL',
    ],
    ...['https://a.example?x=1', 'https://a.example/auth#x', 'https://u:p@a.example'].map(
      (url): [Record<string, string>, string] => [
        { BETTER_AUTH_URL: url },
        'BETTER_AUTH_URL: must have no user name, password, query or fragment',
      ],
    ),
    [
      { NODE_ENV: 'production', JWKS_URL: 'http://app.example.com/jwks' },
      'JWKS_URL: must start with https:// in production',
    ],
    [
      { NODE_ENV: 'production', BETTER_AUTH_URL: 'http://127.example.com' },
      'BETTER_AUTH_URL: must start with https:// in production',
    ],
  ])('refuses %j', (variables, problem) => {
    const message = messageOf(Object.assign({}, variables))
    expect(message).toContain(problem)
    expect(message).toContain('for example ')
    expect(message).not.toContain(SECRET)
  })

  test.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])(
    'accepts %s, which is local, without TLS in production',
    (url) => {
      const { tokens } = read({ NODE_ENV: 'production', BETTER_AUTH_URL: url })
      expect(tokens.keySet?.issuer).toBe(url)
    },
  )
})

describe('REDIS_URL', () => {
  test.each(['redis://localhost', 'rediss://user:p%40ss@redis.example.com:6380/2'])(
    'accepts %s',
    (url) => {
      expect(read({ REDIS_URL: url }).redisUrl).toBe(url)
    },
  )

  test.each(['http://:topsecret@h', 'redis://', 'redis:///1', 'redis://:topsecret@h:port'])(
    'refuses %s without repeating the password',
    (url) => {
      const message = messageOf({ REDIS_URL: url })
      expect(message).toContain('\n  REDIS_URL: must be a redis:// or rediss:// URL, for example ')
      expect(message).not.toContain('topsecret')
    },
  )
})

test.each([
  [{ REDIS_URL: 'redis://:topsecret%@h' }, 'REDIS_URL: must have % as %25'],
  [{ REDIS_URL: 'redis://:topsecret@h:0' }, 'REDIS_URL: must have a port'],
  [{ REDIS_URL: 'redis://:topsecret@h/tasks' }, 'REDIS_URL: must have a port'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://[' }, 'OTEL_EXPORTER_OTLP_ENDPOINT: must be a URL'],
  [{ PORT: '8000', ADMIN_PORT: '8000' }, 'ADMIN_PORT: must differ from PORT'],
])('refuses %j', (variables, problem) => {
  const message = messageOf(Object.assign({}, variables))
  expect(message).toContain(`\n  ${problem}`)
  expect(message).toContain(', for example ')
  expect(message).not.toContain('topsecret')
})

describe('CORS_ORIGINS', () => {
  test('accepts a list with spaces and trailing slashes', () => {
    const list = 'https://app.example.com, http://localhost:3000/,'
    expect(read({ CORS_ORIGINS: list }).corsOrigins).toStrictEqual([
      'https://app.example.com',
      'http://localhost:3000',
    ])
  })

  test.each([
    'tauri://localhost',
    'capacitor://localhost',
    'ionic://localhost',
    'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
    'moz-extension://0f6b1d8a-5b1c-4b43-9b3a-2f6c7d1e8a90',
    'app://obsidian.md',
    'http://[::1]:3000',
    'https://xn--bcher-kva.example:8443',
    'custom+scheme.v1-0://host:1',
  ])('accepts %s', (origin) => {
    expect(read({ CORS_ORIGINS: origin }).corsOrigins).toStrictEqual([origin])
  })

  test.each([
    '*',
    'null',
    'app.example.com',
    'localhost:3000',
    'https://app.example.com/path',
    'https://app.example.com//',
    'https://*.example.com',
    'tauri://localhost/path',
    'tauri://*',
    'tauri://',
    'tauri://localhost?x',
    'tauri://localhost#x',
    'tauri://user@localhost',
    'tauri://localhost:port',
    'tauri:localhost',
    '://localhost',
    'file://',
    // Browsers write these differently.
    'HTTPS://app.example.com',
    'https://App.example.com',
    'https://app.example.com:443',
    'https://bücher.example',
  ])('refuses %s', (origin) => {
    expect(messageOf({ CORS_ORIGINS: `https://a.example,${origin}` })).toContain(
      `CORS_ORIGINS: "${origin}" is not an origin`,
    )
  })
})

describe('PUBLIC_URL', () => {
  test.each([
    ['https://example.com', 'https://example.com'],
    ['https://example.com/', 'https://example.com'],
    ['https://example.com/todo', 'https://example.com/todo'],
    ['https://example.com/todo/', 'https://example.com/todo'],
    ['http://localhost:8080/a/b//', 'http://localhost:8080/a/b'],
    ['https://example.com/aufgäben', 'https://example.com/aufg%C3%A4ben'],
  ])('%s is read as %s', (text, expected) => {
    expect(read({ PUBLIC_URL: text }).publicUrl).toBe(expected)
  })

  test.each([
    'example.com/todo',
    '/todo',
    'ftp://example.com',
    'https://',
    'https://example.com/?x',
    'https://example.com/#x',
    'https://user@example.com',
    'https://user:secret@example.com',
    'http://a b/',
  ])('refuses %s', (text) => {
    const message = messageOf({ PUBLIC_URL: text })
    expect(message).toContain(
      '\n  PUBLIC_URL: must be an http:// or https:// URL, without a query, for example PUBLIC_URL=https://example.com/todo',
    )
    expect(message).not.toContain('secret')
  })
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
