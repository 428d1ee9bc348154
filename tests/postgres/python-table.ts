import type postgres from 'postgres'
import type { Task } from '../../core/task.ts'

/** One of the forms in which the Python service created its table. */
export interface PythonTable {
  readonly name: string
  readonly timeType: 'timestamptz' | 'timestamp'
  readonly indexes: boolean
  /** Whether the columns' defaults are in the database, and not only in the Python code. */
  readonly defaults: boolean
}

export const PYTHON_TABLES: readonly PythonTable[] = [
  { name: 'as documented', timeType: 'timestamptz', indexes: true, defaults: true },
  { name: 'times without zone', timeType: 'timestamp', indexes: true, defaults: true },
  { name: 'no indexes', timeType: 'timestamptz', indexes: false, defaults: true },
  { name: 'no defaults, no zone', timeType: 'timestamp', indexes: true, defaults: false },
]

/** Creates the table, with 10,000 rows of 100 owners. */
export async function createPythonTable(sql: postgres.Sql, table: PythonTable): Promise<void> {
  const withDefault = (value: string) => (table.defaults ? `default ${value}` : '')
  const now = table.timeType === 'timestamp' ? `(now() at time zone 'UTC')` : 'now()'
  await sql.unsafe(`
    create table tasks (
      id uuid primary key,
      user_id varchar(255) not null,
      text varchar(500) not null,
      completed boolean not null ${withDefault('false')},
      "order" integer not null ${withDefault('0')},
      created_at ${table.timeType} not null ${withDefault(now)},
      updated_at ${table.timeType} not null ${withDefault(now)},
      completed_at ${table.timeType}
    );
    create table alembic_version (version_num varchar(32) primary key);
    insert into alembic_version values ('8f3c1d2e4b5a')`)
  if (table.indexes)
    await sql.unsafe(`
      create index ix_tasks_user_id on tasks (user_id);
      create index ix_tasks_user_completed on tasks (user_id, completed);
      create index ix_tasks_user_created on tasks (user_id, created_at)`)
  // Times to the microsecond, some the same within an owner; completed rows of which some have no
  // time of completion.
  await sql.unsafe(`
    insert into tasks
    select gen_random_uuid(), 'user-' || n % 100, left(repeat('Zoë 😀 ' || n, 1 + n % 60), 500),
      n % 3 = 0, n % 7, created, created + n * interval '1.5 s',
      case when n % 3 = 0 and n % 2 = 0 then created + interval '1 h' end
    from (
      select n, '2024-02-29 23:59:59.000999'::${table.timeType} + (n / 2) * interval '1.000457 s' as created
      from generate_series(1, 10000) n
    ) rows`)
}

export interface PythonRow extends Task {
  readonly user_id: string
  readonly order: number
}

/** Every row, sorted by id, with times in UTC to the microsecond. */
export async function readRows(sql: postgres.Sql, timeType: PythonTable['timeType']) {
  const time = (column: string) =>
    `to_char(${column} ${timeType === 'timestamptz' ? `at time zone 'UTC'` : ''},
      'YYYY-MM-DD"T"HH24:MI:SS.US') as ${column}`
  return Array.from(
    await sql.unsafe<PythonRow[]>(`
      select id, user_id, text, completed, "order",
        ${time('created_at')}, ${time('updated_at')}, ${time('completed_at')}
      from tasks order by id`),
  )
}

/** The tables' columns, constraints, indexes and triggers as PostgreSQL describes them, sorted by name. */
export async function readSchema(sql: postgres.Sql) {
  const columns = await sql`
    select attrelid::regclass::text as table, attname, format_type(atttypid, atttypmod), attnotnull,
      attcollation::regcollation::text, pg_get_expr(adbin, adrelid)
    from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attrelid in (
        'tasks'::regclass, to_regclass('lists'), to_regclass('owners'), to_regclass('remembered_calls'),
        to_regclass('api_tokens'))
      and attnum > 0 and not attisdropped
    order by 1, attname`
  const constraints = await sql`
    select conname, pg_get_constraintdef(oid) from pg_constraint
    where conrelid in (
        'tasks'::regclass, to_regclass('lists'), to_regclass('owners'), to_regclass('remembered_calls'),
        to_regclass('api_tokens'))
    order by conname`
  const indexes = await sql`
    select pg_get_indexdef(indexrelid), indisvalid from pg_index
    where indrelid in (
        'tasks'::regclass, to_regclass('lists'), to_regclass('owners'), to_regclass('remembered_calls'),
        to_regclass('api_tokens'))
    order by indexrelid::regclass::text`
  const triggers = await sql`
    select pg_get_triggerdef(oid) from pg_trigger
    where tgrelid = 'tasks'::regclass and not tgisinternal order by tgname`
  const functions = await sql`
    select proname from pg_proc where pronamespace = 'public'::regnamespace order by proname`
  return {
    columns: [...columns],
    constraints: [...constraints],
    indexes: [...indexes],
    triggers: [...triggers],
    functions: [...functions],
  }
}
