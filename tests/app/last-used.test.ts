import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { newApiToken } from '../../adapters/auth/api-token-format.ts'
import { compose } from '../../app/compose.ts'
import { openStore } from '../../app/store.ts'
import { ann, idNumber } from '../conformance/stores/store.ts'
import { testConfig } from '../support/config.ts'
import { directoryPerTest } from '../support/process.ts'

const directory = directoryPerTest()

test('writes when an API token was last used before the store is closed', async () => {
  const path = join(directory.path, 'tasks.db')
  const config = testConfig({ DATABASE_URL: `sqlite:${path}` })
  const app = await compose(config, () => {})
  await app.migrate(() => {})
  const { text, hash } = newApiToken()
  const store = await openStore(config)
  const token = {
    id: idNumber(1),
    name: 'CI',
    scopes: ['read' as const],
    created_at: '2026-01-31T09:30:00.000Z',
    expires_at: null,
    last_used_at: null,
  }
  await store.tokens.create(ann, token, hash, 50)

  using other = new Database(path)
  other.run('begin immediate')
  const request = new Request('http://localhost/tasks', {
    headers: { authorization: `Bearer ${text}` },
  })
  expect((await app.http.handle(request)).status).toBe(200)
  const closing = app.close()
  await setImmediate()
  expect(await store.tokens.list(ann)).toMatchObject([{ last_used_at: null }])
  other.run('commit')
  await closing
  expect(await store.tokens.list(ann)).toMatchObject([{ last_used_at: expect.any(String) }])
  await store.close()
})
