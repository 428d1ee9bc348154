import postgres from 'postgres'
import { toStoreError } from './errors.ts'
import type { Lane } from './lane.ts'
import tasks from './migrations/0001_tasks.sql' with { type: 'text' }
import { send, TEXT } from './statement.ts'

const files = [{ name: '0001_tasks.sql', sql: tasks }]

interface Applied {
  readonly name: string
  readonly checksum: string
}

const CREATE_RECORDS = `
  create table if not exists taskport_migrations (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`

const RECORDS = 'select name, checksum from taskport_migrations order by name'

const RECORD = {
  text: 'insert into taskport_migrations (name, checksum) values ($1, $2)',
  types: [TEXT, TEXT],
}

const UNDEFINED_TABLE = '42P01'

// What another process committed while this one waited for the lock must be seen, whatever the
// role's defaults. A migration may take long, but waiting for others has an end. The lock's number
// is the eight letters of the service's name; it ends with the transaction.
const BEGIN = `
  begin isolation level read committed read write;
  set local statement_timeout = 0;
  set local lock_timeout = '60s';
  select pg_advisory_xact_lock(x'7461736b706f7274'::bigint)`

/**
 * The schema's files and what the database remembers of them.
 *
 * @param open opens a connection that serves nothing else. Ending it undoes what is not committed.
 */
export function createPostgresMigrations(open: () => Promise<Lane>) {
  async function withLane<Result>(work: (sql: postgres.Sql) => Promise<Result>): Promise<Result> {
    const lane = await open()
    try {
      return await work(lane.sql)
    } catch (error) {
      throw toStoreError(error)
    } finally {
      await lane.end()
    }
  }

  return {
    files,

    applied: () =>
      withLane(async (sql): Promise<readonly Applied[]> => {
        try {
          return await sql.unsafe<Applied[]>(RECORDS)
        } catch (error) {
          if (error instanceof postgres.PostgresError && error.code === UNDEFINED_TABLE) return []
          throw error
        }
      }),

    applyNext: <File extends Applied & { readonly sql: string }>(
      choose: (applied: readonly Applied[]) => File | null,
    ): Promise<File | null> =>
      withLane(async (sql) => {
        await sql.unsafe(BEGIN)
        await sql.unsafe(CREATE_RECORDS)
        const file = choose(await sql.unsafe<Applied[]>(RECORDS))
        if (file === null) return null
        await sql.unsafe(file.sql)
        await send(sql, RECORD, [file.name, file.checksum])
        await sql.unsafe('commit')
        return file
      }),
  }
}
