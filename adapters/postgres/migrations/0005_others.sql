-- Rows that somebody else writes (the Python service, an older version of this one, a person): the
-- feeds, the order and the search follow. Who writes through this service sets `sequence` with each
-- write, or `version`, and pays for the comparison alone.
--
-- The triggers wait for the end of the other's transaction, so that it holds its owner's feed for that
-- moment only. They run with the rights of the schema's owner, since whoever may write tasks need not
-- know of the rest.

create function taskport_notify(whose text) returns void
language sql as $$
  select pg_notify('taskport', left(encode(sha256(convert_to(whose, 'UTF8')), 'hex'), 16))
$$;

-- Takes up a task that is not in its owner's feed yet.
create function taskport_come(whose text, which uuid) returns void
language plpgsql as $$
declare
  next constant bigint := taskport_lock(whose) + 1;
  highest integer;
begin
  select "order" into highest from taskport_following(whose, null, null, 2) where id <> which limit 1;
  update tasks set
    "order" = taskport_room(user_id, id, null, null, highest, updated_at, next), sequence = next
  where user_id = whose and id = which and sequence is null;
  if found then
    update feeds set
      sequence = next, top = null, live = live + (
        select deleted_at is null from tasks where user_id = whose and id = which)::integer
    where user_id = whose;
    perform taskport_notify(whose);
  end if;
end
$$;

-- Nothing is left that could tell readers of a deletion: they have to start again.
create function taskport_gone(whose text, which uuid, deleted_at timestamptz, words text[]) returns void
language plpgsql as $$
begin
  perform taskport_lock(whose);
  perform taskport_learn(whose, which, words, '{}');
  update feeds set
    sequence = sequence + 1, horizon = sequence + 1, top = null,
    live = live - (deleted_at is null)::integer
  where user_id = whose;
  perform taskport_notify(whose);
end
$$;

create function taskport_others_insert() returns trigger
language plpgsql security definer as $$
begin
  perform taskport_come(new.user_id, new.id);
  return null;
end
$$;

create function taskport_others_update() returns trigger
language plpgsql security definer as $$
declare
  next bigint;
begin
  if (old.user_id, old.id) <> (new.user_id, new.id) then
    perform taskport_gone(old.user_id, old.id, old.deleted_at, old.words);
    update tasks set sequence = null, words = null where user_id = new.user_id and id = new.id;
    perform taskport_come(new.user_id, new.id);
    return null;
  end if;
  next := taskport_lock(new.user_id) + 1;
  if new.text <> old.text then
    perform taskport_learn(new.user_id, new.id, old.words, '{}');
  end if;
  update tasks set
    version = version + 1, sequence = next,
    text = case when erased then '' else text end,
    words = case when erased then '{}' when new.text <> old.text then null else words end
  where user_id = new.user_id and id = new.id and sequence is not null;
  if found then
    update feeds set sequence = next, top = null where user_id = new.user_id;
    perform taskport_notify(new.user_id);
  end if;
  return null;
end
$$;

create function taskport_others_delete() returns trigger
language plpgsql security definer as $$
begin
  perform taskport_gone(old.user_id, old.id, old.deleted_at, old.words);
  return null;
end
$$;

create function taskport_others_truncate() returns trigger
language plpgsql security definer as $$
begin
  truncate feeds, task_words, remembered_calls;
  return null;
end
$$;

-- Whose rights they have decides where they look.
do $$
declare
  name text;
begin
  foreach name in array array['insert', 'update', 'delete', 'truncate'] loop
    execute format(
      'alter function taskport_others_%1$s() set search_path = %2$I, pg_temp;
       revoke all on function taskport_others_%1$s() from public', name, current_schema());
  end loop;
end
$$;

call taskport_take_table();

create constraint trigger taskport_others_insert after insert on tasks
  deferrable initially deferred for each row when (new.sequence is null)
  execute function taskport_others_insert();

create constraint trigger taskport_others_update after update on tasks
  deferrable initially deferred for each row
  when (new.version = old.version and new.sequence is not distinct from old.sequence
    and old.* is distinct from new.* and current_setting('taskport.upkeep', true) is distinct from 'on')
  execute function taskport_others_update();

create constraint trigger taskport_others_delete after delete on tasks
  deferrable initially deferred for each row
  when (old.sequence is not null and current_setting('taskport.upkeep', true) is distinct from 'on')
  execute function taskport_others_delete();

create trigger taskport_others_truncate after truncate on tasks
  execute function taskport_others_truncate();
