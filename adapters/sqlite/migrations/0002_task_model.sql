-- 1 if the task uses any of the following members. For other tasks they are null, or 0.
alter table tasks add column is_detailed integer;
-- 1 if the task is in `descriptions`.
alter table tasks add column has_description integer;
-- A day or a minute on the wall clock, which sorts by time as text.
alter table tasks add column due text;
alter table tasks add column time_zone text;
-- From 0 (none) to 3 (high).
alter table tasks add column priority integer not null default 0;
-- A JSON array.
alter table tasks add column tags text;
-- What tags are compared by (core/task.ts), each between line feeds.
alter table tasks add column tag_keys text;
alter table tasks add column list_id text;
alter table tasks add column parent_id text;
-- A JSON object.
alter table tasks add column recurrence text;
alter table tasks add column successor_id text;
-- 1 if the task was moved to the trash together with its parent.
alter table tasks add column deleted_with_parent integer;
-- A JSON object: what taking back the completion needs.
alter table tasks add column undo text;

-- Subtasks of a task. Plain tasks are not in it.
create index tasks_parent on tasks (user_id, parent_id) where parent_id is not null;

-- Apart from the tasks, so that lists without search do not read them: a row of a thousand bytes or more
-- takes a page of its own.
create table descriptions (
  user_id text not null,
  id text not null,
  -- In place of that of `tasks`, which is empty.
  folded text not null,
  description text not null,
  primary key (user_id, id)
) strict, without rowid;

create table lists (
  user_id text not null,
  id text not null,
  name text not null,
  color text,
  "order" integer not null,
  version integer not null,
  created_at text not null,
  updated_at text not null,
  -- When the list was deleted: only a tombstone is left, which maintenance purges.
  deleted_at text,
  -- The number of the last change in the owner's feed.
  sequence integer not null,
  primary key (user_id, id)
) strict, without rowid;

-- Pages of the feed, and what maintenance purges. Every other query reads the owner's lists by their key.
create index lists_sequence on lists (user_id, sequence, id);
create index lists_deleted on lists (deleted_at) where deleted_at is not null;
