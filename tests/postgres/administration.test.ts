import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import postgres from 'postgres'
import type { openPostgres } from '../../adapters/postgres/store.ts'
import { OperatorError } from '../../core/errors.ts'
import { VERSION_JUMP } from '../../core/ports.ts'
import { type Caller, createCaller } from '../conformance/stores/caller.ts'
import { ann, bob, idNumber } from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { openMigrated } from './open.ts'

let database: TestDatabase
let store: ReturnType<typeof openPostgres>
let sql: postgres.Sql
let tasks: Caller
let others: Caller

beforeAll(async () => {
  database = await createDatabase()
  sql = postgres(database.url, { max: 2, fetch_types: false })
  store = await openMigrated(database.url, { foreignWriters: true })
})

afterAll(async () => {
  await store.close()
  await sql.end()
  await database.drop()
})

beforeEach(async () => {
  // Its trigger truncates the others.
  await sql`truncate tasks`
  tasks = createCaller(store.repository, ann)
  others = createCaller(store.repository, bob)
  await tasks.create(1)
  await others.create(1)
})

test('the triggers for other programs do not count a renewal as a change', async () => {
  await store.administration.renewFeeds(null)
  expect(await tasks.get(1)).toMatchObject({ version: 1 + VERSION_JUMP })
  const [owner] = await sql`select sequence, horizon from owners where user_id = 'ann'`
  expect(owner).toMatchObject({ sequence: '2', horizon: '2' })
  await sql`update tasks set text = 'by another program' where user_id = 'ann'`
  expect(await tasks.get(1)).toMatchObject({ version: 2 + VERSION_JUMP })
})

test('the triggers for other programs do not count the tasks of a deleted user', async () => {
  await store.administration.deleteSome(ann)
  expect(await sql`select user_id from owners`).toMatchObject([{ user_id: 'bob' }])
  await sql`
    insert into tasks (id, user_id, text, sequence)
    values (${idNumber(2)}, 'ann', 'by another program', null)`
  expect(await tasks.list()).toMatchObject({ count: 1, tasks: [{ version: 1 }] })
})

test('waits for a row that another program has locked, and for no other owner', async () => {
  const locked = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const other = sql.begin(async (transaction) => {
    await transaction`update tasks set text = 'by another program' where user_id = 'ann'`
    locked.resolve()
    await end.promise
  })
  await locked.promise
  const deleting = store.administration.deleteSome(ann)
  await others.create(2)
  end.resolve()
  await other
  expect(await deleting).toMatchObject({ deleted: { tasks: 1 } })
  expect(await sql`select from tasks where user_id = 'ann'`).toHaveLength(0)
})

test('a renewal refuses versions that the column cannot store, and names the users', async () => {
  const greatest = 2 ** 31 - 1 - VERSION_JUMP
  await sql`update tasks set version = ${greatest + 1}, sequence = 1 where user_id = 'bob'`
  const refused = await store.administration.renewFeeds(null).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(OperatorError)
  expect(`${refused}`).toContain(
    `of a user from "ann" to "bob" has a version above ${greatest}, and PostgreSQL cannot`,
  )
  expect(await tasks.get(1)).toMatchObject({ version: 1 })
  await sql`update tasks set version = ${greatest}, sequence = 1 where user_id = 'bob'`
  await store.administration.renewFeeds(null)
  expect(await others.get(1)).toMatchObject({ version: 2 ** 31 - 1 })
})
