import { afterAll, beforeAll } from 'bun:test'
import { SQL } from 'bun'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { migrate } from '../../app/migrations.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { describeConcurrency } from './concurrency.ts'
import { describeModel } from './model.ts'
import { describeTaskArchive } from './task-archive.ts'
import { describeTaskRepository } from './task-repository.ts'

let database: TestDatabase
let store: ReturnType<typeof openPostgres>
let administrator: SQL

beforeAll(async () => {
  database = await createDatabase()
  administrator = new SQL(database.url, { max: 1 })
  store = openPostgres({ url: database.url, poolMax: 5, timeoutMs: 5000, prepare: 'auto' })
  await migrate(store.migrations, () => {})
}, 30_000)

afterAll(async () => {
  await store.close()
  await administrator.close()
  await database.drop()
})

const postgres = {
  name: 'PostgreSQL',
  async open() {
    await administrator`truncate tasks`
    return {
      repository: store.repository,
      archive: store.archive,
      close: async () => {},
    }
  },
}

describeTaskRepository(postgres)
describeTaskArchive(postgres)
describeConcurrency(postgres)
describeModel(postgres, 50)
