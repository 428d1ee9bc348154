import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { SQL } from 'bun'
import postgres from 'postgres'
import type { Pool } from '../../adapters/postgres/connection/pool.ts'
import { type Statement, send, type Value } from '../../adapters/postgres/connection/statement.ts'
import { createPostgresRepository } from '../../adapters/postgres/repository.ts'
import { createSharing } from '../../adapters/postgres/sharing.ts'
import type { openPostgres } from '../../adapters/postgres/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { TaskportError } from '../../core/errors.ts'
import { EVERYTHING } from '../../core/query.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { idNumber, owned, ownerNamed, taskNumber } from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { open, openMigrated } from './open.ts'

/** Statements that end when the test lets them. */
function createStatements() {
  const started: { readonly calls: readonly number[]; end: PromiseWithResolvers<void> }[] = []
  const share = createSharing<number, string>({
    async run(group) {
      const calls = group.map(({ call }) => call)
      const end = Promise.withResolvers<void>()
      started.push({ calls, end })
      await end.promise
      return calls.map((call) => `result ${call}`)
    },
    runAlone: async ({ call }) => `alone ${call}`,
    statements: 3,
    timeoutMs: 20,
  })
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

  /** Starts as many statements as may run at once, each with one call. */
  async function occupy(): Promise<Promise<string>[]> {
    const results: Promise<string>[] = []
    for (const call of [101, 102, 103]) {
      results.push(share(call))
      await turn()
    }
    return results
  }

  const callsOf = () => started.map(({ calls }) => calls)
  return { share, started, callsOf, turn, occupy }
}

describe('reads', () => {
  test('share a statement when they arrive in one turn of the event loop, and wait for no other', async () => {
    const { share, started, callsOf, turn } = createStatements()
    const results = [1, 2, 3].map(share)
    await turn()
    const alone = share(4)
    await turn()
    expect(callsOf()).toEqual([[1, 2, 3], [4]])
    for (const { end } of started) end.resolve()
    expect(await Promise.all(results)).toEqual(['result 1', 'result 2', 'result 3'])
    expect(await alone).toBe('result 4')
  })

  test('share the next statement when they arrive while three are running', async () => {
    const { share, started, callsOf, turn, occupy } = createStatements()
    const first = await occupy()
    const results = [share(1)]
    await turn()
    results.push(share(2))
    await turn()
    expect(callsOf()).toEqual([[101], [102], [103]])
    started[1]?.end.resolve()
    expect(await first[1]).toBe('result 102')
    expect(callsOf()).toEqual([[101], [102], [103], [1, 2]])
    for (const { end } of started) end.resolve()
    expect(await Promise.all(results)).toEqual(['result 1', 'result 2'])
    await Promise.all(first)
  })

  test('are split into statements of 32', async () => {
    const { share, started, turn } = createStatements()
    const results = Array.from({ length: 110 }, (_, n) => share(n))
    await turn()
    for (let n = 0; n < 4; n++) {
      started[n]?.end.resolve()
      await turn()
    }
    expect(await Promise.all(results)).toEqual(results.map((_, n) => `result ${n}`))
    expect(started.map(({ calls }) => calls.length)).toEqual([32, 32, 32, 14])
  })

  test('are rejected at their own time limit, before and after their statement starts', async () => {
    const { share, started, callsOf, occupy } = createStatements()
    const first = await occupy()
    const outcomes = await Promise.allSettled([...first, share(1)])
    expect<unknown>(outcomes).toEqual(
      Array(4).fill({
        status: 'rejected',
        reason: expect.objectContaining({ code: 'unavailable' }),
      }),
    )
    for (const { end } of started) end.resolve()
    expect(callsOf()).toEqual([[101], [102], [103]])
  })

  test('fail together when the server is gone, without those of other statements', async () => {
    const { share, started, turn } = createStatements()
    const results = [1, 2].map(share)
    await turn()
    const other = share(3)
    await turn()
    started[0]?.end.reject(new TaskportError('unavailable', 'gone'))
    started[1]?.end.resolve()
    const outcomes = await Promise.allSettled([...results, other])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  })
})

describe('on a server', () => {
  let database: TestDatabase
  let store: ReturnType<typeof openPostgres>
  let administrator: SQL

  beforeAll(async () => {
    database = await createDatabase()
    administrator = new SQL(database.url, { max: 2 })
    store = await openMigrated(database.url)
  }, 30_000)

  afterAll(async () => {
    await store.close()
    await administrator.close()
    await database.drop()
  })

  const owners = Array.from({ length: 30 }, (_, n) => ownerNamed(`user ${n}`))

  test('each caller gets its own task', async () => {
    await Promise.all(
      owners.map((owner, n) => createCaller(store.repository, owner).create(1, `text of ${n}`)),
    )
    const [mine, theirs] = await Promise.all([
      Promise.all(owners.map((owner) => store.repository.get(owner, idNumber(1)))),
      Promise.all(owners.map((owner) => store.repository.get(owner, idNumber(2)))),
    ])
    expect(mine.map((task) => task?.text)).toEqual(owners.map((_, n) => `text of ${n}`))
    expect(theirs.every((task) => task === null)).toBe(true)
  })

  test('long lists are read in statements of their own', async () => {
    const long = ownerNamed('owner of many')
    const many = Array.from({ length: 600 }, (_, n) => taskNumber(n))
    await store.archive.add(owned(long, many))
    const sql = postgres(database.url, { max: 4, fetch_types: false })
    const lengths: number[][] = []
    const recording: Pick<Pool, 'run' | 'transaction'> = {
      transaction: () => expect.unreachable(),
      async run<Row extends postgres.Row>(statement: Statement, values: readonly Value[]) {
        const rows = await send<Row>(sql, statement, values)
        lengths.push(rows.map((row) => row['page']?.length ?? 0))
        return rows
      },
    }
    const { list } = createPostgresRepository({
      pool: recording,
      newEpoch,
      onWrite: () => {},
      timeoutMs: 2000,
    })
    const asked = [...owners, long]
    const pages = await Promise.all(asked.map((owner) => list(owner, EVERYTHING)))
    expect(pages.map(({ tasks, count }) => [tasks.length, count])).toEqual(
      asked.map((owner) => (owner === long ? [600, 600] : [1, 1])),
    )
    const shared = lengths.filter((rows) => rows.length > 1)
    expect(shared.length).toBeGreaterThan(0)
    expect(Math.max(...shared.flat())).toBe(1)
    expect(lengths).toContainEqual([600])
    await sql.end()
  })

  test('a read that the server refuses does not affect the others of its statement', async () => {
    const outcomes = await Promise.allSettled(
      owners.map((owner, n) => store.repository.get(owner, n === 7 ? 'not an id' : idNumber(1))),
    )
    expect(outcomes.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([7])
    const found = outcomes.filter((one) => one.status === 'fulfilled' && one.value !== null)
    expect(found).toHaveLength(owners.length - 1)
  })

  test('reads do not wait for a write that holds the row of their owner', async () => {
    const [owner = expect.unreachable()] = owners
    await administrator.begin(async (other) => {
      await other`select from owners where user_id = ${owner} for update`
      expect(await store.repository.get(owner, idNumber(1))).not.toBeNull()
      expect((await store.repository.list(owner, EVERYTHING)).count).toBe(1)
    })
  })

  // The promise of DATABASE_TIMEOUT_MS; the rest is for a busy machine.
  test('every call ends at its time limit when the table is locked', async () => {
    const limit = 1000
    const limited = open(database.url, { timeoutMs: limit })
    await Promise.all(owners.map((owner) => limited.repository.get(owner, idNumber(1))))
    await administrator.begin(async (other) => {
      await other`lock table tasks in access exclusive mode`
      const timed = async (call: Promise<unknown>) => {
        const started = performance.now()
        const error = await call.catch((reason) => reason)
        expect(error).toMatchObject({ code: 'unavailable' })
        return performance.now() - started
      }
      const times = await Promise.all(
        owners.flatMap((owner) => [
          timed(limited.repository.get(owner, idNumber(1))),
          timed(limited.repository.list(owner, EVERYTHING)),
          timed(createCaller(limited.repository, owner).create(2)),
        ]),
      )
      expect(Math.max(...times)).toBeLessThan(limit * 1.5)
    })
    await limited.close()
  })
})
