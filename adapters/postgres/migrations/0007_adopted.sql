-- Rows from before there were feeds: each owner's feed counts them, and their order has room between
-- any two. By owners, some hundreds at once, while requests go on.
create table if not exists taskport_adopted (up_to text not null);
insert into taskport_adopted select '' where not exists (select from taskport_adopted);

create or replace function taskport_adopt(most bigint, out again boolean)
language plpgsql set lock_timeout = '300ms' as $$
declare
  whose text;
  owners text[];
  gap bigint;
begin
  select array_agg(user_id order by user_id) into owners from (
    select user_id, sum(count(*)) over (order by user_id) - count(*) as before from tasks
    where user_id > (select up_to from taskport_adopted)
    group by user_id order by user_id limit most
  ) as next where before < most;
  again := owners is not null;
  if not again then return; end if;

  foreach whose in array owners loop
    perform taskport_lock(whose);
  end loop;
  update tasks set
    "order" = (place - 1) * least(1024, 2147483647 / total), sequence = feeds.sequence + 1
  from (
    select user_id, id, count(*) over (partition by user_id) as total,
      row_number() over (partition by user_id order by "order", created_at desc, id desc) as place
    from tasks where user_id = any(owners)
  ) as row join feeds on feeds.user_id = row.user_id
  where tasks.user_id = row.user_id and tasks.id = row.id;
  update feeds set sequence = sequence + 1, top = null, live = (
    select count(*) from tasks where tasks.user_id = feeds.user_id and deleted_at is null)
  where user_id = any(owners);
  update taskport_adopted set up_to = owners[cardinality(owners)];
end
$$;
-- step
select again from taskport_adopt(2000)
