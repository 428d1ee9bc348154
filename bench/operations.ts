/** What each operation asks for. `load.lua` sends it, and `verify.ts` checks every contestant's answers. */
export const OPERATIONS = {
  get: 'one task by its id',
  list: 'the 20 newest tasks',
  all: 'the whole list in one response',
  filter: 'the 20 open tasks that changed last',
  search: 'the tasks with a word in their text: 2 of 20, otherwise 10',
  feed: 'the changes since a cursor, of which there are 10',
  patch: 'a new text for one task',
  move: 'one task to the top of the order',
  batch: 'new texts for 20 tasks, all or none',
  mix: '70 % list, 15 % get, 10 % patch, 5 % create',
  create: 'one new task',
  health: 'the health check',
  unseen: 'a task by its id, each time with a token that is not in the cache',
} as const

export type Operation = keyof typeof OPERATIONS
