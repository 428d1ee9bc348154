-- None of these functions takes a row of `tasks` for an argument: whoever splits the table into
-- partitions puts another one in its place, and arguments would stay with the old one.

-- Locks the owner's feed, makes it where there is none yet, and tells its number. What comes after in
-- the same transaction sees everything that was written under the lock before.
create function taskport_lock(whose text) returns bigint
language plpgsql as $$
declare
  number bigint;
begin
  loop
    select sequence into number from feeds where user_id = whose for no key update;
    if found then return number; end if;
    insert into feeds (user_id, live)
    select whose, count(*) from tasks
    where user_id = whose and deleted_at is null and sequence is not null
    on conflict (user_id) do nothing;
  end loop;
end
$$;

-- Whoever holds a feed does not wait for tasks any longer than this: others who write to the table have
-- their tasks first and come for the feed last, and would be waiting in turn. The call is repeated.
create function taskport_hurry() returns text
language plpgsql as $$
begin
  return set_config('lock_timeout', '50ms', true);
end
$$;

create function taskport_time(at timestamptz) returns text
language sql stable as $$
  select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

create function taskport_json(task record) returns json
language plpgsql stable as $$
begin
  return json_build_object(
    'id', task.id, 'text', task.text, 'completed', task.completed, 'order', task."order",
    'version', task.version, 'created_at', taskport_time(task.created_at),
    'updated_at', taskport_time(task.updated_at),
    'completed_at', taskport_time(task.completed_at), 'deleted_at', taskport_time(task.deleted_at));
end
$$;

-- The tasks after a place in the owner's order, or all, those in the trash among them.
create function taskport_following(whose text, after_order integer, after_id uuid, most bigint)
returns table (id uuid, "order" integer)
language sql stable as $$
  (select id, "order" from tasks
    where user_id = whose and deleted_at is null
      and ("order", id) > (coalesce(after_order, -2147483648), coalesce(after_id, '00000000-0000-0000-0000-000000000000'))
    order by "order", id limit most)
  union all
  (select id, "order" from tasks
    where user_id = whose and deleted_at is not null and not erased
      and ("order", id) > (coalesce(after_order, -2147483648), coalesce(after_id, '00000000-0000-0000-0000-000000000000'))
    order by "order", id limit most)
  order by 2, 1 limit most
$$;

create function taskport_preceding(whose text, before_order integer, before_id uuid, most bigint)
returns table (id uuid, "order" integer)
language sql stable as $$
  (select id, "order" from tasks
    where user_id = whose and deleted_at is null
      and ("order", id) < (coalesce(before_order, 2147483647), coalesce(before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
    order by "order" desc, id desc limit most)
  union all
  (select id, "order" from tasks
    where user_id = whose and deleted_at is not null and not erased
      and ("order", id) < (coalesce(before_order, 2147483647), coalesce(before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
    order by "order" desc, id desc limit most)
  order by 2 desc, 1 desc limit most
$$;

-- The lowest order of the owner's tasks, those in the trash among them.
create function taskport_top(whose text) returns integer
language plpgsql stable as $$
begin
  return least(
    (select "order" from tasks where user_id = whose and deleted_at is null
      order by "order", id limit 1),
    (select "order" from tasks where user_id = whose and deleted_at is not null and not erased
      order by "order", id limit 1));
end
$$;

-- An order between two places, for `moved` or a task to come, as the core's `makeRoom`: where there is
-- none, those that follow are spread, as few as will do.
create function taskport_room(
  whose text, moved uuid, above integer, above_id uuid, below integer, at timestamptz, number bigint)
returns integer
language plpgsql as $$
declare
  lowest constant bigint := -2147483648;
  highest constant bigint := 2147483647;
  gap constant bigint := 1024;
  start constant bigint := coalesce(above, lowest - 1);
  size integer := 8;
  ids uuid[];
  orders integer[];
  ending bigint;
  count bigint;
  place bigint;
  step bigint;
begin
  if above is null and below is null then return 0; end if;
  if above is null and below - gap >= lowest then return below - gap; end if;
  if below is null and above + gap <= highest then return above + gap; end if;
  ending := coalesce(below, highest + 1);
  if ending - start > 1 then return (start + ending) >> 1; end if;

  loop
    select array_agg(f.id order by f."order", f.id), array_agg(f."order" order by f."order", f.id)
    into ids, orders
    from taskport_following(whose, above, above_id, size + 2) f where f.id is distinct from moved;
    count := least(coalesce(cardinality(ids), 0), size);
    ending := orders[size + 1];
    step := (coalesce(ending, least(start + gap * (count + 2), highest + 1)) - start) / (count + 2);
    if step >= (case when ending is null then 1 else 8 end) then
      perform taskport_spread(whose, ids[1:count], start + step, step, at, number);
      return start + step;
    end if;
    exit when ending is null;
    size := size * 2;
  end loop;

  -- The lower end of the range is reached: everything is spread over all of it.
  select array_agg(f.id order by f."order", f.id) into ids
  from taskport_following(whose, null, null, null) f where f.id is distinct from moved;
  place := coalesce(array_position(ids, above_id), 0);
  step := (highest - lowest) / (coalesce(cardinality(ids), 0) + 2);
  perform taskport_spread(whose, ids[1:place], lowest, step, at, number);
  perform taskport_spread(whose, ids[place + 1:], lowest + step * (place + 1), step, at, number);
  return lowest + step * (place + 1);
end
$$;

-- Puts tasks at even distances after a place.
create function taskport_spread(
  whose text, ids uuid[], start bigint, step bigint, at timestamptz, number bigint)
returns void
language sql as $$
  update tasks set
    "order" = start + step * place, version = version + 1, sequence = number,
    updated_at = greatest(updated_at, at)
  from unnest(ids) with ordinality as row (id, place)
  where user_id = whose and tasks.id = row.id and "order" <> start + step * place
$$;

-- What the search knows of a task, instead of what it knew.
create function taskport_learn(whose text, which uuid, old_words text[], new_words text[])
returns void
language plpgsql as $$
declare
  one text;
begin
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

-- Where a task comes to stand that is moved, as the core's `move`: `spot` is where it stands, and null
-- afterwards where the neighbour is none of the owner's others; `moves` says whether anything changes.
create function taskport_move(
  whose text, which uuid, place jsonb, at timestamptz, number bigint, inout spot integer, out moves boolean)
language plpgsql as $$
declare
  above integer;
  above_id uuid;
  below integer;
  below_id uuid;
begin
  if place->>'to' = 'top' then
    select f."order", f.id into below, below_id
    from taskport_following(whose, null, null, 2) f where f.id <> which limit 1;
  elsif place->>'to' = 'bottom' then
    select f."order", f.id into above, above_id
    from taskport_preceding(whose, null, null, 2) f where f.id <> which limit 1;
  elsif place ? 'before' then
    select t."order", t.id into below, below_id from tasks t
    where t.user_id = whose and t.id = (place->>'before')::uuid and t.deleted_at is null and t.id <> which;
    if not found then
      spot := null;
      return;
    end if;
    select f."order", f.id into above, above_id
    from taskport_preceding(whose, below, below_id, 2) f where f.id <> which limit 1;
  else
    select t."order", t.id into above, above_id from tasks t
    where t.user_id = whose and t.id = (place->>'after')::uuid and t.deleted_at is null and t.id <> which;
    if not found then
      spot := null;
      return;
    end if;
    select f."order", f.id into below, below_id
    from taskport_following(whose, above, above_id, 2) f where f.id <> which limit 1;
  end if;

  moves := not (
    (above is null or (above, above_id) < (spot, which))
    and (below is null or (spot, which) < (below, below_id)));
  if moves then spot := taskport_room(whose, which, above, above_id, below, at, number); end if;
end
$$;

-- One write, by the rules of the core's `applyWrite`, for an owner whose feed is locked. `added`: how
-- many tasks more are neither in the trash nor erased; null where nothing was written.
create function taskport_apply(
  whose text, at timestamptz, number bigint, write jsonb, out outcome json, out added integer)
language plpgsql as $$
declare
  op constant text := write->>'op';
  which constant uuid := write->>'id';
  new_text constant text := write->>'text';
  new_completed constant boolean := write->'completed';
  new_words text[];
  for_good constant boolean := coalesce((write->'permanent')::boolean, false);
  task record;
  spot integer;
  moved record;
begin
  if new_text is not null then
    new_words := array(select jsonb_array_elements_text(write->'words'));
  end if;

  if op = 'create' then
    spot := taskport_room(whose, null, null, null, taskport_top(whose), at, number);
    insert into tasks (user_id, id, text, completed, "order", created_at, updated_at, sequence, words)
    values (whose, which, new_text, false, spot, at, at, number, new_words)
    returning * into task;
    perform taskport_learn(whose, which, '{}', new_words);
    outcome := json_build_object('kind', 'done', 'task', taskport_json(task));
    added := 1;
    return;
  end if;

  select * into task from tasks where user_id = whose and id = which and not erased;
  if not found or not (task.deleted_at is null or op = 'restore' or op = 'delete' and for_good) then
    outcome := '{"kind":"not_found"}';
    return;
  end if;
  if jsonb_typeof(write->'versions') = 'array' and not write->'versions' @> to_jsonb(task.version) then
    outcome := json_build_object('kind', 'stale', 'version', task.version);
    return;
  end if;

  if op = 'patch' and (
      coalesce(new_text, task.text) <> task.text
      or coalesce(new_completed, task.completed) <> task.completed) then
    if new_text <> task.text then perform taskport_learn(whose, which, task.words, new_words); end if;
    update tasks set
      text = coalesce(new_text, text), completed = coalesce(new_completed, completed),
      version = version + 1, sequence = number, updated_at = greatest(updated_at, at),
      completed_at = case
        when coalesce(new_completed, completed) = completed then completed_at
        when new_completed then greatest(updated_at, at)
      end,
      words = case when new_text <> text then new_words else words end
    where user_id = whose and id = which
    returning * into task;
    added := 0;

  elsif op = 'restore' and task.deleted_at is not null then
    update tasks set
      deleted_at = null, version = version + 1, sequence = number, updated_at = greatest(updated_at, at)
    where user_id = whose and id = which
    returning * into task;
    added := 1;

  elsif op = 'delete' then
    if for_good then perform taskport_learn(whose, which, task.words, '{}'); end if;
    update tasks set
      deleted_at = greatest(updated_at, at), erased = for_good,
      text = case when for_good then '' else text end,
      words = case when for_good then '{}' else words end,
      version = version + 1, sequence = number, updated_at = greatest(updated_at, at)
    where user_id = whose and id = which;
    outcome := '{"kind":"done","task":null}';
    added := case when task.deleted_at is null then -1 else 0 end;
    return;

  elsif op = 'move' then
    moved := taskport_move(whose, which, write->'place', at, number, task."order");
    spot := moved.spot;
    if spot is null then
      outcome := '{"kind":"no_neighbour"}';
      return;
    end if;
    if moved.moves then added := 0; end if;
    if spot <> task."order" then
      update tasks set
        "order" = spot, version = version + 1, sequence = number, updated_at = greatest(updated_at, at)
      where user_id = whose and id = which
      returning * into task;
    end if;
  end if;

  outcome := json_build_object('kind', 'done', 'task', taskport_json(task));
end
$$;
