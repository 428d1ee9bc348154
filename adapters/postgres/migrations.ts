import postgres from 'postgres'
import { isClash, toMigrationError } from './connection/errors.ts'
import type { Lane } from './connection/lane.ts'
import { send, TEXT } from './connection/statement.ts'
import adoptTable from './migrations/0001_adopt_python_table.sql' with { type: 'text' }
import schema from './migrations/0001_schema.sql' with { type: 'text' }
import foreignWriters from './migrations/0002_foreign_writers.sql' with { type: 'text' }
import adoptRows from './migrations/0003_adopt_python_rows.sql' with { type: 'text' }
import taskModel from './migrations/0004_task_model.sql' with { type: 'text' }
import foreignTaskModel from './migrations/0005_foreign_task_model.sql' with { type: 'text' }
import apiTokens from './migrations/0006_api_tokens.sql' with { type: 'text' }

const SCHEMA = { name: '0001_schema.sql', sql: schema }
const FOREIGN_WRITERS = { name: '0002_foreign_writers.sql', sql: foreignWriters }
const ADOPT_TABLE = { name: '0001_adopt_python_table.sql', sql: adoptTable }
const ADOPT_ROWS = { name: '0003_adopt_python_rows.sql', sql: adoptRows }
const TASK_MODEL = { name: '0004_task_model.sql', sql: taskModel }
const FOREIGN_TASK_MODEL = { name: '0005_foreign_task_model.sql', sql: foreignTaskModel }
const API_TOKENS = { name: '0006_api_tokens.sql', sql: apiTokens }

const FRESH = [SCHEMA, TASK_MODEL, API_TOKENS]
const SHARED = [SCHEMA, FOREIGN_WRITERS, TASK_MODEL, FOREIGN_TASK_MODEL, API_TOKENS]
const ADOPTED = [
  ADOPT_TABLE,
  SCHEMA,
  FOREIGN_WRITERS,
  ADOPT_ROWS,
  TASK_MODEL,
  FOREIGN_TASK_MODEL,
  API_TOKENS,
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

// Read committed, whatever the role's default is, so that changes that were committed while this process
// waited for the lock are visible. Statements have no time limit. But requests queue behind a statement that
// waits for a table lock, so each waits briefly and is retried.
const BEGIN = `
  begin isolation level read committed read write;
  set local statement_timeout = 0;
  set local idle_in_transaction_session_timeout = 0;
  set local lock_timeout = '300ms'`

// The number is the service's name in ASCII. The lock is released when the transaction ends. Processes poll
// for it, because building an index concurrently would wait for a statement that waits for the lock.
const LOCK = `select pg_try_advisory_xact_lock(x'7461736b706f7274'::bigint) as locked`
const LOCK_RETRY_MS = 200

const RETRY_MS = 200
const MAX_ATTEMPTS = 100

// Building an index concurrently waits for other transactions but delays none. An interrupted build leaves
// an invalid index.
const WITHOUT_TIME_LIMITS = `
  set statement_timeout = 0; set lock_timeout = 0; set maintenance_work_mem = '256MB'`

// PostgreSQL cannot build an index concurrently on a partitioned table.
const IS_PARTITIONED = `select relkind = 'p' as partitioned from pg_class where oid = to_regclass('tasks')`

// Separates the steps of a file. Each step is a transaction of its own, and is repeated while it returns
// `again`. An interrupted file starts again from its first step, so every step can be repeated.
const STEP = /^-- step$/m

const HAS_TASKS = `select to_regclass('tasks') is not null as exists`

/**
 * The schema's files, and which of them are applied.
 *
 * @param open opens a separate connection. Closing it rolls back what is not committed.
 */
export function createPostgresMigrations(open: () => Promise<Lane>) {
  async function withLane<Result>(work: (lane: Lane) => Promise<Result>): Promise<Result> {
    const lane = await open()
    try {
      return await work(lane)
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
    /** A `tasks` table that this service did not create is taken to be the Python service's. */
    files: (options: { readonly foreignWriters: boolean }) =>
      withLane(async ({ sql }) => {
        // In this order, because another process that creates the table commits its record with it.
        const [table] = await sql.unsafe<[{ exists: boolean }]>(HAS_TASKS)
        const applied = new Set((await readRecords(sql)).map(({ name }) => name))
        const isAdopted = applied.has(ADOPT_TABLE.name) || (applied.size === 0 && table.exists)
        if (isAdopted) return ADOPTED
        const hasForeignWriters = options.foreignWriters || applied.has(FOREIGN_WRITERS.name)
        return hasForeignWriters ? SHARED : FRESH
      }),

    applied: () => withLane(({ sql }) => readRecords(sql)),

    applyNext: <File extends Applied & { readonly sql: string }>(
      choose: (applied: readonly Applied[]) => File | null,
    ): Promise<File | null> =>
      withLane(async ({ sql }) => {
        await begin(sql)
        await sql.unsafe(CREATE_RECORDS)
        const file = choose(await sql.unsafe<Applied[]>(RECORDS))
        if (file === null) return null
        const steps = file.sql.split(STEP)
        if (steps.length === 1) await retryClashes(() => runFile(sql, file.sql))
        else await withLane((lane) => runSteps(lane, steps))
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
  // A pooler would later hand the session to other clients.
  if (isDirect) await sql.unsafe(WITHOUT_TIME_LIMITS)
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

/** Retries while other transactions hold locks that `work` needs. */
async function retryClashes<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++)
    try {
      return await work()
    } catch (error) {
      if (!isClash(error) || attempt === MAX_ATTEMPTS) throw error
      await Bun.sleep(RETRY_MS)
    }
}
