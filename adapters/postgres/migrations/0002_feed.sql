-- What a task, its owner's feed, repeated calls and the search need beside 0001. Rows that are there
-- keep what they have: a new column with a constant default rewrites nothing.

-- Takes the table for itself until the transaction ends. Requests queue behind whoever waits for that:
-- so each try is a short one.
create procedure taskport_take_table()
language plpgsql as $$
begin
  for try in 1..100 loop
    begin
      set local lock_timeout = '300ms';
      lock table tasks in access exclusive mode;
      return;
    exception when lock_not_available then
      if try = 100 then raise; end if;
      perform pg_sleep(0.3);
    end;
  end loop;
end
$$;
call taskport_take_table();

-- `sequence`: the number that the last write has in the owner's feed; 0 for rows from before there was
-- one, null for what somebody else has just inserted. `erased`: deleted for good, and kept until the
-- feed need not tell of it any more. `words`: what the search knows of the text, null for nothing yet.
alter table tasks
  add column version integer not null default 1,
  add column sequence bigint default 0,
  add column deleted_at timestamptz,
  add column erased boolean not null default false,
  add column words text[];
alter table tasks alter column sequence drop default;

-- One row an owner, locked by each write before it touches a task. `live`: how many tasks are neither
-- in the trash nor erased. `top`: the lowest order of any that is not erased, null where it has to be
-- looked up. Room in the pages keeps the many updates away from the index.
create table feeds (
  user_id varchar(255) primary key,
  epoch text not null default substr(gen_random_uuid()::text, 1, 8),
  sequence bigint not null default 0,
  live integer not null default 0,
  top integer,
  horizon bigint not null default 0
) with (fillfactor = 40);

create table task_words (
  user_id varchar(255),
  word text collate "C",
  id uuid,
  primary key (user_id, word, id)
);

create table remembered_calls (
  user_id varchar(255),
  key text collate "C",
  fingerprint text not null,
  made_at timestamptz not null,
  outcomes json not null,
  primary key (user_id, key)
);
create index remembered_calls_made_at on remembered_calls (made_at);

-- Until when one process has what is to be done now and then for itself.
create table upkeep (held_until timestamptz not null);
insert into upkeep values ('-infinity');

-- Whoever may write tasks may write what belongs to them.
do $$
declare
  role text;
begin
  for role in
    select distinct case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end
    from pg_class, aclexplode(relacl)
    where pg_class.oid = 'tasks'::regclass and privilege_type = 'INSERT'
  loop
    execute 'grant select, insert, update, delete
      on feeds, task_words, remembered_calls, upkeep to ' || role;
  end loop;
end
$$;
