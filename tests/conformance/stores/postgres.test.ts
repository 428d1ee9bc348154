import { afterAll, beforeAll } from 'bun:test'
import { SQL } from 'bun'
import { openPostgres } from '../../../adapters/postgres/store.ts'
import { newEpoch } from '../../../adapters/system/ids.ts'
import { migrate } from '../../../app/migrations.ts'
import { createDatabase, type TestDatabase } from '../../support/postgres.ts'
import { describeOwnerAdministration } from './administration.ts'
import { describeStore } from './suite.ts'
import { describeTaskArchive } from './task-archive.ts'

let database: TestDatabase
let store: ReturnType<typeof open>
let administrator: SQL

beforeAll(async () => {
  database = await createDatabase()
  administrator = new SQL(database.url, { max: 1 })
  store = open()
  await migrate(store.migrations, () => {})
}, 30_000)

afterAll(async () => {
  await store.close()
  await administrator.close()
  await database.drop()
})

function open() {
  const { url } = database
  return openPostgres({
    url,
    directUrl: null,
    poolMax: 5,
    timeoutMs: 5000,
    prepare: 'auto',
    newEpoch,
  })
}

const postgres = {
  name: 'PostgreSQL',
  async open() {
    await administrator`truncate tasks, lists, owners, remembered_calls, api_tokens`
    const opened: ReturnType<typeof openPostgres>[] = []
    return {
      ...store,
      async openAgain() {
        const again = open()
        opened.push(again)
        return again
      },
      async close() {
        for (const one of opened) await one.close()
      },
    }
  },
}

describeStore(postgres, { runs: 50 })
describeTaskArchive(postgres)
describeOwnerAdministration(postgres)
