import { describe, expect, test } from 'bun:test'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTokenVerifier } from '../../adapters/auth/verifier.ts'
import {
  createDemoSignIn,
  demoAddresses,
  demoGreeting,
  demoSecret,
  withSecret,
} from '../../app/demo.ts'
import { ownerNamed } from '../conformance/stores/store.ts'
import { testConfig } from '../support/config.ts'

async function inDirectory(run: (path: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'taskport-'))
  try {
    await run(join(directory, 'data', 'tasks.db'))
  } finally {
    await rm(directory, { recursive: true })
  }
}

test('keeps the secret beside the SQLite file, readable only by its owner', () =>
  inDirectory(async (path) => {
    const secret = await demoSecret({ kind: 'sqlite', path })
    expect(secret.length).toBeGreaterThanOrEqual(43)
    expect((await stat(`${path}.demo-secret`)).mode & 0o777).toBe(0o600)
    expect(await demoSecret({ kind: 'sqlite', path })).toBe(secret)
  }))

test('agrees on one secret when several processes start at once', () =>
  inDirectory(async (path) => {
    const secrets = Array.from({ length: 10 }, () => demoSecret({ kind: 'sqlite', path }))
    expect(new Set(await Promise.all(secrets)).size).toBe(1)
  }))

test('restricts the permissions of a secret that others may read', () =>
  inDirectory(async (path) => {
    await demoSecret({ kind: 'sqlite', path })
    await writeFile(`${path}.demo-secret`, 'x'.repeat(44), { mode: 0o644 })
    expect(await demoSecret({ kind: 'sqlite', path })).toBe('x'.repeat(44))
    expect((await stat(`${path}.demo-secret`)).mode & 0o777).toBe(0o600)
  }))

test('creates a new secret at each start with the memory store', async () => {
  expect(await demoSecret({ kind: 'memory' })).not.toBe(await demoSecret({ kind: 'memory' }))
})

const ADDRESS = 'http://127.0.0.1:8000'

test('greets with a curl command that contains a valid token, and the addresses to sign in', async () => {
  const secret = await demoSecret({ kind: 'memory' })
  const config = withSecret(testConfig({ BETTER_AUTH_SECRET: '' }), secret)
  const greeting = await demoGreeting(ADDRESS, secret)
  const [, token = ''] =
    /curl -X POST (?:.*)\/tasks -H 'Authorization: Bearer ([\w.-]+)'/.exec(greeting) ?? []
  const { verify } = createTokenVerifier({ ...config.tokens, now: Date.now })
  expect(await verify(token)).toMatchObject({ owner: ownerNamed('demo') })
  const { playground, docs } = demoAddresses(ADDRESS, secret)
  expect(greeting).toStartWith(`\n  Open         ${playground}\n`)
  expect(greeting).toContain(` ${docs}\n`)
})

describe('the address to sign in', () => {
  const secretIn = (address: string) => address.slice(`${ADDRESS}/docs#demo=`.length)

  test('has a secret in its fragment that depends on the secret of demo mode only', async () => {
    const secret = await demoSecret({ kind: 'memory' })
    const address = demoAddresses(ADDRESS, secret).docs
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:8000\/docs#demo=[\w-]{43}$/)
    expect(demoAddresses('http://localhost', secret).docs).toEndWith(`#demo=${secretIn(address)}`)
    expect(demoAddresses(ADDRESS, await demoSecret({ kind: 'memory' })).docs).not.toBe(address)
    expect(address).not.toContain(secret.slice(0, 8))
  })

  test('has the same secret for the playground and for /docs', async () => {
    const { playground, docs } = demoAddresses(ADDRESS, await demoSecret({ kind: 'memory' }))
    expect(playground).toBe(docs.replace('/docs#', '/#'))
  })

  test.each(['demo', 'guest'])('signs in as the user `%s`', async (user) => {
    const secret = await demoSecret({ kind: 'memory' })
    const config = withSecret(testConfig({ BETTER_AUTH_SECRET: '' }), secret)
    const { verify } = createTokenVerifier({ ...config.tokens, now: Date.now })
    const signIn = createDemoSignIn(config)
    const token = await signIn?.exchange(secretIn(demoAddresses(ADDRESS, secret).docs), user)
    expect(await verify(`${token}`)).toMatchObject({ owner: ownerNamed(user) })
    for (const wrong of ['', 'wrong', secret, `${secretIn(demoAddresses(ADDRESS, secret).docs)}A`])
      expect(await signIn?.exchange(wrong, user)).toBeNull()
  })

  test('signs in only in demo mode', () => {
    expect(createDemoSignIn(testConfig({ BETTER_AUTH_SECRET: '' }))).toBeNull()
    for (const NODE_ENV of ['', 'development', 'production'])
      expect(createDemoSignIn(testConfig({ NODE_ENV }))).toBeNull()
  })

  test.each([
    ['127.0.0.1', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.1.127', false],
    ['laptop.home', false],
  ])('with HOST=%s, reaches this machine only: %p', (HOST, isLocal) => {
    const config = withSecret(testConfig({ BETTER_AUTH_SECRET: '', HOST }), 'x'.repeat(32))
    expect(createDemoSignIn(config)).toMatchObject({ isLocal })
  })
})
