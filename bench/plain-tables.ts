import { Database } from 'bun:sqlite'

// What someone would create who writes such a service by hand.
export const PLAIN_POSTGRES = `
  create table plain (
    user_id varchar(255) not null,
    id uuid not null,
    text varchar(500) not null,
    completed boolean not null,
    position double precision not null,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    completed_at timestamptz(3),
    primary key (user_id, id)
  );
  insert into plain
    select user_id, id, text, completed, -extract(epoch from created_at) * 1000,
      created_at, updated_at, completed_at
    from tasks;
  drop table tasks;
  alter table plain rename to tasks;
  create index tasks_created on tasks (user_id, created_at, id)`

const PLAIN_SQLITE = `
  create table plain (
    user_id text not null,
    id text not null,
    text text not null,
    completed integer not null,
    position real not null,
    created_at text not null,
    updated_at text not null,
    completed_at text,
    primary key (user_id, id)
  ) strict, without rowid;
  insert into plain
    select user_id, id, text, completed, -unixepoch(created_at, 'subsec') * 1000,
      created_at, updated_at, completed_at
    from tasks;
  drop table tasks;
  alter table plain rename to tasks;
  create index tasks_created on tasks (user_id, created_at, id);
  vacuum;
  pragma wal_checkpoint(truncate)`

/** Turns a database of taskport into one with a plain table. */
export function makePlain(path: string): void {
  using database = new Database(path)
  database.run(PLAIN_SQLITE)
}
