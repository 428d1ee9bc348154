-- `if not exists`, because a table of the Python service is converted before this file runs.
create table if not exists tasks (
  user_id varchar(255) not null,
  id uuid not null,
  text varchar(500) not null,
  completed boolean not null default false,
  "order" integer not null default 0,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  completed_at timestamptz,
  -- When the task was moved to the trash.
  deleted_at timestamptz,
  -- The number of the last change in the owner's feed.
  sequence bigint not null,
  -- A tombstone: permanently deleted, and kept without its text until maintenance purges it.
  erased boolean not null default false,
  -- The text, normalised for search (core/search.ts).
  folded text collate "C",
  constraint tasks_pkey primary key (user_id, id)
);

-- For pages of the default list, pages of the feed, neighbours of moved tasks, and the tasks that
-- maintenance purges. Every other query reads the owner's tasks by their key.
create index if not exists tasks_created on tasks (user_id, created_at, id) where deleted_at is null;
create index if not exists tasks_sequence on tasks (user_id, sequence, id);
create index if not exists tasks_order on tasks (user_id, "order", id) where not erased;
create index if not exists tasks_deleted on tasks (deleted_at) where deleted_at is not null;

-- Every write updates its owner's row. Free space in the pages allows updates that do not touch the index
-- (HOT).
create table if not exists owners (
  user_id varchar(255) primary key,
  -- Identifies the owner's feed; a store that was emptied starts a new one.
  epoch text not null default substr(gen_random_uuid()::text, 1, 8),
  -- The number of the last change.
  sequence bigint not null,
  -- Deletions up to this number were purged.
  horizon bigint not null default 0,
  -- How many tasks are not in the trash.
  live integer not null,
  -- A lower bound of the tasks' orders.
  top integer
) with (fillfactor = 40);

-- Calls with a retry key, and their outcomes.
create table remembered_calls (
  user_id varchar(255),
  key text collate "C",
  fingerprint text not null,
  made_at timestamptz not null,
  outcomes json not null,
  primary key (user_id, key)
);
create index remembered_calls_made_at on remembered_calls (made_at);
