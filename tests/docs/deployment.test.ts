import { expect, setDefaultTimeout, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { migrate } from '../../app/migrations.ts'
import { openStore } from '../../app/store.ts'
import { EVERYTHING } from '../../core/query.ts'
import { idNumber, ownerNamed } from '../conformance/stores/store.ts'
import { createPythonTable, PYTHON_TABLES } from '../postgres/python-table.ts'
import { testConfig } from '../support/config.ts'
import { createDatabase } from '../support/postgres.ts'
import { codeIn, readPage, sectionOf } from './page.ts'

setDefaultTimeout(60_000)

const page = await readPage('docs/deployment.md')
const [grants = ''] = codeIn(sectionOf(page, '### A role that only serves'), 'sql')
const owner = ownerNamed('user-7')
const now = '2026-01-31T09:30:00.000Z'
const later = '2027-01-31T09:30:00.000Z'

async function migrateAt(url: string, foreignWriters: boolean): Promise<void> {
  const store = await openStore(testConfig({ DATABASE_URL: url }))
  if (store.migrations) await migrate(store.migrations, () => {}, { foreignWriters })
  await store.close()
}

test.each([
  ['a fresh database', { isAdopted: false, foreignWriters: false }],
  ['a fresh database with foreign writers', { isAdopted: false, foreignWriters: true }],
  ['a table of the Python version', { isAdopted: true, foreignWriters: false }],
])('serves with a role that has the documented rights on %s', async (_, kind) => {
  const database = await createDatabase()
  const role = `tasks_service_${randomUUID().replaceAll('-', '')}`
  const sql = postgres(database.url, { max: 1, fetch_types: false, onnotice() {} })
  await sql.unsafe(`create role ${role} login password 'secret'`)
  try {
    if (kind.isAdopted) await createPythonTable(sql, PYTHON_TABLES[0] ?? expect.unreachable())
    await migrateAt(database.url, kind.foreignWriters)
    await sql.unsafe(grants.replaceAll('tasks_service', role))

    const address = Object.assign(new URL(database.url), { username: role, password: 'secret' })
    await migrateAt(address.href, false)
    const store = await openStore(testConfig({ DATABASE_URL: address.href }))
    const retry = { key: 'a key', fingerprint: '', rememberedSince: now }
    const id = idNumber(1)
    const writes = [
      { op: 'create', id, task: { text: 'Buy milk' } },
      { op: 'delete', id, versions: null, permanent: false },
      { op: 'create_list', id: idNumber(2), list: { name: 'Garden' } },
    ] as const
    const call = { writes, atomic: true, now, idAt: idNumber, retry }
    expect(await store.repository.write(owner, call)).toMatchObject({
      outcomes: [{ kind: 'done' }, { kind: 'done' }, { kind: 'list_done' }],
    })
    while (await store.maintenance.run({ deleted: later, retries: later }));
    expect((await store.repository.list(owner, EVERYTHING)).tasks).not.toContainEqual(
      expect.objectContaining({ id }),
    )
    await store.close()
    expect(
      await sql`select from remembered_calls union all select from tasks where deleted_at is not null`,
    ).toBeEmpty()
  } finally {
    await sql.unsafe(`drop owned by ${role}; drop role ${role}`)
    await sql.end()
    await database.drop()
  }
})
