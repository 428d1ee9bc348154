import { SQLiteError } from 'bun:sqlite'
import { resolve } from 'node:path'
import { OperatorError } from '../../core/errors.ts'
import { type Connection, isOutage } from './connection.ts'
import schema from './migrations/0001_schema.sql' with { type: 'text' }
import taskModel from './migrations/0002_task_model.sql' with { type: 'text' }
import apiTokens from './migrations/0003_api_tokens.sql' with { type: 'text' }

const files = [
  { name: '0001_schema.sql', sql: schema },
  { name: '0002_task_model.sql', sql: taskModel },
  { name: '0003_api_tokens.sql', sql: apiTokens },
]

interface Applied {
  readonly name: string
  readonly checksum: string
}

const CREATE_RECORDS = `
  create table if not exists taskport_migrations (
    name text primary key,
    checksum text not null,
    applied_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
  ) strict`

const HAS_RECORDS = "select 1 from sqlite_schema where name = 'taskport_migrations'"

const RECORDS = 'select name, checksum from taskport_migrations order by name'

const RECORD = 'insert into taskport_migrations (name, checksum) values (?, ?)'

/**
 * The schema's files, and which of them are applied. SQLite's write lock guards them.
 *
 * A file is one transaction that blocks the event loop, so it must not change many rows: maintenance does
 * that, in small batches. See docs/internals/migrations-and-archive.md.
 */
export function createSqliteMigrations({ run, path }: Pick<Connection, 'run' | 'path'>) {
  /** The file may belong to another program. */
  function toMigrationError(error: unknown): unknown {
    if (!(error instanceof SQLiteError) || isOutage(error)) return error
    return new OperatorError(
      `DATABASE_URL: The SQLite file ${resolve(path)} cannot be migrated (${error.message}). Name another file in DATABASE_URL, for example DATABASE_URL=sqlite:./data/tasks.db`,
      { cause: error },
    )
  }

  return {
    files: async () => files,

    applied: () =>
      run(({ statement }) =>
        statement(HAS_RECORDS).get() === null ? [] : statement<Applied, []>(RECORDS).all(),
      ),

    applyNext: <File extends Applied & { readonly sql: string }>(
      choose: (applied: readonly Applied[]) => File | null,
    ): Promise<File | null> =>
      run(({ database, statement }) => {
        const apply = database.transaction(() => {
          database.run(CREATE_RECORDS)
          const file = choose(statement<Applied, []>(RECORDS).all())
          if (file === null) return null
          database.run(file.sql)
          statement(RECORD).run(file.name, file.checksum)
          return file
        })
        try {
          return apply.immediate()
        } catch (error) {
          throw toMigrationError(error)
        }
      }),
  }
}
