import type { Connection } from './connection.ts'
import tasks from './migrations/0001_tasks.sql' with { type: 'text' }
import feeds from './migrations/0002_feeds.sql' with { type: 'text' }
import words from './migrations/0003_words_of_many.sql' with { type: 'text' }

const files = [
  { name: '0001_tasks.sql', sql: tasks },
  { name: '0002_feeds.sql', sql: feeds },
  { name: '0003_words_of_many.sql', sql: words },
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

/** The schema's files and what the database remembers of them; the lock is SQLite's own for writers. */
export function createSqliteMigrations({ run }: Connection) {
  return {
    files,

    applied: () =>
      run(({ database }) =>
        database.prepare(HAS_RECORDS).get() === null
          ? []
          : database.prepare<Applied, []>(RECORDS).all(),
      ),

    applyNext: <File extends Applied & { readonly sql: string }>(
      choose: (applied: readonly Applied[]) => File | null,
    ): Promise<File | null> =>
      run(({ database }) =>
        database
          .transaction(() => {
            database.run(CREATE_RECORDS)
            const file = choose(database.prepare<Applied, []>(RECORDS).all())
            if (file === null) return null
            database.run(file.sql)
            database.prepare(RECORD).run(file.name, file.checksum)
            return file
          })
          .immediate(),
      ),
  }
}
