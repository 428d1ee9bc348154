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
import { openLane } from '../../adapters/postgres/connection/lane.ts'
import { createPool, type Pool } from '../../adapters/postgres/connection/pool.ts'
import { parsePostgresUrl } from '../../adapters/postgres/connection/url.ts'
import { createPostgresRepository } from '../../adapters/postgres/repository.ts'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { migrate } from '../../app/migrations.ts'
import type { WriteCall } from '../../core/calls.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskRepository } from '../../core/ports.ts'
import { EVERYTHING } from '../../core/query.ts'
import { searchFor } from '../../core/search.ts'
import type { TaskCreate } from '../../core/task.ts'
import type { Write } from '../../core/writes.ts'
import { TOP, writing } from '../conformance/stores/caller.ts'
import { idNumber, listId, ownerNamed, second } from '../conformance/stores/store.ts'
import { type PostgresCluster, startCluster, type TestDatabase } from '../support/postgres.ts'
import { type FaultProxy, startProxy } from '../support/proxy.ts'

setDefaultTimeout(60_000)

let cluster: PostgresCluster
let database: TestDatabase
let proxy: FaultProxy

beforeAll(async () => {
  cluster = await startCluster()
  database = await cluster.createDatabase()
  const { url } = database
  const store = openPostgres({
    url,
    directUrl: null,
    poolMax: 1,
    timeoutMs: 2000,
    prepare: 'auto',
    newEpoch,
  })
  await migrate(store.migrations, () => {})
  await store.close()
  proxy = await startProxy(cluster.port)
})

afterAll(async () => {
  await proxy.close()
  await cluster.remove()
})

describe.each(['always', 'never'] as const)('when statements are %s prepared', (prepare) => {
  let pool: Pool
  let repository: TaskRepository
  let owner: Owner

  beforeEach(async () => {
    const url = new URL(database.url)
    url.port = `${proxy.port}`
    const target = parsePostgresUrl(url.href)
    const timeoutMs = 2000
    pool = createPool((onClose) => openLane(target, { prepare, timeoutMs, onClose }), {
      max: 1,
      timeoutMs,
    })
    // Not the whole store, because that sends notifications some time after each write.
    repository = createPostgresRepository({ pool, newEpoch, onWrite() {}, timeoutMs: 1000 })
    owner = ownerNamed(crypto.randomUUID())
    await repository.write(
      owner,
      writes(
        writing.create(1),
        writing.createList(1),
        writing.create(2, 'parent', { list_id: listId(1) }),
        writing.create(3, 'subtask', { parent_id: idNumber(2) }),
        writing.create(4, 'completed'),
        writing.patch(4, { completed: true }),
      ),
    )
  })

  afterEach(() => pool.close())

  function writes(...all: readonly Write[]): WriteCall {
    return {
      writes: all,
      atomic: true,
      now: second(2),
      idAt: () => Bun.randomUUIDv7(),
      retry: null,
    }
  }

  const creation = (place: Partial<TaskCreate> = {}): Write => ({
    op: 'create',
    id: Bun.randomUUIDv7(),
    task: { text: 'a b', ...place },
  })
  const retry = { key: 'k', fingerprint: 'f', rememberedSince: second(0) }
  const search = searchFor('a b')

  async function countRoundTrips(call: () => Promise<unknown>): Promise<number> {
    const before = proxy.roundTrips()
    await call()
    return proxy.roundTrips() - before
  }

  test.each<[string, () => Promise<unknown>]>([
    ['get', () => repository.get(owner, idNumber(1))],
    ['list', () => repository.list(owner, EVERYTHING)],
    ['search', () => repository.list(owner, { ...EVERYTHING, limit: 1, completed: false, search })],
    [
      'a list by its filters',
      () => repository.list(owner, { ...EVERYTHING, list: listId(1), parent: idNumber(2), search }),
    ],
    ['lists', () => repository.lists(owner)],
    ['getList', () => repository.getList(owner, listId(1))],
    ['revision', () => repository.revision(owner)],
    ['changes', () => repository.changes(owner, null, 10)],
  ])('%s takes one round trip, the first time too', async (_, call) => {
    expect(await countRoundTrips(call)).toBe(1)
    expect(await countRoundTrips(call)).toBe(1)
  })

  test.each<[string, () => Promise<unknown>]>([
    ['create', () => repository.write(owner, writes(creation()))],
    ['create with a key', () => repository.write(owner, { ...writes(creation()), retry })],
    [
      'patch',
      () => repository.write(owner, writes(writing.patch(1, { text: `${Math.random()}` }))),
    ],
    ['move', () => repository.write(owner, writes(writing.move(1, TOP)))],
    ['delete', () => repository.write(owner, writes(writing.remove(1)))],
    ['restore', () => repository.write(owner, writes(writing.restore(1)))],
    ['delete with subtasks', () => repository.write(owner, writes(writing.remove(2)))],
    ['batch', () => repository.write(owner, writes(creation(), creation()))],
    ['create in a list', () => repository.write(owner, writes(creation({ list_id: listId(1) })))],
    [
      'create of a subtask',
      () => repository.write(owner, writes(creation({ parent_id: idNumber(2) }))),
    ],
    [
      'patch to another place',
      () =>
        repository.write(
          owner,
          writes(writing.patch(1, { list_id: listId(1), parent_id: idNumber(2) })),
        ),
    ],
    [
      'patch of the list of a parent',
      () => repository.write(owner, writes(writing.patch(2, { list_id: null }))),
    ],
    [
      'create of a list',
      () => repository.write(owner, writes({ ...writing.createList(2), id: Bun.randomUUIDv7() })),
    ],
    [
      'patch of a list',
      () => repository.write(owner, writes(writing.patchList(1, { name: `${Math.random()}` }))),
    ],
    ['move of a list', () => repository.write(owner, writes(writing.moveList(1, TOP)))],
    ['delete of a list', () => repository.write(owner, writes(writing.removeList(1)))],
    [
      'clear',
      () => repository.write(owner, writes({ op: 'clear_completed', permanent: false, limit: 3 })),
    ],
  ])('%s takes two round trips, the first time too', async (_, call) => {
    expect(await countRoundTrips(call)).toBe(2)
    expect(await countRoundTrips(call)).toBe(2)
  })
})
