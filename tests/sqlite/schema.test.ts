import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { openMigrated, temporaryFile } from './files.ts'

test('the schema has tables and a few indexes, and nothing that runs by itself', async () => {
  await using file = await temporaryFile()
  await using _ = await openMigrated(file.path)
  using database = new Database(file.path)
  const found = database
    .query<{ type: string; name: string }, []>(
      `select type, name from sqlite_schema where name not like 'sqlite\\_%' escape '\\' order by name`,
    )
    .all()
  expect(found.map(({ type, name }) => `${type} ${name}`)).toStrictEqual([
    'table api_tokens',
    'index api_tokens_expired',
    'index api_tokens_user',
    'table descriptions',
    'table lists',
    'index lists_deleted',
    'index lists_sequence',
    'table owners',
    'table remembered_calls',
    'index remembered_calls_made_at',
    'table taskport_migrations',
    'table tasks',
    'index tasks_created',
    'index tasks_deleted',
    'index tasks_order',
    'index tasks_parent',
    'index tasks_sequence',
  ])
})

test('the tables refuse values of other types', async () => {
  await using file = await temporaryFile()
  await using _ = await openMigrated(file.path)
  using database = new Database(file.path)
  const tables = database.query<{ name: string; strict: number }, []>('pragma table_list').all()
  const own = tables.filter(({ name }) => !name.startsWith('sqlite_'))
  expect(own.filter(({ strict }) => strict !== 1)).toStrictEqual([])
})
