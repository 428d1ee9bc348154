import { fold, tagKey } from './search.ts'
import type { OfflineQuery, OfflineTask } from './types.ts'
import type { View } from './view.ts'

const PRIORITIES = ['high', 'medium', 'low', 'none']
// Greater than every `due`, so that tasks without one come last.
const NO_DUE = '~'

/** Selects and sorts tasks as `GET /tasks` does. */
export function select({ tasks, idOf }: View, query: OfflineQuery): readonly OfflineTask[] {
  const { list, parent, completed, due, due_after, due_before, priority, tag = [], q } = query
  const isIn = (id: string | null, wanted: string | undefined, none: string) =>
    !wanted || id === (wanted === none ? null : idOf(wanted))
  const words = q ? fold(q).split(' ') : []
  const selected = [...tasks.values()].filter(
    (task) =>
      isIn(task.list_id, list, 'inbox') &&
      isIn(task.parent_id, parent, 'none') &&
      (completed ?? task.completed) === task.completed &&
      (!priority?.length || priority.includes(task.priority)) &&
      tag.every((one) => task.tags.some((own) => tagKey(own) === tagKey(one))) &&
      (!due || !task.due) &&
      (!due_after || (task.due ?? '') >= due_after) &&
      (!due_before || (task.due ?? NO_DUE) < due_before) &&
      words.every((word) => word && searchable(task).includes(word)),
  )
  return selected.sort(compareBy(query.sort ?? '-created_at'))
}

const folded = new WeakMap<OfflineTask, string>()

/** What searches look in. Kept, because folding is slow. */
function searchable(task: OfflineTask): string {
  const { text, description, tags } = task
  const known = folded.get(task) ?? fold([text, description ?? '', ...tags].join('\n'))
  folded.set(task, known)
  return known
}

type Compare = (a: OfflineTask, b: OfflineTask) => number

/** Compares by the sort key, then by id in the same direction. */
function compareBy(sort: NonNullable<OfflineQuery['sort']>): Compare {
  const direction = sort.startsWith('-') ? -1 : 1
  function keyOf(task: OfflineTask): string | number {
    if (sort === 'order') return task.order
    if (sort === 'priority') return PRIORITIES.indexOf(task.priority)
    if (sort === 'due') return task.due ?? NO_DUE
    return sort.endsWith('created_at') ? task.created_at : task.updated_at
  }
  return (a, b) => direction * (compare(keyOf(a), keyOf(b)) || compare(a.id, b.id))
}

export function compare<Key extends string | number>(a: Key, b: Key): number {
  return a < b ? -1 : a > b ? 1 : 0
}
