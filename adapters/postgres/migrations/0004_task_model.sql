-- Adds the members of tasks beyond text and completion, and lists. Each step is one transaction and can be
-- repeated.

-- The new columns are null or have a constant default, so no row is rewritten. Requests queue behind a
-- statement that waits for a lock, so it waits briefly and is then repeated.
do $$
begin
  set local lock_timeout = '300ms';
  alter table tasks
    -- A table of the Python service may have this column.
    add column if not exists description text,
    -- A day or a minute on the wall clock. Sorts as text.
    add column if not exists due text collate "C",
    add column if not exists time_zone text,
    -- From 0 (none) to 3 (high).
    add column if not exists priority smallint not null default 0,
    -- JSON, like `recurrence` and `undo`. Text, because triggers compare whole rows, and json has no equality.
    add column if not exists tags text,
    -- What tags are compared by, each between line feeds.
    add column if not exists tag_keys text collate "C",
    add column if not exists list_id uuid,
    add column if not exists parent_id uuid,
    add column if not exists recurrence text,
    add column if not exists successor_id uuid,
    -- Set in the trash if the task was deleted together with its parent.
    add column if not exists deleted_with_parent boolean,
    -- Set while the task is completed, if its completion can be taken back.
    add column if not exists undo text;
  if exists (
    select from pg_attribute
    where attrelid = 'tasks'::regclass and attname = 'description'
      and (attnotnull or atttypid <> 'text'::regtype)
  ) then
    alter table tasks
      alter column description drop not null,
      alter column description type text;
  end if;
end
$$
-- step
create table if not exists lists (
  user_id varchar(255) not null,
  id uuid not null,
  name text not null,
  color text,
  "order" integer not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- Set on a tombstone: the list is deleted, and kept without its name until maintenance purges it.
  deleted_at timestamptz,
  -- The number of the last change in the owner's feed.
  sequence bigint not null,
  constraint lists_pkey primary key (user_id, id)
);
create index if not exists lists_sequence on lists (user_id, sequence, id);
create index if not exists lists_deleted on lists (deleted_at) where deleted_at is not null
-- step
-- An interrupted index build leaves an invalid index.
do $$
begin
  set local lock_timeout = '300ms';
  if exists (
    select from pg_index where indexrelid = to_regclass('tasks_parent') and not indisvalid
  ) then
    drop index tasks_parent;
  end if;
end
$$
-- step
create index concurrently if not exists tasks_parent on tasks (user_id, parent_id)
  where parent_id is not null
-- step
-- Gives every role that the service runs as the rights to the new table.
do $$
declare
  role text;
begin
  for role in
    select distinct case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end
    from pg_class, aclexplode(relacl)
    where pg_class.oid = 'owners'::regclass and privilege_type = 'INSERT'
  loop
    execute format('grant select, insert, update, delete on lists to %s', role);
  end loop;
end
$$
