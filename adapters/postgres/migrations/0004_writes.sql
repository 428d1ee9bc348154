-- One call, for an owner whose feed is locked. Its answer has its outcomes, and the number that the
-- feed has come to where anything was written.
create function taskport_call(
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
  end if;
  return json_build_object(
    'kind', 'answered', 'outcomes', written.outcomes, 'replayed', false,
    'sequence', case when written.added is not null then next end);
end
$$;

-- Writes, one after the other; where they are `atomic` none after one that fails.
create function taskport_each(
  whose text, at timestamptz, number bigint, atomic boolean, writes jsonb,
  out outcomes json[], out added integer, out failed boolean)
language plpgsql as $$
declare
  applied record;
begin
  outcomes := '{}';
  failed := false;
  for index in 0..jsonb_array_length(writes) - 1 loop
    applied := taskport_apply(whose, at, number, writes->index);
    outcomes := outcomes || applied.outcome;
    if applied.added is not null then added := coalesce(added, 0) + applied.added; end if;
    if applied.outcome->>'kind' <> 'done' then
      failed := true;
      exit when atomic;
    end if;
  end loop;
end
$$;

create function taskport_all_or_nothing(
  whose text, at timestamptz, number bigint, writes jsonb,
  out outcomes json[], out added integer, out failed boolean)
language plpgsql as $$
declare
  written record;
begin
  written := taskport_each(whose, at, number, true, writes);
  outcomes := written.outcomes;
  added := written.added;
  failed := written.failed;
  -- Undoes what was written, and keeps what the variables say.
  if failed then raise exception using errcode = 'TP001'; end if;
exception when sqlstate 'TP001' then
  added := null;
end
$$;

-- The calls of any owners, each with its writes, one answer for each in their order.
create function taskport_write(calls jsonb) returns json
language plpgsql as $$
declare
  answers json[] := '{}';
  call jsonb;
  whose text;
begin
  -- In one order, so that no two of these wait for each other.
  if jsonb_array_length(calls) = 1 then
    perform taskport_lock(calls->0->>'owner');
  else
    for whose in
      select distinct value->>'owner' from jsonb_array_elements(calls) order by 1
    loop
      perform taskport_lock(whose);
    end loop;
  end if;
  perform taskport_hurry();
  for index in 0..jsonb_array_length(calls) - 1 loop
    call := calls->index;
    answers := answers || taskport_call(
      call->>'owner', (call->>'now')::timestamptz, (call->'atomic')::boolean, call->'writes',
      call->'retry');
  end loop;
  return to_json(answers);
end
$$;

-- What `taskport_write` does for a lone creation, for less: most writes are that. `number` is the one
-- that the feed has come to.
create function taskport_create(
  whose text, at timestamptz, which uuid, new_text text, new_words text[],
  out spot integer, out number bigint)
language plpgsql as $$
begin
  -- 1024 above the top, as long as there is room.
  update feeds set sequence = sequence + 1, live = live + 1, top = top - 1024
  where user_id = whose and top >= -2147482624
  returning sequence, top into number, spot;
  if not found then
    number := taskport_lock(whose) + 1;
    perform taskport_hurry();
    spot := taskport_room(whose, null, null, null, taskport_top(whose), at, number);
    update feeds set sequence = number, live = live + 1, top = spot where user_id = whose;
  end if;
  insert into tasks (user_id, id, text, completed, "order", created_at, updated_at, sequence, words)
  values (whose, which, new_text, false, spot, at, at, number, new_words);
  insert into task_words (user_id, word, id) select whose, word, which from unnest(new_words) as word;
end
$$;

-- What `taskport_write` does for a lone change of text or completion, for less. `kind` is that of the
-- outcome; `number` is null where nothing changed.
create function taskport_patch(
  whose text, at timestamptz, which uuid, versions bigint[],
  new_text text, new_completed boolean, new_words text[],
  out kind text, out number bigint, out its_text text, out is_completed boolean,
  out its_order integer, out its_version integer,
  out was_created timestamptz, out was_updated timestamptz, out was_completed timestamptz)
language plpgsql as $$
declare
  old_words text[];
begin
  update feeds set sequence = sequence + 1 where user_id = whose returning sequence into number;
  if not found then
    kind := 'not_found';
    return;
  end if;
  perform taskport_hurry();
  if new_text is not null then
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
    if new_text is not null then
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

-- Deletes every completed task, in one step.
create function taskport_clear(
  whose text, for_good boolean, at timestamptz, out cleared integer, out number bigint)
language plpgsql as $$
begin
  update feeds set sequence = sequence + 1 where user_id = whose returning sequence into number;
  perform taskport_hurry();
  if for_good then
    delete from task_words using tasks
    where tasks.user_id = whose and completed and deleted_at is null
      and task_words.user_id = whose and task_words.id = tasks.id and word = any(words);
  end if;
  update tasks set
    deleted_at = greatest(updated_at, at), erased = for_good,
    text = case when for_good then '' else text end,
    words = case when for_good then '{}' else words end,
    version = version + 1, sequence = number, updated_at = greatest(updated_at, at)
  where user_id = whose and completed and deleted_at is null;
  get diagnostics cleared = row_count;
  update feeds set
    sequence = case when cleared = 0 then sequence - 1 else sequence end, live = live - cleared,
    top = null
  where user_id = whose;
  if cleared = 0 then number := null; end if;
end
$$;

-- Adds tasks as they are. Those without an order come to stand on top, the latest first.
create function taskport_add(tasks_to_add jsonb, out added integer, out owners text[])
language plpgsql as $$
declare
  given record;
  spot integer;
  next bigint;
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
    insert into tasks (
      user_id, id, text, completed, "order", version, created_at, updated_at, completed_at,
      deleted_at, sequence, words)
    values (
      given.user_id, given.id, given.text, given.completed, spot, coalesce(given.version, 1),
      given.created_at, given.updated_at, given.completed_at, given.deleted_at, next, given.words)
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
