import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newApiToken } from '../../adapters/auth/api-token-format.ts'
import { openStore } from '../../app/store.ts'
import type { ApiToken } from '../../core/api-token.ts'
import { ann } from '../conformance/stores/store.ts'
import { testConfig } from '../support/config.ts'
import { freePort } from '../support/port.ts'
import { createDatabase } from '../support/postgres.ts'
import { directoryPerTest, temporaryDirectory } from '../support/process.ts'
import { diagnose, migrateAt } from './doctor-run.ts'

setDefaultTimeout(60_000)

const directory = directoryPerTest()

async function check(url: string, token: string, variables: Record<string, string> = {}) {
  const { exitCode, of, findings } = await diagnose({ ...variables, DATABASE_URL: url }, { token })
  const checks = new Set(findings.map(({ check }) => check.split(' ')[0]))
  expect(checks).not.toContain('sign-in')
  expect(checks).toContain('store')
  return { exitCode, ...of('token')[0] }
}

describe.each(['SQLite', 'PostgreSQL'])('an API token on %s', (kind) => {
  const cleanUp = new AsyncDisposableStack()
  let url: string

  beforeAll(async () => {
    if (kind === 'SQLite') {
      url = `sqlite:${join(cleanUp.use(await temporaryDirectory()).path, 'tasks.db')}`
    } else {
      const database = await createDatabase()
      cleanUp.defer(database.drop)
      url = database.url
    }
    await migrateAt(url)
  })

  afterAll(() => cleanUp.disposeAsync())

  async function create(members: Partial<ApiToken> = {}): Promise<string> {
    const { text, hash } = newApiToken()
    const store = await openStore(testConfig({ DATABASE_URL: url }))
    const token: ApiToken = {
      id: randomUUID(),
      name: 'CI',
      scopes: ['read'],
      created_at: '2026-01-31T09:30:00.000Z',
      expires_at: null,
      last_used_at: null,
      ...members,
    }
    expect(await store.tokens.create(ann, token, hash, 50)).toBe(true)
    await store.close()
    return text
  }

  test('is valid for a user until a time, whatever the settings of sign-in are', async () => {
    const expires_at = '2999-12-31T00:00:00.000Z'
    const token = await create({ expires_at, scopes: ['read', 'write'] })
    expect(await check(url, `Bearer ${token}\n`, { BETTER_AUTH_SECRET: 'short' })).toMatchObject({
      exitCode: 1,
      status: 'ok',
      found: `"CI" is valid for the user "ann" until ${expires_at}, with the scopes read and write`,
    })
  })

  test('is valid until it is deleted, and is not marked as used', async () => {
    const token = await create({ name: 'one\u202Eenil' })
    const result = await check(url, token)
    expect(result).toMatchObject({
      exitCode: 0,
      found: `"one\\u{202e}enil" is valid for the user "ann" until it is deleted, with the scope read`,
    })
    const store = await openStore(testConfig({ DATABASE_URL: url }))
    for (const { last_used_at } of await store.tokens.list(ann)) expect(last_used_at).toBeNull()
    await store.close()
  })

  test('is refused if it is mistyped, unknown or expired', async () => {
    const token = await create()
    const last = token.endsWith('0') ? '1' : '0'
    const refused = { exitCode: 1, status: 'problem' }
    expect(await check(url, token.slice(0, -1) + last)).toMatchObject({
      ...refused,
      found: expect.stringMatching(/^refused \(bad_checksum\): /),
    })
    expect(await check(url, newApiToken().text)).toMatchObject({
      ...refused,
      found: expect.stringMatching(
        /^refused \(unknown_token\): .*It was deleted, or it belongs to/,
      ),
    })
    const expires_at = '2026-02-01T00:00:00.000Z'
    expect(await check(url, await create({ expires_at }))).toMatchObject({
      ...refused,
      found: expect.stringMatching(
        /^refused \(expired\): The token expired: 2026-02-01T00:00:00\.000Z\. /,
      ),
    })
  })
})

describe('an API token cannot be verified', () => {
  const { text } = newApiToken()
  const unverified = (found: string) => ({
    exitCode: 1,
    status: 'problem',
    found: `cannot be verified: ${found}`,
  })

  test('with the memory store', async () => {
    expect(await check('memory:', text)).toMatchObject(
      unverified('the memory store keeps tokens only in the running service'),
    )
  })

  test('while the SQLite file is missing, empty or damaged, which it stays', async () => {
    const path = join(directory.path, 'tasks.db')
    const url = `sqlite:${path}`
    expect(await check(url, text)).toMatchObject(unverified(`${path} does not exist yet`))
    expect(await readdir(directory.path)).toBeEmpty()
    await writeFile(path, '')
    expect(await check(url, text)).toMatchObject(unverified('migrations are pending'))
    expect(await readFile(path, 'utf8')).toBe('')
    await writeFile(path, 'not a database'.repeat(100))
    expect(await check(url, text)).toMatchObject(unverified('file is not a database'))
    expect(await readdir(directory.path)).toStrictEqual(['tasks.db'])
  })

  test('while PostgreSQL is down', async () => {
    const url = `postgres://u:hunter2@127.0.0.1:${await freePort()}/tasks`
    expect(await check(url, text)).toMatchObject(unverified('the store cannot be used'))
  })

  test('with an address that is not valid', async () => {
    expect(await check('mysql://localhost', text)).toMatchObject({
      exitCode: 1,
      found: 'not checked, because DATABASE_URL is not valid',
    })
  })
})

test('an API token is found while the service writes to the SQLite file', async () => {
  const path = join(directory.path, 'tasks.db')
  await migrateAt(`sqlite:${path}`)
  using service = new Database(path)
  const { text, hash } = newApiToken()
  service.run(
    `insert into api_tokens (hash, user_id, id, name, can_write, created_at)
     values ('${hash}', 'ann', '${randomUUID()}', 'CI', 1, '2026-01-31T09:30:00.000Z')`,
  )
  expect(await check(`sqlite:${path}`, text)).toMatchObject({ exitCode: 0, status: 'ok' })
})
