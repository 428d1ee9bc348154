import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { migrate } from '../../app/migrations.ts'
import type { TaskRepository } from '../../core/ports.ts'
import { idNumber, ownerNamed, second, taskNumber } from '../contract/store.ts'
import { type PostgresCluster, startCluster, type TestDatabase } from '../support/postgres.ts'
import { type FaultProxy, startProxy } from '../support/proxy.ts'

setDefaultTimeout(60_000)

const ann = ownerNamed('ann')

let cluster: PostgresCluster
let database: TestDatabase
let proxy: FaultProxy

beforeAll(async () => {
  cluster = await startCluster()
  database = await cluster.createDatabase()
  proxy = await startProxy(cluster.port)
})

afterAll(async () => {
  await proxy.close()
  await cluster.remove()
})

describe.each(['always', 'never'] as const)('with statements that %s have names', (prepare) => {
  let store: ReturnType<typeof openPostgres>

  beforeEach(async () => {
    const url = new URL(database.url)
    url.port = `${proxy.port}`
    store = openPostgres({ url: url.href, poolMax: 1, timeoutMs: 2000, prepare })
    await migrate(store.migrations, () => {})
    await store.ping()
  })

  afterEach(() => store.close())

  test.each<[string, (repository: TaskRepository) => Promise<unknown>]>([
    [
      'insert',
      (repository) => repository.insert(ann, { ...taskNumber(1), id: Bun.randomUUIDv7() }),
    ],
    ['get', (repository) => repository.get(ann, idNumber(1))],
    ['list', (repository) => repository.list(ann)],
    ['update', (repository) => repository.update(ann, idNumber(1), { text: 'new' }, second(2))],
    ['remove', (repository) => repository.remove(ann, idNumber(1))],
  ])('%s is one round trip, the first time too', async (_, call) => {
    for (let time = 1; time <= 2; time++) {
      const before = proxy.roundTrips()
      await call(store.repository)
      expect(proxy.roundTrips() - before).toBe(1)
    }
  })
})
