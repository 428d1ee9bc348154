-- What lists, feeds and the upkeep go by. Tasks in the trash have indexes of their own, so that a page
-- of the others costs the same however full the trash is.
drop function if exists taskport_adopt(bigint);
drop table if exists taskport_adopted
-- step
-- One whose building was cut off is in the way of another.
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
create index concurrently if not exists tasks_updated
  on tasks (user_id, updated_at, id) where deleted_at is null
-- step
create index concurrently if not exists tasks_order
  on tasks (user_id, "order", id) where deleted_at is null
-- step
create index concurrently if not exists tasks_trash_created
  on tasks (user_id, created_at, id) where deleted_at is not null and not erased
-- step
create index concurrently if not exists tasks_trash_updated
  on tasks (user_id, updated_at, id) where deleted_at is not null and not erased
-- step
create index concurrently if not exists tasks_trash_order
  on tasks (user_id, "order", id) where deleted_at is not null and not erased
-- step
create index concurrently if not exists tasks_sequence on tasks (user_id, sequence, id)
-- step
create index concurrently if not exists tasks_deleted on tasks (deleted_at)
  where deleted_at is not null
-- step
create index concurrently if not exists tasks_unlearned on tasks (user_id, id) where words is null
