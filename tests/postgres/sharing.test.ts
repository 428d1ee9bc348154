import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { SQL } from 'bun'
import postgres from 'postgres'
import type { Pool } from '../../adapters/postgres/connection/pool.ts'
import { type Statement, send, type Value } from '../../adapters/postgres/connection/statement.ts'
import { createPostgresRepository } from '../../adapters/postgres/repository.ts'
import { createSharing } from '../../adapters/postgres/sharing.ts'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { migrate } from '../../app/migrations.ts'
import { TaskportError } from '../../core/errors.ts'
import { EVERYTHING } from '../../core/query.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import {
  ann,
  idNumber,
  owned,
  ownerNamed,
  second,
  taskNumber,
} from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'

/** Statements that end when they are told to. */
function createStatements() {
  const started: { readonly calls: readonly number[]; end: PromiseWithResolvers<void> }[] = []
  const share = createSharing<number, string>({
    async run(calls) {
      const end = Promise.withResolvers<void>()
      started.push({ calls, end })
      await end.promise
      return calls.map((call) => `answer ${call}`)
    },
    runAlone: async (call) => `alone ${call}`,
    statements: 3,
    timeoutMs: 20,
  })
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

  /** As many statements as may be under way, each of one call. */
  async function occupy(): Promise<Promise<string>[]> {
    const answers: Promise<string>[] = []
    for (const call of [101, 102, 103]) {
      answers.push(share(call))
      await turn()
    }
    return answers
  }

  const callsOf = () => started.map(({ calls }) => calls)
  return { share, started, callsOf, turn, occupy }
}

describe('calls that arrive', () => {
  test('in one turn of the event loop share a statement, and wait for no other', async () => {
    const { share, started, callsOf, turn } = createStatements()
    const answers = [1, 2, 3].map(share)
    await turn()
    const alone = share(4)
    await turn()
    expect(callsOf()).toEqual([[1, 2, 3], [4]])
    for (const { end } of started) end.resolve()
    expect(await Promise.all(answers)).toEqual(['answer 1', 'answer 2', 'answer 3'])
    expect(await alone).toBe('answer 4')
  })

  test('while three statements are under way share the next one', async () => {
    const { share, started, callsOf, turn, occupy } = createStatements()
    const first = await occupy()
    const answers = [share(1)]
    await turn()
    answers.push(share(2))
    await turn()
    expect(callsOf()).toEqual([[101], [102], [103]])
    started[1]?.end.resolve()
    expect(await first[1]).toBe('answer 102')
    expect(callsOf()).toEqual([[101], [102], [103], [1, 2]])
    for (const { end } of started) end.resolve()
    expect(await Promise.all(answers)).toEqual(['answer 1', 'answer 2'])
    await Promise.all(first)
  })

  test('are 32 to a statement', async () => {
    const { share, started, turn } = createStatements()
    const answers = Array.from({ length: 110 }, (_, n) => share(n))
    await turn()
    for (let n = 0; n < 4; n++) {
      started[n]?.end.resolve()
      await turn()
    }
    expect(await Promise.all(answers)).toEqual(answers.map((_, n) => `answer ${n}`))
    expect(started.map(({ calls }) => calls.length)).toEqual([32, 32, 32, 14])
  })

  test('while the server does not answer wait no longer than their limit', async () => {
    const { share, started, callsOf, occupy } = createStatements()
    const first = await occupy()
    await expect(share(1)).rejects.toMatchObject({ code: 'unavailable' })
    for (const { end } of started) end.resolve()
    await Promise.all(first)
    expect(callsOf()).toEqual([[101], [102], [103]])
  })

  test('fail together where the server is gone', async () => {
    const { share, started, turn } = createStatements()
    const answers = [1, 2].map(share)
    await turn()
    const other = share(3)
    await turn()
    started[0]?.end.reject(new TaskportError('unavailable', 'gone'))
    started[1]?.end.resolve()
    const outcomes = await Promise.allSettled([...answers, other])
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
    store = openPostgres({
      url: database.url,
      directUrl: null,
      poolMax: 4,
      timeoutMs: 2000,
      prepare: 'auto',
    })
    await migrate(store.migrations, () => {})
  }, 30_000)

  afterAll(async () => {
    await store.close()
    await administrator.close()
    await database.drop()
  })

  const owners = Array.from({ length: 30 }, (_, n) => ownerNamed(`user ${n}`))

  test('each gets what is its own', async () => {
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

  test('lists of many tasks are read apart from those that others wait for', async () => {
    const long = ownerNamed('owner of many')
    const many = Array.from({ length: 600 }, (_, n) => taskNumber(n))
    await store.archive.add(owned(long, many))
    const sql = postgres(database.url, { max: 4, fetch_types: false })
    const lengths: number[][] = []
    const recording: Pick<Pool, 'run'> = {
      async run<Row extends postgres.Row>(statement: Statement, values: readonly Value[]) {
        const rows = await send<Row>(sql, statement, values)
        lengths.push(rows.map((row) => row['page']?.length ?? 0))
        return rows
      },
    }
    const { list } = createPostgresRepository(recording, () => {}, 2000)
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

  test('one that the server refuses fails alone', async () => {
    const create = (n: number, text: string) =>
      createCaller(store.repository, ownerNamed(`neighbour ${n}`)).create(1, text)
    // Which no use case lets through, and PostgreSQL does not take.
    const outcomes = await Promise.allSettled(
      owners.map((_, n) => create(n, n === 7 ? 'a\u0000b' : 'fine')),
    )
    expect(outcomes.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([7])
    const there = await Promise.all(
      owners.map((_, n) => store.repository.get(ownerNamed(`neighbour ${n}`), idNumber(1))),
    )
    expect(there.filter(Boolean)).toHaveLength(owners.length - 1)
  })

  test('one that has to wait for a lock holds up no other', async () => {
    const locked = createCaller(store.repository, ann)
    await locked.create(1)
    const lock = await administrator.reserve()
    await lock.unsafe('begin')
    await lock`select from feeds where user_id = ${ann} for update`
    const waiting = locked.patch(1, { text: 'late' })
    const others = owners.map((owner) => createCaller(store.repository, owner))
    await Promise.all(others.map((caller) => caller.patch(1, { text: 'in time' }, second(9))))
    expect(await Promise.race([waiting, 'still waiting'])).toBe('still waiting')
    await lock.unsafe('commit')
    lock.release()
    expect((await waiting).text).toBe('late')
  })
})
