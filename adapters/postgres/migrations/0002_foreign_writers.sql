-- Lets programs other than this service write to `tasks`. Triggers give each of their changes a number
-- in the owner's feed, and mark texts that maintenance has to fold. They run when the other program
-- commits, so that it holds its owners' rows only for a moment. Writes of this service set `sequence`
-- and only pay for a comparison.
--
-- The functions run with the rights of the schema's owner, because the other programs' roles need no
-- rights to `owners`.

alter table tasks alter column sequence drop not null;

-- Maintenance folds these texts. Without foreign writers there are none, and no index.
create index if not exists tasks_unfolded on tasks (user_id, id) where folded is null;

-- Locks the owner's row, creates it if needed, and takes the next number.
create function taskport_raise(whose text, added integer, gone boolean, out number bigint)
language sql as $$
  insert into owners (user_id, sequence, live, horizon)
  values (whose, 1, added, case when gone then 1 else 0 end)
  on conflict (user_id) do update set
    sequence = owners.sequence + 1,
    live = owners.live + added,
    horizon = case when gone then owners.sequence + 1 else owners.horizon end
  returning sequence;
$$;

-- Puts a task that has no number yet on top, like one that this service creates. The transaction may have
-- changed or deleted the row since.
create function taskport_place(whose text, which uuid, number bigint) returns void
language plpgsql as $$
declare
  highest integer;
begin
  perform from tasks where user_id = whose and id = which and sequence is null;
  if not found then return; end if;
  update owners set top = greatest(coalesce(top, 1024) - 1024::bigint, -2147483648)
  where user_id = whose returning top into highest;
  update tasks set "order" = highest, sequence = number, folded = null
  where user_id = whose and id = which and sequence is null;
end
$$;

-- A transaction may write a row several times. Each trigger counts the difference that its own write made,
-- so that the sum is right.

create function taskport_foreign_insert() returns trigger
language plpgsql security definer as $$
begin
  perform taskport_place(new.user_id, new.id,
    taskport_raise(new.user_id, (new.deleted_at is null)::integer, false));
  return null;
end
$$;

create function taskport_foreign_update() returns trigger
language plpgsql security definer as $$
declare
  was_live constant integer := (old.deleted_at is null)::integer;
  is_live constant integer := (new.deleted_at is null)::integer;
  number bigint;
begin
  if (old.user_id, old.id) <> (new.user_id, new.id) then
    perform taskport_raise(old.user_id, -was_live, true);
    update tasks set sequence = null where user_id = new.user_id and id = new.id;
    perform taskport_place(new.user_id, new.id, taskport_raise(new.user_id, is_live, false));
    return null;
  end if;
  number := taskport_raise(new.user_id, is_live - was_live, false);
  update owners set top = least(top, new."order") where user_id = new.user_id;
  update tasks set
    version = version + 1, sequence = number,
    text = case when erased then '' else text end,
    folded = case when erased then '' when new.text <> old.text then null else folded end
  where user_id = new.user_id and id = new.id and sequence is not null;
  return null;
end
$$;

-- Without a row there is nothing left to report: readers of the feed start again, unless the row is from the
-- same transaction.
create function taskport_foreign_delete() returns trigger
language plpgsql security definer as $$
begin
  perform taskport_raise(
    old.user_id, -(old.deleted_at is null)::integer, old.sequence is not null);
  return null;
end
$$;

create function taskport_foreign_truncate() returns trigger
language plpgsql security definer as $$
begin
  truncate owners, remembered_calls;
  return null;
end
$$;

-- The rights of a function's owner must not reach tables of the caller's choice.
do $$
declare
  name text;
begin
  foreach name in array array['insert', 'update', 'delete', 'truncate'] loop
    execute format(
      'alter function taskport_foreign_%1$s() set search_path = %2$I, pg_temp;
       revoke all on function taskport_foreign_%1$s() from public', name, current_schema());
  end loop;
end
$$;

create constraint trigger taskport_foreign_insert after insert on tasks
  deferrable initially deferred for each row when (new.sequence is null)
  execute function taskport_foreign_insert();

-- Other programs do not know `folded`; maintenance changes nothing else.
create constraint trigger taskport_foreign_update after update on tasks
  deferrable initially deferred for each row
  when (new.sequence is not distinct from old.sequence and old.* is distinct from new.*
    and new.folded is not distinct from old.folded)
  execute function taskport_foreign_update();

create constraint trigger taskport_foreign_delete after delete on tasks
  deferrable initially deferred for each row
  when (current_setting('taskport.maintenance', true) is distinct from 'on')
  execute function taskport_foreign_delete();

create trigger taskport_foreign_truncate after truncate on tasks
  execute function taskport_foreign_truncate();
