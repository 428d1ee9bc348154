import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test'
import { createPostgresArchive } from '../../adapters/postgres/archive.ts'
import { openLane } from '../../adapters/postgres/connection/lane.ts'
import { createPool, type Pool } from '../../adapters/postgres/connection/pool.ts'
import { parsePostgresUrl } from '../../adapters/postgres/connection/url.ts'
import { createPostgresRepository } from '../../adapters/postgres/repository.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { LOWEST_ORDER } from '../../core/item.ts'
import { createCaller, writing } from '../conformance/stores/caller.ts'
import { ann, idNumber, owned, ownerNamed, taskNumber } from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { openMigrated } from './open.ts'

setDefaultTimeout(60_000)

const MANY = 3000

let database: TestDatabase
let pool: Pool
let counting: Pick<Pool, 'run' | 'transaction'>
let statements = 0

beforeAll(async () => {
  database = await createDatabase()
  const store = await openMigrated(database.url)
  await store.archive.add(
    owned(
      ann,
      Array.from({ length: MANY }, (_, n) => taskNumber(n, { order: n * 1024 })),
    ),
  )
  await store.close()
})

afterAll(() => database.drop())

beforeEach(() => {
  pool = createPool(
    (onClose) =>
      openLane(parsePostgresUrl(database.url), { prepare: 'auto', timeoutMs: 5000, onClose }),
    { max: 4, timeoutMs: 5000 },
  )
  statements = 0
  counting = {
    run: pool.run,
    transaction: (work, limit) =>
      pool.transaction(
        ({ send, sendAndCommit }) =>
          work({
            send(statement, values) {
              statements++
              return send(statement, values)
            },
            sendAndCommit(statement, values) {
              statements++
              return sendAndCommit(statement, values)
            },
          }),
        limit,
      ),
  }
})

afterEach(() => pool.close())

function repository() {
  return createPostgresRepository({ pool: counting, newEpoch, onWrite() {}, timeoutMs: 5000 })
}

test('a batch of moves, each behind the one before, takes few statements', async () => {
  const moves = Array.from({ length: 100 }, (_, n) =>
    writing.move(n + 1, { after: idNumber(n === 0 ? 2000 : n) }),
  )
  const outcomes = await createCaller(repository(), ann).all(moves)
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['done']))
  expect(statements).toBeLessThan(15)
})

test('batches of moves that arrive together are all applied', async () => {
  const caller = createCaller(repository(), ann)
  const batches = Array.from({ length: 8 }, (_, batch) =>
    caller.all(Array.from({ length: 100 }, (_, n) => writing.move(batch * 100 + n, { to: 'top' }))),
  )
  for (const outcomes of await Promise.all(batches))
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['done']))
})

test('an import makes room when there is none above the lowest task', async () => {
  const owner = ownerNamed('crowded')
  const archive = createPostgresArchive(counting, newEpoch, 5000)
  const [lowest, unplaced] = owned(owner, [taskNumber(1, { order: LOWEST_ORDER }), taskNumber(2)])
  const { order: _, ...withoutOrder } = unplaced ?? expect.unreachable()
  expect(await archive.add([lowest ?? expect.unreachable(), withoutOrder])).toBe(2)
  expect(await createCaller(repository(), owner).inOrder()).toEqual([2, 1])
})
