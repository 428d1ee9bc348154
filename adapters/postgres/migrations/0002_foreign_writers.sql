-- Lets programs other than this service write to `tasks`. Triggers give each of their changes a number
-- in the owner's feed, and mark texts that maintenance has to fold. They run when the other program
-- commits, so that it locks its owners' rows only for a moment. Writes of this service set `sequence`, so
-- for them a trigger is only a comparison.
--
-- The functions run with the rights of the schema's owner, so that other programs need no rights to
-- `owners`.

alter table tasks alter column sequence drop not null;

-- The texts that maintenance folds. Only foreign writers leave such rows.
create index if not exists tasks_unfolded on tasks (user_id, id) where folded is null;

-- Locks the owner's row, creates it if needed, and takes the next number of the feed.
create function taskport_next_sequence(
  owner_id text, live_change integer, is_deletion boolean, out next_sequence bigint)
language sql as $$
  insert into owners (user_id, sequence, live, horizon)
  values (owner_id, 1, live_change, case when is_deletion then 1 else 0 end)
  on conflict (user_id) do update set
    sequence = owners.sequence + 1,
    live = owners.live + live_change,
    horizon = case when is_deletion then owners.sequence + 1 else owners.horizon end
  returning sequence;
$$;

-- Puts a task without a number at the top, like one that this service creates. The row may have been changed
-- or deleted later in the transaction.
create function taskport_put_on_top(owner_id text, task_id uuid, new_sequence bigint) returns void
language plpgsql as $$
-- An adopted table may have columns with the names of these variables.
#variable_conflict use_variable
declare
  new_top integer;
begin
  perform from tasks where user_id = owner_id and id = task_id and sequence is null;
  if not found then return; end if;
  update owners set top = greatest(coalesce(top, 1024) - 1024::bigint, -2147483648)
  where user_id = owner_id returning top into new_top;
  update tasks set "order" = new_top, sequence = new_sequence, folded = null
  where user_id = owner_id and id = task_id and sequence is null;
end
$$;

-- A transaction may write a row several times. Each trigger counts only the difference that its own write
-- made.

create function taskport_foreign_insert() returns trigger
language plpgsql security definer as $$
begin
  perform taskport_put_on_top(new.user_id, new.id,
    taskport_next_sequence(new.user_id, (new.deleted_at is null)::integer, false));
  return null;
end
$$;

create function taskport_foreign_update() returns trigger
language plpgsql security definer as $$
declare
  was_live constant integer := (old.deleted_at is null)::integer;
  is_live constant integer := (new.deleted_at is null)::integer;
  new_sequence bigint;
begin
  if (old.user_id, old.id) <> (new.user_id, new.id) then
    perform taskport_next_sequence(old.user_id, -was_live, true);
    update tasks set sequence = null where user_id = new.user_id and id = new.id;
    perform taskport_put_on_top(
      new.user_id, new.id, taskport_next_sequence(new.user_id, is_live, false));
    return null;
  end if;
  new_sequence := taskport_next_sequence(new.user_id, is_live - was_live, false);
  update owners set top = least(top, new."order") where user_id = new.user_id;
  update tasks set
    version = version + 1, sequence = new_sequence,
    text = case when erased then '' else text end,
    folded = case when erased then '' when new.text <> old.text then null else folded end
  where user_id = new.user_id and id = new.id and sequence is not null;
  return null;
end
$$;

-- A deleted row leaves no tombstone, so readers of the feed must start again, unless the row was inserted in
-- the same transaction.
create function taskport_foreign_delete() returns trigger
language plpgsql security definer as $$
begin
  perform taskport_next_sequence(
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

-- Fixes the search path, so that a caller cannot point these functions at its own tables.
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

-- Leaves out changes of `folded`, which only maintenance makes.
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
