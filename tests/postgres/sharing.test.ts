import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { SQL } from 'bun'
import { createSharing } from '../../adapters/postgres/sharing.ts'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { migrate } from '../../app/migrations.ts'
import { TaskportError } from '../../core/errors.ts'
import { createCaller } from '../contract/caller.ts'
import { ann, idNumber, ownerNamed, second } from '../contract/store.ts'
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
    timeoutMs: 20,
  })
  return { share, started }
}

describe('calls that arrive', () => {
  test('alone go at once, and together share the next statement', async () => {
    const { share, started } = createStatements()
    const answers = [1, 2, 3].map(share)
    expect(started.map(({ calls }) => calls)).toEqual([[1]])
    started[0]?.end.resolve()
    expect(await answers[0]).toBe('answer 1')
    expect(started.map(({ calls }) => calls)).toEqual([[1], [2, 3]])
    const late = share(4)
    started[1]?.end.resolve()
    expect(await Promise.all(answers)).toEqual(['answer 1', 'answer 2', 'answer 3'])
    started[2]?.end.resolve()
    expect(await late).toBe('answer 4')
    expect(started).toHaveLength(3)
  })

  test('are a hundred to a statement', async () => {
    const { share, started } = createStatements()
    const answers = Array.from({ length: 252 }, (_, n) => share(n))
    for (let n = 0; n < 4; n++) {
      started[n]?.end.resolve()
      await started[n]?.end.promise
      await Promise.all(answers.slice(0, started[n]?.calls[0]))
    }
    await Promise.all(answers)
    expect(started.map(({ calls }) => calls.length)).toEqual([1, 100, 100, 51])
  })

  test('while the server does not answer wait no longer than their limit', async () => {
    const { share, started } = createStatements()
    const first = share(1)
    await expect(share(2)).rejects.toMatchObject({ code: 'unavailable' })
    started[0]?.end.resolve()
    expect(await first).toBe('answer 1')
    expect(started).toHaveLength(1)
  })

  test('fail together where the server is gone', async () => {
    const { share, started } = createStatements()
    const answers = [1, 2, 3].map(share)
    started[0]?.end.resolve()
    await answers[0]
    started[1]?.end.reject(new TaskportError('unavailable', 'gone'))
    const outcomes = await Promise.allSettled(answers)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
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
