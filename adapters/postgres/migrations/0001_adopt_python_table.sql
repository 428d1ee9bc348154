-- Adopts the table of the Python service. Rows, ids and times stay the same, and that service can keep
-- writing. Runs only if there is such a table, before 0001_schema.sql. Each step is one transaction and can
-- be repeated. Requests of the Python service wait while the first step runs; the others lock only briefly.

-- Only this step locks the table exclusively, while it converts times and builds the key. Requests queue
-- behind a statement that waits for a lock, so it waits briefly and is then repeated.
do $$
declare
  old record;
begin
  set local lock_timeout = '300ms';
  lock table tasks in access exclusive mode;

  -- Times without a zone are in UTC.
  for old in
    select attname from pg_attribute
    where attrelid = 'tasks'::regclass and atttypid = 'timestamp'::regtype and not attisdropped
      and attname in ('created_at', 'updated_at', 'completed_at')
  loop
    execute format(
      'alter table tasks alter column %1$I drop default,
       alter column %1$I type timestamptz using %1$I at time zone ''UTC''', old.attname);
  end loop;

  alter table tasks
    alter column completed set default false,
    alter column "order" set default 0,
    alter column created_at set default now(),
    alter column updated_at set default now(),
    add column if not exists version integer not null default 1,
    add column if not exists deleted_at timestamptz,
    -- 0 for existing rows; null for a row that another program inserts, until its transaction commits.
    add column if not exists sequence bigint default 0,
    add column if not exists erased boolean not null default false,
    add column if not exists folded text collate "C";
  alter table tasks alter column sequence drop default;

  for old in
    select conname from pg_constraint
    where conrelid = 'tasks'::regclass and contype = 'p' and cardinality(conkey) = 1
  loop
    execute format('alter table tasks drop constraint %I', old.conname);
    alter table tasks add constraint tasks_pkey primary key (user_id, id);
  end loop;

  -- The new key serves the same queries.
  drop index if exists ix_tasks_user_id, ix_tasks_user_completed, ix_tasks_user_created;
end
$$
-- step
create table if not exists owners (
  user_id varchar(255) primary key,
  epoch text not null default substr(gen_random_uuid()::text, 1, 8),
  sequence bigint not null,
  horizon bigint not null default 0,
  live integer not null,
  top integer
) with (fillfactor = 40)
-- step
-- An interrupted index build leaves an invalid index.
do $$
declare
  unfinished regclass;
begin
  set local lock_timeout = '300ms';
  for unfinished in
    select indexrelid from pg_index where indrelid = 'tasks'::regclass and not indisvalid
  loop
    execute format('drop index %s', unfinished);
  end loop;
end
$$
-- step
create index concurrently if not exists tasks_created
  on tasks (user_id, created_at, id) where deleted_at is null
-- step
create index concurrently if not exists tasks_sequence on tasks (user_id, sequence, id)
-- step
create index concurrently if not exists tasks_order on tasks (user_id, "order", id) where not erased
-- step
create index concurrently if not exists tasks_deleted on tasks (deleted_at)
  where deleted_at is not null
-- step
create index concurrently if not exists tasks_unfolded on tasks (user_id, id) where folded is null
