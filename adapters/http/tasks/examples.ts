import { EXAMPLE_OTHER_TASK, exampleList, exampleTask } from '../docs/examples.ts'

/** The example bodies of the operations on tasks, each with a summary. */

export const newTasks = {
  plain: ['A task', { text: 'Buy milk' }],
  detailed: [
    'A task with details',
    {
      text: 'Renew the passport',
      description: 'Bring a photo and the old passport.',
      due: '2026-03-31',
      priority: 'high',
      tags: ['office', 'travel'],
    },
  ],
  weekly: [
    'A task that repeats every week at a time of day',
    {
      text: 'Take out the recycling',
      description: 'Paper and glass, each in its own bin.',
      due: '2026-02-02T07:30',
      time_zone: 'Europe/Berlin',
      recurrence: { rule: 'FREQ=WEEKLY;BYDAY=MO' },
    },
  ],
  inList: ['A task in a list', { text: 'Oat milk', list_id: exampleList.id }],
  subtask: ['A subtask', { text: 'Find the shopping bag', parent_id: exampleTask.id }],
} as const

export const replacements = {
  completed: ['Complete the task', { text: 'Buy milk', completed: true }],
} as const

export const patches = {
  complete: ['Complete the task', { completed: true }],
  reopen: ['Open the task again, which takes back its next occurrence', { completed: false }],
  schedule: [
    'Set a due time in a time zone',
    { due: '2026-02-02T09:30', time_zone: 'Europe/Berlin' },
  ],
  repeat: [
    'Repeat every month, counted from the day of completion',
    { due: '2026-02-02', recurrence: { rule: 'FREQ=MONTHLY', from: 'completion' } },
  ],
  label: ['Set the priority and the tags', { priority: 'high', tags: ['shopping'] }],
  toList: ['Move to a list', { list_id: exampleList.id }],
  clear: ['Remove the date and the description', { due: null, description: null }],
} as const

export const moves = {
  top: ['To the top', { to: 'top' }],
  before: ['Before another task', { before: EXAMPLE_OTHER_TASK }],
} as const

export const batches = {
  changes: [
    'Several changes, each with its own result',
    {
      atomic: false,
      operations: [
        { op: 'create', body: { text: 'Buy milk' } },
        { op: 'patch', id: exampleTask.id, if_match: '"v1"', body: { completed: true } },
        { op: 'delete', id: EXAMPLE_OTHER_TASK },
      ],
    },
  ],
  project: [
    'A project: a list with tasks and subtasks, all or nothing',
    {
      atomic: true,
      operations: [
        { op: 'create_list', body: { name: 'Move house', color: '#1e90ff' } },
        { op: 'create', body: { text: 'Pack the kitchen', list_id: '$0', due: '2026-02-27' } },
        { op: 'create', body: { text: 'Buy boxes', parent_id: '$1' } },
        { op: 'create', body: { text: 'Borrow a van', list_id: '$0', priority: 'high' } },
      ],
    },
  ],
} as const
