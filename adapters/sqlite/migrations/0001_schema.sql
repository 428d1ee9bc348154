-- One row per task, clustered by owner. Times are RFC 3339 text in UTC, which sorts by time.
create table tasks (
  user_id text not null,
  id text not null,
  text text not null,
  completed integer not null check (completed in (0, 1)),
  "order" integer not null,
  version integer not null,
  created_at text not null,
  updated_at text not null,
  completed_at text,
  -- When the task was moved to the trash.
  deleted_at text,
  -- The number of the last change in the owner's feed.
  sequence integer not null,
  -- A tombstone: permanently deleted, and kept without its text until maintenance purges it.
  erased integer not null default 0 check (erased in (0, 1)),
  -- The text, normalised for search (core/search.ts).
  folded text not null,
  primary key (user_id, id)
) strict, without rowid;

-- Pages of the default list, of the feed, neighbours of moved tasks, and what maintenance purges. Every
-- other query reads the owner's tasks by their key.
create index tasks_created on tasks (user_id, created_at, id) where deleted_at is null;
create index tasks_sequence on tasks (user_id, sequence, id);
create index tasks_order on tasks (user_id, "order", id) where erased = 0;
create index tasks_deleted on tasks (deleted_at) where deleted_at is not null;

create table owners (
  user_id text not null primary key,
  -- Identifies the owner's feed; a store that was emptied starts a new one.
  epoch text not null,
  -- The number of the last change.
  sequence integer not null,
  -- Deletions up to this number were purged.
  horizon integer not null,
  -- How many tasks are not in the trash.
  live integer not null,
  -- A lower bound of the tasks' orders.
  top integer
) strict, without rowid;

-- Calls with a retry key, and their outcomes.
create table remembered_calls (
  user_id text not null,
  key text not null,
  fingerprint text not null,
  made_at text not null,
  outcomes text not null,
  primary key (user_id, key)
) strict, without rowid;

create index remembered_calls_made_at on remembered_calls (made_at);
