-- Gives the rows of the Python service's table an order with gaps, and their owners a row. By owners, some
-- thousand rows in a transaction, while other programs go on writing.
create table if not exists taskport_adopted (up_to text not null);
insert into taskport_adopted select '' where not exists (select from taskport_adopted);

create or replace function taskport_adopt(most bigint, out again boolean)
language plpgsql set lock_timeout = '300ms' as $$
declare
  whose text;
  next_owners text[];
begin
  select array_agg(distinct user_id order by user_id) into next_owners from (
    select user_id from tasks where user_id > (select up_to from taskport_adopted)
    order by user_id limit most
  ) as next;
  again := next_owners is not null;
  if not again then return; end if;

  -- Locks their rows: until the transaction ends, triggers of foreign writers wait.
  foreach whose in array next_owners loop
    perform taskport_raise(whose, 0, false);
  end loop;
  update tasks set
    "order" = (place - 1) * least(1024, 2147483647 / total), sequence = owners.sequence
  from (
    select user_id, id, count(*) over (partition by user_id) as total,
      row_number() over (partition by user_id order by "order", created_at desc, id desc) as place
    from tasks where user_id = any(next_owners)
  ) as row join owners on owners.user_id = row.user_id
  where tasks.user_id = row.user_id and tasks.id = row.id;
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
-- Roles that may write tasks may use what belongs to them.
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
