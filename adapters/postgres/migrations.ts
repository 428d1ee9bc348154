import postgres from 'postgres'
import { isClash, toMigrationError } from './connection/errors.ts'
import type { Lane } from './connection/lane.ts'
import { send, TEXT } from './connection/statement.ts'
import pythonTable from './migrations/0001_adopt_python_table.sql' with { type: 'text' }
import schema from './migrations/0001_schema.sql' with { type: 'text' }
import foreignWriters from './migrations/0002_foreign_writers.sql' with { type: 'text' }
import pythonRows from './migrations/0003_adopt_python_rows.sql' with { type: 'text' }

const SCHEMA = { name: '0001_schema.sql', sql: schema }
const FOREIGN_WRITERS = { name: '0002_foreign_writers.sql', sql: foreignWriters }
const PYTHON_TABLE = { name: '0001_adopt_python_table.sql', sql: pythonTable }
const PYTHON_ROWS = { name: '0003_adopt_python_rows.sql', sql: pythonRows }

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

// Read committed whatever the role's default is: what another process committed while this one waited for
// the lock must be visible. A migration may take long. But requests queue behind a statement that waits for
// the table, so each waits briefly and is tried again.
const BEGIN = `
  begin isolation level read committed read write;
  set local statement_timeout = 0;
  set local idle_in_transaction_session_timeout = 0;
  set local lock_timeout = '300ms'`

// The number is the service's name in ASCII. The lock is released with the transaction. Processes poll for
// it, because building an index concurrently waits for every running statement.
const LOCK = `select pg_try_advisory_xact_lock(x'7461736b706f7274'::bigint) as locked`
const LOCK_RETRY_MS = 200

const RETRY_MS = 200
const MOST_ATTEMPTS = 100

// Building an index concurrently waits for other transactions, and delays none. If it is interrupted, it
// leaves an invalid index.
const UNHURRIED = `
  set statement_timeout = 0; set lock_timeout = 0; set maintenance_work_mem = '256MB'`

// PostgreSQL builds no index concurrently on a table that has partitions.
const IS_PARTITIONED = `select relkind = 'p' as partitioned from pg_class where oid = to_regclass('tasks')`

// Separates the steps of a file. Each step runs by itself, and again as long as it answers `again`. A file
// that was cut off starts from its first step, so all steps can be repeated.
const STEP = /^-- step$/m

const HAS_TASKS = `select to_regclass('tasks') is not null as answer`

/**
 * The schema's files, and which of them the database has.
 *
 * @param open opens a connection for this alone. Ending it undoes what is not committed.
 */
export function createPostgresMigrations(open: () => Promise<Lane>) {
  async function withLane<Result>(
    work: (sql: postgres.Sql, lane: Lane) => Promise<Result>,
  ): Promise<Result> {
    const lane = await open()
    try {
      return await work(lane.sql, lane)
    } catch (error) {
      throw toMigrationError(error)
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
    /** A database with a table of tasks that this service did not create has the Python service's. */
    files: (options: { readonly foreignWriters: boolean }) =>
      withLane(async (sql) => {
        // In this order: another process that creates the table commits its record with it.
        const [table] = await sql.unsafe<[{ answer: boolean }]>(HAS_TASKS)
        const applied = new Set((await readRecords(sql)).map(({ name }) => name))
        const isAdopted = applied.has(PYTHON_TABLE.name) || (applied.size === 0 && table.answer)
        if (isAdopted) return [PYTHON_TABLE, SCHEMA, FOREIGN_WRITERS, PYTHON_ROWS]
        const isOpen = options.foreignWriters || applied.has(FOREIGN_WRITERS.name)
        return isOpen ? [SCHEMA, FOREIGN_WRITERS] : [SCHEMA]
      }),

    applied: () => withLane(readRecords),

    applyNext: <File extends Applied & { readonly sql: string }>(
      choose: (applied: readonly Applied[]) => File | null,
    ): Promise<File | null> =>
      withLane(async (sql) => {
        await begin(sql)
        await sql.unsafe(CREATE_RECORDS)
        const file = choose(await sql.unsafe<Applied[]>(RECORDS))
        if (file === null) return null
        const steps = file.sql.split(STEP)
        if (steps.length === 1) await retryClashes(() => runFile(sql, file.sql))
        else await withLane((_, other) => runSteps(other, steps))
        await send(sql, RECORD, [file.name, file.checksum])
        await sql.unsafe('commit')
        return file
      }),
  }
}

async function readRecords(sql: postgres.Sql): Promise<readonly Applied[]> {
  try {
    return await sql.unsafe<Applied[]>(RECORDS)
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === UNDEFINED_TABLE) return []
    throw error
  }
}

async function runSteps({ sql, isDirect }: Lane, steps: readonly string[]): Promise<void> {
  // A pooler would hand the session to others afterwards.
  if (isDirect) await sql.unsafe(UNHURRIED)
  const [table] = await sql.unsafe(IS_PARTITIONED)
  for (const step of steps) {
    const text = table?.['partitioned'] ? step.replace(' concurrently', '') : step
    while (await runStep(sql, text));
  }
}

/** @returns whether to run the step again. */
async function runStep(sql: postgres.Sql, step: string): Promise<boolean> {
  const [row] = await retryClashes(() => sql.unsafe<{ readonly again?: boolean }[]>(step))
  return row?.again === true
}

async function runFile(sql: postgres.Sql, file: string): Promise<void> {
  try {
    await sql.unsafe(`savepoint file; ${file}`)
  } catch (error) {
    await sql.unsafe('rollback to savepoint file')
    throw error
  }
}

/** Tries again while other transactions hold the locks that `work` needs. */
async function retryClashes<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++)
    try {
      return await work()
    } catch (error) {
      if (!isClash(error) || attempt === MOST_ATTEMPTS) throw error
      await Bun.sleep(RETRY_MS)
    }
}
