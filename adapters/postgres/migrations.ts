import postgres from 'postgres'
import { isClash, toStoreError } from './connection/errors.ts'
import type { Lane } from './connection/lane.ts'
import { send, TEXT } from './connection/statement.ts'
import tasks from './migrations/0001_tasks.sql' with { type: 'text' }
import feed from './migrations/0002_feed.sql' with { type: 'text' }
import rules from './migrations/0003_rules.sql' with { type: 'text' }
import writes from './migrations/0004_writes.sql' with { type: 'text' }
import others from './migrations/0005_others.sql' with { type: 'text' }
import upkeep from './migrations/0006_upkeep.sql' with { type: 'text' }
import adopted from './migrations/0007_adopted.sql' with { type: 'text' }
import indexes from './migrations/0008_indexes.sql' with { type: 'text' }
import few from './migrations/0009_few.sql' with { type: 'text' }
import fewerIndexes from './migrations/0010_fewer_indexes.sql' with { type: 'text' }

const files = [
  { name: '0001_tasks.sql', sql: tasks },
  { name: '0002_feed.sql', sql: feed },
  { name: '0003_rules.sql', sql: rules },
  { name: '0004_writes.sql', sql: writes },
  { name: '0005_others.sql', sql: others },
  { name: '0006_upkeep.sql', sql: upkeep },
  { name: '0007_adopted.sql', sql: adopted },
  { name: '0008_indexes.sql', sql: indexes },
  { name: '0009_few.sql', sql: few },
  { name: '0010_fewer_indexes.sql', sql: fewerIndexes },
]

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
// role's defaults. A migration may take long.
const BEGIN = `
  begin isolation level read committed read write;
  set local statement_timeout = 0;
  set local idle_in_transaction_session_timeout = 0;
  set local lock_timeout = '60s'`

// The number is the eight letters of the service's name. It ends with the transaction. Nobody waits for
// it inside a statement: building an index concurrently waits for every statement that is under way.
const LOCK = `select pg_try_advisory_xact_lock(x'7461736b706f7274'::bigint) as locked`
const LOCK_RETRY_MS = 200

const UNHURRIED = `set statement_timeout = 0; set maintenance_work_mem = '256MB'`

// PostgreSQL builds no index concurrently on a table that has partitions.
const IS_PARTITIONED = `select relkind = 'p' as partitioned from pg_class where oid = to_regclass('tasks')`

// A file with this line runs part by part, each by itself, as often as it answers that there is more.
// The parts can be repeated, since a file that does not come to its end starts from its beginning.
const STEP = /^-- step$/m

/**
 * The schema's files and what the database remembers of them.
 *
 * @param open opens a connection that serves nothing else. Ending it undoes what is not committed.
 */
export function createPostgresMigrations(open: () => Promise<Lane>) {
  async function withLane<Result>(
    work: (sql: postgres.Sql, lane: Lane) => Promise<Result>,
  ): Promise<Result> {
    const lane = await open()
    try {
      return await work(lane.sql, lane)
    } catch (error) {
      throw toStoreError(error)
    } finally {
      await lane.end()
    }
  }

  async function begin(sql: postgres.Sql): Promise<void> {
    for (;;) {
      await sql.unsafe(BEGIN)
      const [row] = await sql.unsafe<[{ locked: boolean }]>(LOCK)
      if (row.locked) return
      await sql.unsafe('rollback')
      await Bun.sleep(LOCK_RETRY_MS)
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
        await begin(sql)
        await sql.unsafe(CREATE_RECORDS)
        const file = choose(await sql.unsafe<Applied[]>(RECORDS))
        if (file === null) return null
        const steps = file.sql.split(STEP)
        if (steps.length === 1) await sql.unsafe(file.sql)
        else await withLane((_, other) => runSteps(other, steps))
        await send(sql, RECORD, [file.name, file.checksum])
        await sql.unsafe('commit')
        return file
      }),
  }
}

async function runSteps({ sql, isDirect }: Lane, steps: readonly string[]): Promise<void> {
  // A pooler's session would be others' afterwards.
  if (isDirect) await sql.unsafe(UNHURRIED)
  const [table] = await sql.unsafe(IS_PARTITIONED)
  for (const step of steps) {
    const text = table?.['partitioned'] ? step.replace(' concurrently', '') : step
    while (await runStep(sql, text));
  }
}

/** @returns whether the step is to be run again. */
async function runStep(sql: postgres.Sql, step: string): Promise<boolean> {
  try {
    const [row] = await sql.unsafe<{ readonly again?: boolean }[]>(step)
    return row?.again === true
  } catch (error) {
    if (isClash(error)) return true
    throw error
  }
}
