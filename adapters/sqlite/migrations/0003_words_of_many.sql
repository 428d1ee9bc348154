-- Of owners with few tasks no words are kept any more, since reading their texts takes less than keeping
-- the words does: `words` is 0 there, and no entry of an index.
drop index tasks_by_words;
create unique index tasks_by_words on tasks (words) where words > 0;

-- An older version that finds an owner to have many tasks does not know that words are missing. What
-- comes to be null is found by the upkeep.
create trigger tasks_become_many after update of indexed on tasks
when new.indexed = 1 and new.words = 0
begin
  update tasks set words = null where user_id = new.user_id and id = new.id;
end;
