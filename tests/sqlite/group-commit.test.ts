import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { createConnection, type OpenFile } from '../../adapters/sqlite/connection.ts'
import { createGroupCommit, type GroupCommit } from '../../adapters/sqlite/group-commit.ts'
import { createCaller, NOT_FOUND, writing } from '../conformance/stores/caller.ts'
import { ann, bob, ownerNamed } from '../conformance/stores/store.ts'
import { openMigrated, temporaryFile } from './files.ts'

let file: Awaited<ReturnType<typeof temporaryFile>>

beforeEach(async () => {
  file = await temporaryFile()
})

afterEach(() => file[Symbol.asyncDispose]())

/**
 * How many transactions the write-ahead log holds. The last frame of each holds the size of the file
 * (sqlite.org/fileformat2.html#walformat); in other frames that number is 0.
 */
async function commits(): Promise<number> {
  const log = new DataView(await Bun.file(`${file.path}-wal`).arrayBuffer())
  const pageSize = log.getUint32(8)
  let count = 0
  for (let frame = 32; frame < log.byteLength; frame += 24 + pageSize)
    if (log.getUint32(frame + 4) > 0) count++
  return count
}

describe('writes to a store', () => {
  test('share one transaction when they arrive at once, also those of different owners', async () => {
    await using store = await openMigrated(file.path)
    const callers = Array.from({ length: 20 }, (_, n) =>
      createCaller(store.repository, ownerNamed(`user ${n}`)),
    )
    const before = await commits()
    await Promise.all(callers.flatMap((tasks) => [tasks.create(1), tasks.create(2)]))
    expect((await commits()) - before).toBe(1)
    for (const tasks of callers) expect(await tasks.numbers()).toStrictEqual([2, 1])
  })

  test('have a transaction each when they arrive one after another', async () => {
    await using store = await openMigrated(file.path)
    const tasks = createCaller(store.repository, ann)
    const before = await commits()
    for (const n of [1, 2, 3]) await tasks.create(n)
    expect((await commits()) - before).toBe(3)
  })

  test('do not affect the other writes of their transaction when they fail', async () => {
    await using store = await openMigrated(file.path)
    const tasks = createCaller(store.repository, ann)
    const others = createCaller(store.repository, bob)
    await tasks.create(1)
    const results = await Promise.allSettled([
      others.create(1),
      tasks.create(1, 'a task that is there'),
      tasks.all([writing.create(2), writing.patch(3, { text: 'x' })], { atomic: true }),
      tasks.all([writing.create(4), writing.patch(5, { text: 'x' })]),
      others.create(2),
    ])
    expect(results.map(({ status }) => status)).toStrictEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ])
    expect(results[2]).toMatchObject({ value: [{ kind: 'done' }, NOT_FOUND] })
    expect(await tasks.numbers()).toStrictEqual([4, 1])
    expect(await tasks.get(1)).toMatchObject({ text: 'task 1', version: 1 })
    expect(await tasks.list()).toMatchObject({ count: 2 })
    expect(await others.numbers()).toStrictEqual([2, 1])
  })
})

describe('work in a group', () => {
  let connection: ReturnType<typeof createConnection>
  let commit: GroupCommit

  beforeEach(async () => {
    connection = createConnection(file.path, 500)
    commit = createGroupCommit(connection)
    await commit(({ database }) =>
      database.run('create table marks (mark text primary key not null)'),
    )
  })

  afterEach(() => connection.close())

  function put(mark: string): (file: OpenFile) => string {
    return ({ database }) => {
      database.run('insert into marks values (?)', [mark])
      return mark
    }
  }

  function marks(): Promise<unknown[]> {
    return connection.run(({ database }) =>
      database.query('select mark from marks order by mark').values().flat(),
    )
  }

  test('is undone alone when it throws, and rejects with what it threw', async () => {
    const results = await Promise.allSettled([
      commit(put('a')),
      commit((opened) => {
        put('b')(opened)
        throw new Error('no')
      }),
      commit((opened) => put('a')(opened)),
      commit(put('c')),
    ])
    expect(results).toMatchObject([
      { status: 'fulfilled', value: 'a' },
      { status: 'rejected', reason: { message: 'no' } },
      { status: 'rejected', reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } },
      { status: 'fulfilled', value: 'c' },
    ])
    expect(await marks()).toStrictEqual(['a', 'c'])
  })

  test('is undone alone when its error ends the transaction', async () => {
    const results = await Promise.allSettled([
      commit(put('a')),
      commit(({ database }) => database.run('insert or rollback into marks values (null), (null)')),
      commit(put('b')),
    ])
    expect(results.map(({ status }) => status)).toStrictEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(await marks()).toStrictEqual(['a', 'b'])
  })

  test('is rejected when it has waited for the lock as long as its own time limit', async () => {
    using other = new Database(file.path)
    other.run('begin immediate')
    const first = commit(put('first'))
    // Only the first one waits during this time.
    await Bun.sleep(100)
    const second = commit(put('second'))
    await expect(first).rejects.toMatchObject({ name: 'TaskportError', code: 'unavailable' })
    other.run('commit')
    expect(await second).toBe('second')
    expect(await marks()).toStrictEqual(['second'])
  })

  test('joins the group that waits for the lock', async () => {
    using other = new Database(file.path)
    other.run('begin immediate')
    const first = commit(put('first'))
    await Bun.sleep(20)
    const second = commit(put('second'))
    const before = await commits()
    other.run('commit')
    await Promise.all([first, second])
    expect((await commits()) - before).toBe(1)
  })

  test('rejects with unavailable when the connection is closed', async () => {
    const late = commit(put('late'))
    connection.close()
    await expect(late).rejects.toMatchObject({ code: 'unavailable' })
  })
})
