-- What the triggers for other programs do about the columns and the table of 0004_task_model.sql.

-- A changed description has to be folded, too. A tombstone keeps none.
create or replace function taskport_foreign_update() returns trigger
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
    description = case when erased then null else description end,
    folded = case
      when erased then ''
      when (old.text, old.description) is distinct from (new.text, new.description) then null
      else folded
    end
  where user_id = new.user_id and id = new.id and sequence is not null;
  return null;
end
$$;

-- The feeds start again from 0, and no list may be ahead of them.
create or replace function taskport_foreign_truncate() returns trigger
language plpgsql security definer as $$
begin
  truncate owners, remembered_calls;
  delete from lists where deleted_at is not null;
  update lists set sequence = 0;
  return null;
end
$$;

-- Fixes the search path again, which replacing a function resets.
do $$
declare
  name text;
begin
  foreach name in array array['update', 'truncate'] loop
    execute format(
      'alter function taskport_foreign_%1$s() set search_path = %2$I, pg_temp',
      name, current_schema());
  end loop;
end
$$;
