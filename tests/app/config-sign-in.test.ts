import { describe, expect, test } from 'bun:test'
import { messageOf, read, SECRET } from './config-reading.ts'

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
