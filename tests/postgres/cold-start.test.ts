import { expect, test } from 'bun:test'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { migrate } from '../../app/migrations.ts'
import { EVERYTHING } from '../../core/query.ts'
import { ownerNamed } from '../conformance/stores/store.ts'
import { createDatabase } from '../support/postgres.ts'
import { startProxy } from '../support/proxy.ts'

const ann = ownerNamed('ann')

test('waits for a sleeping server to migrate, while requests time out', async () => {
  const database = await createDatabase()
  const url = new URL(database.url)
  const proxy = await startProxy(Number(url.port))
  url.port = `${proxy.port}`
  proxy.become('hold')
  const store = openPostgres({
    url: url.href,
    directUrl: null,
    poolMax: 2,
    timeoutMs: 300,
    prepare: 'auto',
    newEpoch,
  })
  try {
    const migrating = migrate(store.migrations, () => {})
    for (let n = 0; n < 3; n++)
      await expect(store.repository.list(ann, EVERYTHING)).rejects.toMatchObject({
        code: 'unavailable',
      })
    proxy.become('pass')
    await migrating
    expect(await store.repository.list(ann, EVERYTHING)).toMatchObject({ tasks: [] })
  } finally {
    await store.close()
    await proxy.close()
    await database.drop()
  }
})
