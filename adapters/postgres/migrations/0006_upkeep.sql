-- Does a part of what is to be done now and then, unless another process is at it. `unlearned`: tasks
-- whose words are to be found, for `taskport_learn_all`, until which nobody else comes in between.
create function taskport_sweep(
  deleted_before timestamptz, made_before timestamptz, most integer, out more boolean, out unlearned json)
language plpgsql as $$
declare
  whose text;
  ids uuid[];
  count integer;
  purged bigint;
begin
  more := false;
  perform from upkeep where held_until < clock_timestamp() for update skip locked;
  if not found then return; end if;
  perform set_config('taskport.upkeep', 'on', true);

  for whose, ids in
    select user_id, array_agg(id) from (
      select user_id, id from tasks where deleted_at < deleted_before order by deleted_at limit most
    ) as old group by user_id order by user_id
  loop
    more := more or cardinality(ids) > 0;
    perform from feeds where user_id = whose for no key update skip locked;
    continue when not found;
    delete from task_words using tasks
    where tasks.user_id = whose and tasks.id = any(ids) and deleted_at < deleted_before
      and task_words.user_id = whose and task_words.id = tasks.id and word = any(words);
    with gone as (
      delete from tasks where user_id = whose and id in (
        select id from tasks
        where user_id = whose and id = any(ids) and deleted_at < deleted_before
        for update skip locked)
      returning sequence
    )
    select max(sequence) into purged from gone;
    update feeds set sequence = sequence + 1, horizon = greatest(horizon, purged), top = null
    where user_id = whose and purged is not null;
  end loop;

  delete from remembered_calls where ctid = any(array(
    select ctid from remembered_calls where made_at < made_before
    order by made_at limit most for update skip locked));
  get diagnostics count = row_count;
  more := more or count = most;

  select json_agg(json_build_object('user_id', user_id, 'id', id, 'text', text)) into unlearned
  from (select user_id, id, text from tasks where words is null order by user_id, id limit most) as next;
  if unlearned is not null then
    more := true;
    update upkeep set held_until = clock_timestamp() + interval '10 s';
  end if;
end
$$;

-- Keeps the words that were found of tasks, where their text is still the one that had them.
create function taskport_learn_all(learned jsonb) returns void
language plpgsql as $$
declare
  whose text;
  task record;
begin
  perform set_config('taskport.upkeep', 'on', true);
  for whose in
    select distinct user_id from jsonb_to_recordset(learned) as task (user_id text) order by 1
  loop
    perform from feeds where user_id = whose for no key update skip locked;
    continue when not found;
    for task in
      select tasks.id, new.words from tasks
      join jsonb_to_recordset(learned) as new (user_id text, id uuid, text text, words text[])
        on new.user_id = whose and new.id = tasks.id and new.text = tasks.text
      where tasks.user_id = whose and tasks.words is null
      for update of tasks skip locked
    loop
      perform taskport_learn(whose, task.id, '{}', task.words);
      update tasks set words = task.words where user_id = whose and id = task.id;
    end loop;
  end loop;
  update upkeep set held_until = '-infinity';
end
$$;
