import { expect, test } from 'bun:test'
import { SQL } from 'bun'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { migrate } from '../../app/migrations.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { ann } from '../conformance/stores/store.ts'
import { createDatabase } from '../support/postgres.ts'

const ROLE = 'taskport_test_read_only'

// A session keeps the settings that its role had when the session began.
test('discards a read-only session, so that the next call can write', async () => {
  const database = await createDatabase()
  const administrator = new SQL(database.url, { max: 1 })
  await administrator.unsafe(`drop role if exists ${ROLE}`)
  await administrator.unsafe(`create role ${ROLE} login superuser password 'secret'`)
  const url = new URL(database.url)
  url.username = ROLE
  url.password = 'secret'
  const store = openPostgres({
    url: url.href,
    directUrl: null,
    poolMax: 1,
    timeoutMs: 5000,
    prepare: 'auto',
    newEpoch,
  })
  const caller = createCaller(store.repository, ann)
  try {
    await migrate(store.migrations, () => {})
    await administrator.unsafe(`alter role ${ROLE} set default_transaction_read_only = on`)
    await expect(caller.create(1)).rejects.toMatchObject({ code: 'unavailable' })
    await administrator.unsafe(`alter role ${ROLE} reset default_transaction_read_only`)
    await caller.create(2)
    expect(await caller.numbers()).toStrictEqual([2])
  } finally {
    await store.close()
    await administrator.close()
    await database.drop()
  }
})
