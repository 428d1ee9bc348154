import Type from 'typebox'
import { TaskListQuery } from '../../../core/query.ts'
import { exampleTask } from '../docs/examples.ts'
import { fromQuery, repeatedInQuery } from '../docs/parameters.ts'
import { header } from '../docs/responses.ts'
import { cursorAt, nextPage } from './list-request.ts'

const exampleCursor = cursorAt({}, { key: exampleTask.created_at, id: exampleTask.id })
const { limit, sort, completed, q, deleted, ...filters } = TaskListQuery.properties

export const listParameters = [
  fromQuery(
    'limit',
    'The number of tasks on a page. Without it, you get all tasks at once.',
    limit,
    20,
  ),
  fromQuery(
    'cursor',
    'The `next_cursor` of the previous page. Send the same `sort` and filters with it.',
    Type.String(),
    exampleCursor,
  ),
  fromQuery(
    'sort',
    'The sort order; `-` sorts the latest first. `order` is the manual order, which you change by moving tasks. With `due`, tasks without a `due` come last; with `priority`, the highest comes first.',
    sort,
    'order',
  ),
  fromQuery('completed', 'Returns only completed tasks, or only open ones.', completed, false),
  fromQuery(
    'q',
    'Returns only tasks that contain each of these words, anywhere in their text, description or tags. Ignores letter case, accents and punctuation. A search without letters, digits or emoji finds nothing.',
    q,
    'milk',
  ),
  fromQuery('deleted', 'Returns the tasks in the trash instead of the others.', deleted, 'only'),
  fromQuery(
    'list',
    'Returns only the tasks of this list, or with `inbox` only tasks that are in no list.',
    filters.list,
    'inbox',
  ),
  repeatedInQuery(
    'tag',
    'Returns only tasks with this tag; if repeated, with all of these tags. Letter case makes no difference.',
    filters.tag,
    ['home'],
  ),
  repeatedInQuery(
    'priority',
    'Returns only tasks with this priority; if repeated, with any of them.',
    filters.priority,
    ['high'],
  ),
  fromQuery(
    'parent',
    'Returns only the subtasks of this task, or with `none` only tasks that are not subtasks.',
    filters.parent,
    'none',
  ),
  fromQuery('due', 'Returns only tasks without a `due`.', filters.due, 'none'),
  fromQuery(
    'due_after',
    'Returns only tasks that are due at this day or local time, or later. Compared with `due` as text: a day comes before every time of that day.',
    filters.due_after,
    '2026-01-31',
  ),
  fromQuery(
    'due_before',
    'Returns only tasks that are due before this day or local time.',
    filters.due_before,
    '2026-02-01',
  ),
]

export const permanent = fromQuery(
  'permanent',
  'Deletes the task permanently, even if it is already in the trash.',
  Type.Boolean({ default: false }),
  true,
)

export const listTag = {
  ETag: header(
    'Changes whenever any of your tasks changes. Lists with different parameters have different tags.',
    '"lt5c1d2e3f.42"',
  ),
}

export const nextLink = {
  Link: header(
    'The URL of the next page (RFC 8288). Absent on the last page.',
    `<${nextPage({ limit: 20 }, exampleCursor)}>; rel="next"`,
  ),
}
