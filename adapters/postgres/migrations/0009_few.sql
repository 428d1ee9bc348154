-- Owners with few tasks do without three of the indexes and without `task_words`, which each change of a
-- task would have to keep: reading all of their tasks takes less. Whoever has added more than that has `feeds.indexed`, and then
-- `tasks.indexed` is set on all of theirs. Who is there already counts as one with many, so that no
-- row is rewritten; a task that somebody else inserts is in all indexes.
call taskport_take_table();
alter table tasks add column indexed boolean not null default true;
alter table feeds
  add column added integer not null default 0,
  add column indexed boolean not null default true;
alter table feeds alter column indexed set default false;

create function taskport_few() returns integer
language sql immutable as 'select 100';

-- Puts all of the owner's tasks into the indexes and into `task_words`.
create function taskport_index(whose text) returns void
language plpgsql as $$
begin
  update tasks set indexed = true where user_id = whose and not indexed;
  update feeds set indexed = true where user_id = whose;
  insert into task_words (user_id, word, id)
  select user_id, word, id from tasks, unnest(words) as word where user_id = whose
  on conflict do nothing;
end
$$;

create or replace function taskport_learn(whose text, which uuid, old_words text[], new_words text[])
returns void
language plpgsql as $$
declare
  one text;
begin
  if not (select indexed from feeds where user_id = whose) then return; end if;
  foreach one in array coalesce(old_words, '{}') loop
    if one <> all (new_words) then
      delete from task_words where user_id = whose and word = one and id = which;
    end if;
  end loop;
  foreach one in array new_words loop
    if old_words is null or one <> all (old_words) then
      insert into task_words (user_id, word, id) values (whose, one, which) on conflict do nothing;
    end if;
  end loop;
end
$$;

-- Counts tasks that are added, and says whether they are to be in the indexes.
create function taskport_count(whose text, more integer) returns boolean
language plpgsql as $$
declare
  count integer;
  is_many boolean;
begin
  update feeds set added = added + more where user_id = whose returning added, indexed into count, is_many;
  if is_many or count <= taskport_few() then return is_many; end if;
  perform taskport_index(whose);
  return true;
end
$$;

create or replace function taskport_lock(whose text) returns bigint
language plpgsql as $$
declare
  number bigint;
begin
  loop
    select sequence into number from feeds where user_id = whose for no key update;
    if found then return number; end if;
    insert into feeds (user_id, live, added, indexed)
    select
      whose, count(*) filter (where deleted_at is null and sequence is not null), count(*), count(*) > taskport_few()
    from tasks where user_id = whose
    on conflict (user_id) do nothing;
  end loop;
end
$$;

-- Of the first two parts one is empty: the owner's tasks are read along the index, or all of them.
create or replace function taskport_following(whose text, after_order integer, after_id uuid, most bigint)
returns table (id uuid, "order" integer)
language sql stable as $$
  (select id, "order" from tasks
    where user_id = whose and indexed and deleted_at is null
      and ("order", id) > (coalesce(after_order, -2147483648), coalesce(after_id, '00000000-0000-0000-0000-000000000000'))
      and (select indexed from feeds where user_id = whose)
    order by "order", id limit most)
  union all
  (select id, "order" from tasks
    where user_id = whose and deleted_at is null
      and ("order", id) > (coalesce(after_order, -2147483648), coalesce(after_id, '00000000-0000-0000-0000-000000000000'))
      and not (select indexed from feeds where user_id = whose)
    order by "order", id limit most)
  union all
  (select id, "order" from tasks
    where user_id = whose and deleted_at is not null and not erased
      and ("order", id) > (coalesce(after_order, -2147483648), coalesce(after_id, '00000000-0000-0000-0000-000000000000'))
    order by "order", id limit most)
  order by 2, 1 limit most
$$;

create or replace function taskport_preceding(whose text, before_order integer, before_id uuid, most bigint)
returns table (id uuid, "order" integer)
language sql stable as $$
  (select id, "order" from tasks
    where user_id = whose and indexed and deleted_at is null
      and ("order", id) < (coalesce(before_order, 2147483647), coalesce(before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
      and (select indexed from feeds where user_id = whose)
    order by "order" desc, id desc limit most)
  union all
  (select id, "order" from tasks
    where user_id = whose and deleted_at is null
      and ("order", id) < (coalesce(before_order, 2147483647), coalesce(before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
      and not (select indexed from feeds where user_id = whose)
    order by "order" desc, id desc limit most)
  union all
  (select id, "order" from tasks
    where user_id = whose and deleted_at is not null and not erased
      and ("order", id) < (coalesce(before_order, 2147483647), coalesce(before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
    order by "order" desc, id desc limit most)
  order by 2 desc, 1 desc limit most
$$;

create or replace function taskport_top(whose text) returns integer
language sql stable as $$
  select "order" from taskport_following(whose, null, null, 1)
$$;

create or replace function taskport_call(
  whose text, at timestamptz, atomic boolean, writes jsonb, retry jsonb)
returns json
language plpgsql as $$
declare
  next constant bigint := (select sequence + 1 from feeds where user_id = whose);
  since constant timestamptz := retry->>'since';
  made record;
  written record;
begin
  if since is not null then
    select fingerprint, outcomes into made from remembered_calls
    where user_id = whose and key = retry->>'key' and made_at >= since;
    if found then
      if made.fingerprint <> retry->>'fingerprint' then return '{"kind":"key_reused"}'; end if;
      return json_build_object('kind', 'answered', 'outcomes', made.outcomes, 'replayed', true);
    end if;
  end if;

  -- A lone write that fails has written nothing.
  if atomic and jsonb_array_length(writes) > 1 then
    written := taskport_all_or_nothing(whose, at, next, writes);
  else
    written := taskport_each(whose, at, next, false, writes);
  end if;

  if since is not null and not (atomic and written.failed) then
    insert into remembered_calls (user_id, key, fingerprint, made_at, outcomes)
    values (whose, retry->>'key', retry->>'fingerprint', at, to_json(written.outcomes))
    on conflict (user_id, key) do update set
      fingerprint = excluded.fingerprint, made_at = excluded.made_at, outcomes = excluded.outcomes;
  end if;
  if written.added is not null then
    update feeds set sequence = next, live = live + written.added, top = null where user_id = whose;
    perform taskport_count(whose, (
      select count(*) from jsonb_array_elements(writes) where value->>'op' = 'create')::integer);
  end if;
  return json_build_object(
    'kind', 'answered', 'outcomes', written.outcomes, 'replayed', false,
    'sequence', case when written.added is not null then next end);
end
$$;

create or replace function taskport_create(
  whose text, at timestamptz, which uuid, new_text text, new_words text[],
  out spot integer, out number bigint)
language plpgsql as $$
declare
  is_many boolean;
begin
  -- 1024 above the top, as long as there is room.
  update feeds set sequence = sequence + 1, live = live + 1, top = top - 1024, added = added + 1
  where user_id = whose and top >= -2147482624 and (indexed or added < taskport_few())
  returning sequence, top, indexed into number, spot, is_many;
  if not found then
    number := taskport_lock(whose) + 1;
    perform taskport_hurry();
    spot := taskport_room(whose, null, null, null, taskport_top(whose), at, number);
    update feeds set sequence = number, live = live + 1, top = spot where user_id = whose;
    is_many := taskport_count(whose, 1);
  end if;
  insert into tasks (
    user_id, id, text, completed, "order", created_at, updated_at, sequence, words, indexed)
  values (whose, which, new_text, false, spot, at, at, number, new_words, is_many);
  if is_many then
    insert into task_words (user_id, word, id)
    select whose, word, which from unnest(new_words) as word;
  end if;
end
$$;

-- Whoever calls it has called `taskport_hurry` before.
create or replace function taskport_patch(
  whose text, at timestamptz, which uuid, versions bigint[],
  new_text text, new_completed boolean, new_words text[],
  out kind text, out number bigint, out its_text text, out is_completed boolean,
  out its_order integer, out its_version integer,
  out was_created timestamptz, out was_updated timestamptz, out was_completed timestamptz)
language plpgsql as $$
declare
  is_many boolean;
  old_words text[];
begin
  update feeds set sequence = sequence + 1 where user_id = whose
  returning sequence, indexed into number, is_many;
  if not found then
    kind := 'not_found';
    return;
  end if;
  if is_many and new_text is not null then
    select words into old_words from tasks where user_id = whose and id = which;
  end if;
  update tasks set
    text = coalesce(new_text, text), completed = coalesce(new_completed, completed),
    version = version + 1, sequence = number, updated_at = greatest(updated_at, at),
    completed_at = case
      when coalesce(new_completed, completed) = completed then completed_at
      when new_completed then greatest(updated_at, at)
    end,
    words = case when new_text <> text then new_words else words end
  where user_id = whose and id = which and deleted_at is null
    and (versions is null or version = any(versions))
    and (coalesce(new_text, text) <> text or coalesce(new_completed, completed) <> completed)
  returning text, completed, "order", version, created_at, updated_at, completed_at
  into its_text, is_completed, its_order, its_version, was_created, was_updated, was_completed;
  if found then
    kind := 'done';
    if is_many and new_text is not null then
      perform taskport_learn(whose, which, old_words, new_words);
    end if;
    return;
  end if;

  update feeds set sequence = sequence - 1 where user_id = whose;
  number := null;
  select text, completed, "order", version, created_at, updated_at, completed_at
  into its_text, is_completed, its_order, its_version, was_created, was_updated, was_completed
  from tasks where user_id = whose and id = which and deleted_at is null;
  kind := case
    when not found then 'not_found'
    when versions is null or its_version = any(versions) then 'done'
    else 'stale'
  end;
end
$$;

create or replace function taskport_add(tasks_to_add jsonb, out added integer, out owners text[])
language plpgsql as $$
declare
  given record;
  spot integer;
  next bigint;
  is_many boolean;
begin
  added := 0;
  owners := '{}';
  for given in
    select * from jsonb_to_recordset(tasks_to_add) as task (
      user_id text, id uuid, text text, completed boolean, "order" integer, version integer,
      created_at timestamptz, updated_at timestamptz, completed_at timestamptz,
      deleted_at timestamptz, words text[])
    order by user_id collate "C", "order" is null, created_at, id
  loop
    -- One number for all of an owner's.
    next := taskport_lock(given.user_id) + (given.user_id <> all(owners))::integer;
    perform taskport_hurry();
    continue when exists (
      select from tasks where user_id = given.user_id and id = given.id and not erased);
    spot := coalesce(given."order", taskport_room(
      given.user_id, null, null, null, taskport_top(given.user_id), given.updated_at, next));
    is_many := taskport_count(given.user_id, 1);
    insert into tasks (
      user_id, id, text, completed, "order", version, created_at, updated_at, completed_at,
      deleted_at, sequence, words, indexed)
    values (
      given.user_id, given.id, given.text, given.completed, spot, coalesce(given.version, 1),
      given.created_at, given.updated_at, given.completed_at, given.deleted_at, next, given.words, is_many)
    on conflict (user_id, id) do update set
      text = excluded.text, completed = excluded.completed, "order" = excluded."order",
      version = excluded.version, created_at = excluded.created_at, updated_at = excluded.updated_at,
      completed_at = excluded.completed_at, deleted_at = excluded.deleted_at, erased = false,
      sequence = excluded.sequence, words = excluded.words;
    perform taskport_learn(given.user_id, given.id, '{}', given.words);
    update feeds set
      sequence = next, live = live + (given.deleted_at is null)::integer, top = null
    where user_id = given.user_id;
    added := added + 1;
    if not given.user_id = any(owners) then owners := owners || given.user_id; end if;
  end loop;
end
$$;

create or replace function taskport_come(whose text, which uuid) returns void
language plpgsql as $$
declare
  next constant bigint := taskport_lock(whose) + 1;
  highest integer;
  becomes_many boolean;
begin
  select "order" into highest from taskport_following(whose, null, null, 2) where id <> which limit 1;
  update tasks set
    "order" = taskport_room(user_id, id, null, null, highest, updated_at, next), sequence = next
  where user_id = whose and id = which and sequence is null;
  if found then
    update feeds set
      sequence = next, top = null, added = added + 1, live = live + (
        select deleted_at is null from tasks where user_id = whose and id = which)::integer
    where user_id = whose returning not indexed and added > taskport_few() into becomes_many;
    -- What others insert is in the indexes. Where other tasks are not, they are left to the next creation
    -- by this service: whoever holds them now may be waiting for this feed.
    if becomes_many and not exists (select from tasks where user_id = whose and not indexed) then
      perform taskport_index(whose);
    end if;
    perform taskport_notify(whose);
  end if;
end
$$;

-- A trigger's condition is read anew by each statement, so that a long one takes longer than a write:
-- what it said is looked at here, once an update is nobody's of this service.
create or replace function taskport_others_update() returns trigger
language plpgsql security definer as $$
declare
  next bigint;
begin
  if new.sequence is distinct from old.sequence or to_jsonb(old) - array['words', 'indexed']
      = to_jsonb(new) - array['words', 'indexed'] then
    return null;
  end if;
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

-- Whose rights it has decides where it looks.
do $$
begin
  execute format('alter function taskport_others_update() set search_path = %I, pg_temp', current_schema());
end
$$;

drop trigger taskport_others_update on tasks;
create constraint trigger taskport_others_update after update on tasks
  deferrable initially deferred for each row when (new.version = old.version)
  execute function taskport_others_update();
