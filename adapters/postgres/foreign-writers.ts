/** Keeps the triggers for foreign writers from reporting deletions until the transaction ends. */
export const HIDE_DELETIONS = {
  text: `select set_config('taskport.maintenance', 'on', true)`,
  types: [],
}

/** Whether the database has these triggers: see migrations/0002_foreign_writers.sql. */
export const HAS_FOREIGN_WRITERS = {
  text: `select to_regclass('tasks_unfolded') is not null as answer`,
  types: [],
}
