import { describe, expect, test } from 'bun:test'
import { messageOf, read } from './config-reading.ts'

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
