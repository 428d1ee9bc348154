import { expect, test } from 'bun:test'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTokenVerifier } from '../../adapters/auth/verifier.ts'
import { demoGreeting, demoSecret, demoToken, demoTokenSource, withSecret } from '../../app/demo.ts'
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

test('greets with a curl command that contains a valid token', async () => {
  const config = withSecret(
    testConfig({ BETTER_AUTH_SECRET: '' }),
    await demoSecret({ kind: 'memory' }),
  )
  const token = await demoToken(`${config.tokens.secrets?.current}`)
  const greeting = demoGreeting('http://127.0.0.1:8000', token)
  expect(greeting).toContain(
    `curl -X POST http://127.0.0.1:8000/tasks -H 'Authorization: Bearer ${token}'`,
  )
  const { verify } = createTokenVerifier({ ...config.tokens, now: Date.now })
  expect(await verify(token)).toMatchObject({ owner: ownerNamed('demo') })
})

test('gives the docs page tokens in demo mode only', async () => {
  const demo = testConfig({ BETTER_AUTH_SECRET: '' })
  const config = withSecret(demo, await demoSecret({ kind: 'memory' }))
  const { verify } = createTokenVerifier({ ...config.tokens, now: Date.now })
  expect(await verify(`${await demoTokenSource(config)?.()}`)).toMatchObject({
    owner: ownerNamed('demo'),
  })
  expect(demoTokenSource(demo)).toBeNull()
  for (const NODE_ENV of ['', 'development', 'production'])
    expect(demoTokenSource(testConfig({ NODE_ENV }))).toBeNull()
})
