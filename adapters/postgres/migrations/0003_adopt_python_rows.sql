-- Gives the adopted rows an order with gaps, and each owner a row in `owners`. Works owner by owner, in
-- transactions of a few thousand rows, while other programs keep writing.
create table if not exists taskport_adopted (up_to text not null);
insert into taskport_adopted select '' where not exists (select from taskport_adopted);

create or replace function taskport_adopt(max_rows bigint, out again boolean)
language plpgsql set lock_timeout = '300ms' as $$
declare
  owner_id text;
  next_owners text[];
begin
  select array_agg(distinct user_id order by user_id) into next_owners from (
    select user_id from tasks where user_id > (select up_to from taskport_adopted)
    order by user_id limit max_rows
  ) as next;
  again := next_owners is not null;
  if not again then return; end if;

  -- Locks the owners' rows. The triggers of foreign writers wait until this transaction ends.
  foreach owner_id in array next_owners loop
    perform taskport_next_sequence(owner_id, 0, false);
  end loop;
  update tasks set
    "order" = (ranked.rank - 1) * least(1024, 2147483647 / ranked.total), sequence = owners.sequence
  from (
    select user_id, id, count(*) over (partition by user_id) as total,
      row_number() over (partition by user_id order by "order", created_at desc, id desc) as rank
    from tasks where user_id = any(next_owners)
  ) as ranked join owners on owners.user_id = ranked.user_id
  where tasks.user_id = ranked.user_id and tasks.id = ranked.id;
  update owners set top = 0, live = (
    select count(*) from tasks where tasks.user_id = owners.user_id and deleted_at is null)
  where user_id = any(next_owners);
  update taskport_adopted set up_to = next_owners[cardinality(next_owners)];
end
$$
-- step
select again from taskport_adopt(2000)
-- step
drop function if exists taskport_adopt(bigint);
drop table if exists taskport_adopted
-- step
-- Gives every role that can write `tasks` the rights to the other tables that it needs.
do $$
declare
  role text;
begin
  for role in
    select distinct case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end
    from pg_class, aclexplode(relacl)
    where pg_class.oid = 'tasks'::regclass and privilege_type = 'INSERT'
  loop
    execute format('
      grant select, insert, update, delete on owners, remembered_calls to %1$s;
      grant select on taskport_migrations to %1$s', role);
  end loop;
end
$$
