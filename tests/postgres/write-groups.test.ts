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
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { openLane } from '../../adapters/postgres/connection/lane.ts'
import { createPool, type Pool } from '../../adapters/postgres/connection/pool.ts'
import { parsePostgresUrl } from '../../adapters/postgres/connection/url.ts'
import { createPostgresRepository } from '../../adapters/postgres/repository.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskRepository } from '../../core/ports.ts'
import { createCaller, writing } from '../conformance/stores/caller.ts'
import { ann, bob, idNumber, ownerNamed, second } from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { sessionWaits } from './locks.ts'
import { openMigrated } from './open.ts'

setDefaultTimeout(60_000)

const FROZEN_WRITER = fileURLToPath(import.meta.resolve('./frozen-writer.ts'))
const OWNERS = Array.from({ length: 30 }, (_, n) => ownerNamed(`user ${n}`))
// A text that no use case lets through, and that PostgreSQL refuses.
const REFUSED = 'a\u0000b'

let database: TestDatabase
let administrator: postgres.Sql
let pool: Pool
let repository: TaskRepository
let transactions = 0
const notified: [Owner, number][] = []

beforeAll(async () => {
  database = await createDatabase()
  administrator = postgres(database.url, { max: 4, fetch_types: false, onnotice: () => {} })
  const store = await openMigrated(database.url)
  await store.close()
})

afterAll(async () => {
  await administrator.end()
  await database.drop()
})

beforeEach(async () => {
  await administrator`truncate tasks, owners, remembered_calls`
  ;({ pool, repository } = open({ max: 4, timeoutMs: 5000 }))
  transactions = 0
  notified.length = 0
})

afterEach(() => pool.close())

/** The repository of one process. */
function open({ max, timeoutMs }: { readonly max: number; readonly timeoutMs: number }) {
  const target = parsePostgresUrl(database.url)
  const opened = createPool(
    (onClose) => openLane(target, { prepare: 'auto', timeoutMs: 5000, onClose }),
    { max, timeoutMs },
  )
  const counting: Pool = {
    ...opened,
    transaction(work, limit) {
      transactions++
      return opened.transaction(work, limit)
    },
  }
  const onWrite = (owner: Owner, sequence: number) => notified.push([owner, sequence])
  return {
    pool: opened,
    repository: createPostgresRepository({ pool: counting, newEpoch, onWrite, timeoutMs }),
  }
}

function callerOf(owner: Owner) {
  return createCaller(repository, owner)
}

/** Holds the owners' rows while `work` runs, as another process does. */
async function whileHeld(owners: readonly Owner[], work: () => Promise<void>): Promise<void> {
  await administrator.begin(async (other) => {
    const rows = await other`
      select from owners where user_id in ${other(owners)} order by user_id for update`
    expect(rows).toHaveLength(owners.length)
    await work()
  })
}

describe('a group', () => {
  test('shares one transaction among calls that arrive at once', async () => {
    await Promise.all(OWNERS.map((owner, n) => callerOf(owner).create(1, `text of ${n}`)))
    expect(transactions).toBe(1)
    const tasks = await Promise.all(OWNERS.map((owner) => callerOf(owner).get(1)))
    expect(tasks.map((task) => task?.text)).toEqual(OWNERS.map((_, n) => `text of ${n}`))
    expect(notified.toSorted()).toEqual(OWNERS.map((owner): [Owner, number] => [owner, 1]).sort())
  })

  test('applies the calls of one owner one after the other', async () => {
    const caller = callerOf(ann)
    await Promise.all([1, 2, 3, 4].map((n) => caller.create(n)))
    expect(transactions).toBe(1)
    expect(await caller.inOrder()).toEqual([4, 3, 2, 1])
    expect(notified).toEqual([[ann, 4]])
  })

  test('gives every call its own result when the rules need more than was read', async () => {
    const caller = callerOf(ann)
    await caller.all(Array.from({ length: 20 }, (_, n) => writing.create(n)))
    await administrator`update tasks set "order" = 7`
    const results = await Promise.all([
      callerOf(bob).create(1),
      ...[3, 5, 7].map((n) => caller.move(n, { before: idNumber(11) })),
    ])
    expect(results.map(({ id }) => id)).toEqual([1, 3, 5, 7].map(idNumber))
    const orders = (await caller.list({ sort: 'order' })).tasks.map(({ order }) => order)
    expect(await caller.inOrder()).toEqual([
      0, 1, 2, 4, 6, 8, 9, 10, 3, 5, 7, 11, 12, 13, 14, 15, 16, 17, 18, 19,
    ])
    expect(new Set(orders).size).toBeGreaterThan(3)
  })

  test('rejects only the call that the server refuses when other owners are in it', async () => {
    const outcomes = await Promise.allSettled(
      OWNERS.map((owner, n) => callerOf(owner).create(1, n === 7 ? REFUSED : 'fine')),
    )
    expect(outcomes.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([7])
    const tasks = await Promise.all(OWNERS.map((owner) => callerOf(owner).get(1)))
    expect(tasks.filter(Boolean)).toHaveLength(OWNERS.length - 1)
  })

  test('rejects only the call that the server refuses when it is among calls of its owner', async () => {
    const caller = callerOf(ann)
    const outcomes = await Promise.allSettled(
      [1, 2, 3, 4].map((n) => caller.create(n, n === 2 ? REFUSED : 'fine')),
    )
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ])
    expect(await caller.list()).toMatchObject({ count: 3 })
    expect(await caller.inOrder()).toEqual([4, 3, 1])
  })
})

describe('when another process holds the row of an owner', () => {
  beforeEach(async () => {
    await Promise.all([ann, bob, ...OWNERS].map((owner) => callerOf(owner).create(1)))
  })

  test('the other owners of the group are not delayed', async () => {
    const waiting: Promise<unknown>[] = []
    await whileHeld([ann, bob], async () => {
      waiting.push(callerOf(ann).patch(1, { text: 'late' }), callerOf(bob).create(2))
      await Promise.all(OWNERS.map((owner) => callerOf(owner).patch(1, { text: 'in time' })))
      expect(waiting.map((one) => Bun.peek.status(one))).toEqual(['pending', 'pending'])
    })
    expect(await Promise.all(waiting)).toMatchObject([{ text: 'late' }, { id: idNumber(2) }])
  })

  test('calls of other owners are not delayed that arrive while as many wait as there are groups', async () => {
    const held = [ann, bob, ...OWNERS.slice(0, 6)]
    const waiting: Promise<unknown>[] = []
    await whileHeld(held, async () => {
      for (const owner of held) {
        waiting.push(callerOf(owner).patch(1, { text: 'late' }))
        // Each in a group of its own.
        await sessionWaits(administrator)
      }
      for (const owner of OWNERS.slice(6))
        expect(await callerOf(owner).patch(1, { text: 'in time' })).toMatchObject({ version: 2 })
      expect(waiting.map((one) => Bun.peek.status(one))).toEqual(held.map(() => 'pending'))
    })
    expect(await Promise.all(waiting)).toMatchObject(held.map(() => ({ text: 'late' })))
  })

  test('a call whose time is up is rejected, and stores nothing afterwards', async () => {
    const impatient = open({ max: 4, timeoutMs: 300 })
    const calls: Promise<unknown>[] = []
    await whileHeld([ann], async () => {
      const caller = createCaller(impatient.repository, ann)
      // Arrive in different turns: the time of each counts from its own arrival.
      for (const n of [2, 3, 4]) {
        calls.push(caller.create(n).catch(({ code }: { readonly code: string }) => code))
        await sessionWaits(administrator)
      }
      expect(await Promise.all(calls)).toEqual(['unavailable', 'unavailable', 'unavailable'])
    })
    await impatient.pool.close()
    expect(await callerOf(ann).numbers()).toEqual([1])
  })

  test('a call whose time is up is not applied together with a later one', async () => {
    const { pool: other } = open({ max: 4, timeoutMs: 5000 })
    const attempts = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const resume = Promise.withResolvers<void>()
    let started = 0
    const slow: Pick<Pool, 'run' | 'transaction'> = {
      run: other.run,
      async transaction(work, limit) {
        const attempt = attempts[started++]
        const result = await other.transaction(work, limit)
        attempt?.resolve()
        await resume.promise
        return result
      },
    }
    const caller = createCaller(
      createPostgresRepository({ pool: slow, newEpoch, onWrite: () => {}, timeoutMs: 500 }),
      ann,
    )
    let second: Promise<unknown> = Promise.resolve()
    await whileHeld([ann], async () => {
      const first = caller.patch(1, { text: 'first' })
      await attempts[0]?.promise
      await expect(first).rejects.toMatchObject({ code: 'unavailable' })
      second = caller.patch(1, { text: 'second' })
      resume.resolve()
      await attempts[1]?.promise
    })
    await second
    await other.close()
    expect(await callerOf(ann).get(1)).toMatchObject({ text: 'second', version: 2 })
  })

  test('its lock ends within the time limit when that process freezes between its round trips', async () => {
    const frozen = Bun.spawn([process.execPath, FROZEN_WRITER, database.url, ann, '1500'], {
      stdout: 'pipe',
      stderr: 'inherit',
    })
    const { value } = await frozen.stdout.getReader().read()
    expect(new TextDecoder().decode(value)).toBe('locked\n')
    frozen.kill('SIGSTOP')
    try {
      expect(await callerOf(ann).patch(1, { text: 'after the lock ended' })).toMatchObject({
        version: 2,
      })
    } finally {
      frozen.kill('SIGKILL')
      await frozen.exited
    }
  })
})

test('two processes that write for one owner take turns, and lose nothing', async () => {
  const other = open({ max: 4, timeoutMs: 10_000 })
  const callers = [callerOf(ann), createCaller(other.repository, ann)]
  await Promise.all(
    callers.map(async (caller, process) => {
      for (let turn = 0; turn < 10; turn++)
        await Promise.all(
          Array.from({ length: 10 }, (_, n) => caller.create(process * 1000 + turn * 10 + n)),
        )
    }),
  )
  await other.pool.close()
  const { tasks, count } = await callerOf(ann).list()
  expect(count).toBe(200)
  expect(new Set(tasks.map(({ order }) => order)).size).toBe(200)
  expect((await callerOf(ann).changes(null))?.changes).toHaveLength(200)
})

test('two processes that create the row of an owner at the same time both succeed', async () => {
  const other = open({ max: 4, timeoutMs: 5000 })
  for (const owner of OWNERS) {
    await Promise.all([
      callerOf(owner).create(1),
      createCaller(other.repository, owner).create(2, 'x', second(9)),
    ])
    expect(await callerOf(owner).list()).toMatchObject({ count: 2 })
  }
  await other.pool.close()
})
