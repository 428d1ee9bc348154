-- One row a task, found by its owner and its id. Where the database has the table of the Python
-- service already, that table is taken over: rows, ids and times stay as they are, and the older
-- service can go on writing to it. Both kinds of database have the same schema afterwards.
do $$
declare
  tasks_table oid := to_regclass('tasks');
  old record;
begin
  if tasks_table is null then
    create table tasks (
      id uuid not null,
      user_id varchar(255) not null,
      text varchar(500) not null,
      completed boolean not null default false,
      "order" integer not null default 0,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      completed_at timestamptz,
      constraint tasks_pkey primary key (user_id, id)
    );
    return;
  end if;

  lock table tasks in access exclusive mode;

  -- Times without a zone are meant as UTC.
  for old in
    select attname from pg_attribute
    where attrelid = tasks_table and atttypid = 'timestamp'::regtype and not attisdropped
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
    alter column updated_at set default now();

  for old in
    select conname from pg_constraint where conrelid = tasks_table and contype = 'p'
  loop
    execute format('alter table tasks drop constraint %I', old.conname);
  end loop;
  alter table tasks add constraint tasks_pkey primary key (user_id, id);

  -- The key does for what these were for.
  drop index if exists ix_tasks_user_id, ix_tasks_user_completed, ix_tasks_user_created;
end
$$;
