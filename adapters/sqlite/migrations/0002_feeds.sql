-- Versions, an order, a trash, and a feed of changes of each owner. Existing tasks keep their place:
-- the newest on top. Their number in the feed, 0, is one that every reader has still to read.
alter table tasks add column "order" integer not null default 0;
alter table tasks add column version integer not null default 1;
alter table tasks add column sequence integer not null default 0;
alter table tasks add column deleted_at text;
-- Deleted for good: kept without its text for the feed until it is purged.
alter table tasks add column erased integer not null default 0 check (erased in (0, 1));
-- Which row of task_words has the words of the text; null while they are still to be found.
alter table tasks add column words integer;
-- Whether the task is in all indexes of its owner's tasks: where those are few, reading all of them
-- takes less than keeping the indexes does.
alter table tasks add column indexed integer not null default 0 check (indexed in (0, 1));

update tasks set "order" = 1024 * place, indexed = tasks_of_owner > 100
from (
  select
    user_id as owner,
    id as task,
    row_number() over (partition by user_id order by created_at desc, id desc) - 1 as place,
    count(*) over (partition by user_id) as tasks_of_owner
  from tasks
)
where user_id = owner and id = task;

-- The key of the table is in each of these anyway. Tasks in the trash have lists of their own, so
-- that no list has to step over them; where nothing is deleted, those cost nothing. A task that is
-- made needs to know the first one in the order: that index is for everybody.
create index tasks_by_order on tasks (user_id, "order", id) where deleted_at is null;
create index trash_by_order on tasks (user_id, "order", id)
where deleted_at is not null and erased = 0;
create index tasks_by_creation on tasks (user_id, created_at, id)
where indexed = 1 and deleted_at is null;
create index trash_by_creation on tasks (user_id, created_at, id)
where indexed = 1 and deleted_at is not null and erased = 0;
create index tasks_by_update on tasks (user_id, updated_at, id)
where indexed = 1 and deleted_at is null;
create index trash_by_update on tasks (user_id, updated_at, id)
where indexed = 1 and deleted_at is not null and erased = 0;
create index tasks_by_sequence on tasks (user_id, sequence, id) where indexed = 1;
create index tasks_by_deletion on tasks (deleted_at) where deleted_at is not null;

create table feeds (
  user_id text not null primary key,
  epoch text not null default (lower(hex(randomblob(4)))),
  sequence integer not null,
  -- How many tasks are not in the trash.
  live integer not null,
  -- How many tasks were ever added, and whether that is many.
  added integer not null,
  indexed integer not null check (indexed in (0, 1)),
  -- Up to which number deletions have been forgotten.
  horizon integer not null default 0
) strict, without rowid;

insert into feeds (user_id, sequence, live, added, indexed)
select user_id, 0, count(*), count(*), count(*) > 100 from tasks group by user_id;

-- Calls with a key of the caller's, and what became of them.
create table remembered_calls (
  user_id text not null,
  key text not null,
  fingerprint text not null,
  made_at text not null,
  outcomes text not null,
  primary key (user_id, key)
) strict, without rowid;

create index remembered_calls_by_time on remembered_calls (made_at);

-- The words of the tasks' texts, each as one token that says whose it is: see words.ts. An index of
-- its own kind, as a row for each word costs a write many times as much: it would change as many pages.
create virtual table task_words using fts5 (
  words,
  content = '',
  contentless_delete = 1,
  detail = none,
  tokenize = ascii
);

create unique index tasks_by_words on tasks (words) where words is not null;
create index tasks_without_words on tasks (erased) where words is null and erased = 0;
