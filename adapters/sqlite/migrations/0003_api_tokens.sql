-- Tokens that users made for programs. A request names only the secret, so the key is its hash.
create table api_tokens (
  -- The SHA-256 of the secret, in hexadecimal digits.
  hash text not null primary key,
  user_id text not null,
  id text not null,
  name text not null,
  -- Whether it may write. Every token may read.
  can_write integer not null check (can_write in (0, 1)),
  created_at text not null,
  -- Null for never.
  expires_at text,
  -- To the hour.
  last_used_at text
) strict, without rowid;

-- The tokens of a user, and those that maintenance removes.
create unique index api_tokens_user on api_tokens (user_id, id);
create index api_tokens_expired on api_tokens (expires_at) where expires_at is not null;
