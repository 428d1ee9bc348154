import { isTask } from './members.ts'
import { fold, hasTag } from './search.ts'
import { compareBy, NO_DUE } from './sort.ts'
import type { OfflineQuery, OfflineTask } from './types.ts'
import type { View } from './view.ts'

/** Selects and sorts tasks as `GET /tasks` does. */
export function select({ items, idOf }: View, query: OfflineQuery): readonly OfflineTask[] {
  const { list, parent, completed, due, due_after, due_before, priority, tag = [], q } = query
  const isIn = (id: string | null, wanted: string | undefined, none: string) =>
    !wanted || id === (wanted === none ? null : idOf(wanted))
  const words = q ? fold(q).split(' ') : []
  const selected = [...items.values()]
    .filter((item) => isTask(item))
    .filter(
      (task) =>
        isIn(task.list_id, list, 'inbox') &&
        isIn(task.parent_id, parent, 'none') &&
        (completed ?? task.completed) === task.completed &&
        (!priority?.length || priority.includes(task.priority)) &&
        tag.every((one) => hasTag(task.tags, one)) &&
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
