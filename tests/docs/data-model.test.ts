import { Database } from 'bun:sqlite'
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { SQL } from 'bun'
import { migrate } from '../../app/migrations.ts'
import { openStore } from '../../app/store.ts'
import { Task } from '../../core/task.ts'
import { testConfig } from '../support/config.ts'
import { createDatabase } from '../support/postgres.ts'
import { temporaryDirectory } from '../support/process.ts'
import { namesIn, readPage, rowsIn, sectionOf } from './page.ts'

setDefaultTimeout(60_000)

const page = await readPage('docs/data-model.md')

const NO_NAME = '–'

/** `table.column type`, for each column that the page lists for a store. */
function columnsOf(cell: number): string[] {
  let table = ''
  return rowsIn(sectionOf(page, '## Tables and columns')).flatMap((row) => {
    const [name = '', column = ''] = row
    table = namesIn(name)[0] ?? table
    const [type] = namesIn(row[cell] ?? '')
    return type === undefined ? [] : [`${table}.${namesIn(column)} ${type}`]
  })
}

function indexesOf(cell: number): string[] {
  return rowsIn(sectionOf(page, '## Keys and indexes')).flatMap((row) => {
    expect(row[cell] === NO_NAME || row[cell]).toBeTruthy()
    return namesIn(row[cell] ?? '')
  })
}

async function migrated(databaseUrl: string): Promise<void> {
  const store = await openStore(testConfig({ DATABASE_URL: databaseUrl }))
  if (store.migrations) await migrate(store.migrations, () => {})
  await store.close()
}

test('lists the fields of a task in their order', () => {
  const fields = rowsIn(sectionOf(page, '## A task')).map(([field = '']) => namesIn(field))
  expect(fields.flat()).toStrictEqual(Object.keys(Task.properties))
})

describe('lists the columns and indexes of a migrated database', () => {
  test('on PostgreSQL', async () => {
    const database = await createDatabase()
    await migrated(database.url)
    const sql = new SQL(database.url, { max: 1 })
    const columns: readonly { readonly found: string }[] = await sql`
      select relname || '.' || attname || ' ' || format_type(atttypid, atttypmod) as found
      from pg_attribute join pg_class on pg_class.oid = attrelid
      where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped`
    const indexes: readonly { readonly found: string }[] = await sql`
      select indexname as found from pg_indexes where schemaname = 'public'`
    await sql.close()
    await database.drop()
    expect(columnsOf(2).sort()).toStrictEqual(columns.map(({ found }) => found).sort())
    expect(indexesOf(0).sort()).toStrictEqual(indexes.map(({ found }) => found).sort())
  })

  test('on SQLite', async () => {
    await using directory = await temporaryDirectory()
    const path = join(directory.path, 'tasks.db')
    await migrated(`sqlite:${path}`)
    using database = new Database(path, { readonly: true })
    const found = (query: string) =>
      database
        .query<{ found: string }, []>(query)
        .all()
        .map((row) => row.found)
        .sort()
    const columns = found(`
      select tables.name || '.' || columns.name || ' ' || columns.type as found
      from sqlite_schema tables, pragma_table_info(tables.name) columns
      where tables.type = 'table'`)
    const indexes = found(`select name as found from sqlite_schema where type = 'index'
      and name not like 'sqlite_autoindex%'`)
    expect(columnsOf(3).sort()).toStrictEqual(columns)
    expect(indexesOf(1).sort()).toStrictEqual(indexes)
  })
})
