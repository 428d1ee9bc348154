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
create index concurrently if not exists tasks_many_updated
  on tasks (user_id, updated_at, id) where indexed and deleted_at is null
-- step
create index concurrently if not exists tasks_many_order
  on tasks (user_id, "order", id) where indexed and deleted_at is null
-- step
create index concurrently if not exists tasks_many_sequence
  on tasks (user_id, sequence, id) where indexed
-- step
drop index concurrently if exists tasks_updated
-- step
drop index concurrently if exists tasks_order
-- step
drop index concurrently if exists tasks_sequence
