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

test('on SQLite the secret is kept beside the file, for its owner alone', () =>
  inDirectory(async (path) => {
    const secret = await demoSecret({ kind: 'sqlite', path })
    expect(secret.length).toBeGreaterThanOrEqual(43)
    expect((await stat(`${path}.demo-secret`)).mode & 0o777).toBe(0o600)
    expect(await demoSecret({ kind: 'sqlite', path })).toBe(secret)
  }))

test('starts that race agree on one secret', () =>
  inDirectory(async (path) => {
    const secrets = Array.from({ length: 10 }, () => demoSecret({ kind: 'sqlite', path }))
    expect(new Set(await Promise.all(secrets)).size).toBe(1)
  }))

test('a secret that others may read is closed to them', () =>
  inDirectory(async (path) => {
    await demoSecret({ kind: 'sqlite', path })
    await writeFile(`${path}.demo-secret`, 'x'.repeat(44), { mode: 0o644 })
    expect(await demoSecret({ kind: 'sqlite', path })).toBe('x'.repeat(44))
    expect((await stat(`${path}.demo-secret`)).mode & 0o777).toBe(0o600)
  }))

test('elsewhere each start has its own', async () => {
  expect(await demoSecret({ kind: 'memory' })).not.toBe(await demoSecret({ kind: 'memory' }))
})

test('the greeting has a token that the service trusts, in a line to paste', async () => {
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

test('the page gets new tokens of the same user, and none outside demo mode', async () => {
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
