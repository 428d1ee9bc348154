-- One row a task, clustered by owner. Times are RFC 3339 text in UTC, which sorts as it counts.
create table tasks (
  user_id text not null,
  id text not null,
  text text not null,
  completed integer not null check (completed in (0, 1)),
  created_at text not null,
  updated_at text not null,
  completed_at text,
  primary key (user_id, id)
) strict, without rowid;
