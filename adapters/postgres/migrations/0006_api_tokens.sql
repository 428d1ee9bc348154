-- Tokens that users made for programs. A request names only the secret, so the key is its hash: unlike all
-- other tables, this one is not reached by user.
create table api_tokens (
  -- The SHA-256 of the secret, in hexadecimal digits.
  hash text collate "C" primary key,
  user_id varchar(255) not null,
  id uuid not null,
  -- The lowest one that the user had free. As it is unique, the number of tokens is limited without a lock.
  number integer not null,
  name text not null,
  -- Whether it may write. Every token may read.
  can_write boolean not null,
  created_at timestamptz not null,
  -- Null for never.
  expires_at timestamptz,
  -- To the hour.
  last_used_at timestamptz
);

-- The tokens of a user, and those that maintenance removes.
create unique index api_tokens_user on api_tokens (user_id, id);
create unique index api_tokens_number on api_tokens (user_id, number);
create index api_tokens_expired on api_tokens (expires_at) where expires_at is not null;

-- Gives every role that the service runs as the rights to the new table.
do $$
declare
  role text;
begin
  for role in
    select distinct case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end
    from pg_class, aclexplode(relacl)
    where pg_class.oid = 'owners'::regclass and privilege_type = 'INSERT'
  loop
    execute format('grant select, insert, update, delete on api_tokens to %s', role);
  end loop;
end
$$
