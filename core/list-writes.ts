import type { Draft } from './draft.ts'
import type { Instant } from './item.ts'
import { changeList, createList, eraseList, type List, MAX_LISTS, reorderList } from './list.ts'
import { orderAt, orderAtBottom, type Row } from './moves.ts'
import { compareOrder } from './order.ts'
import { removeTasksIn } from './task-writes.ts'
import {
  accepts,
  invalidWrite,
  type ListWrite,
  unknownNeighbour,
  type WriteContext,
  type WriteOutcome,
} from './writes.ts'

/** Applies a write of lists. */
export function applyListWrite(
  draft: Draft,
  write: ListWrite,
  context: WriteContext,
): WriteOutcome {
  const { now } = context
  if (write.op === 'create_list') {
    if (draft.lists.all().length >= MAX_LISTS)
      return invalidWrite(`lists: you have the maximum of ${MAX_LISTS} lists; delete some first`)
    const order = orderAtBottom(rowOfLists(draft, now))
    return put(draft, null, createList(write.id, write.list, order, now))
  }
  const list = draft.lists.find(write.id)
  if (!list) return { kind: 'not_found' }
  if (!accepts(write.versions, list.version)) return { kind: 'stale', version: list.version }
  switch (write.op) {
    case 'patch_list':
      return put(draft, list, changeList(list, write.patch, now))
    case 'move_list': {
      const order = orderAt(rowOfLists(draft, now), list, write.destination)
      if (order === null) return unknownNeighbour(write.destination, 'lists')
      return put(draft, list, reorderList(list, order, now))
    }
    case 'delete_list':
      removeTasksIn(draft, list.id, write.permanent, now)
      draft.lists.erase(list, eraseList(list, now))
      return { kind: 'list_done', list: null }
  }
}

function put(draft: Draft, before: List | null, after: List): WriteOutcome {
  if (after !== before) draft.lists.put(before, after)
  return { kind: 'list_done', list: after }
}

/** The lists of a draft as a row. Changes of orders are saved in the draft. */
function rowOfLists(draft: Draft, now: Instant): Row<List> {
  const { lists } = draft
  const sorted = () => lists.all().sort(compareOrder)
  return {
    find: lists.find,
    following: (position, count) =>
      sorted()
        .filter((list) => position === null || compareOrder(position, list) < 0)
        .slice(0, count),
    preceding: (position, count) =>
      sorted()
        .filter((list) => position === null || compareOrder(list, position) < 0)
        .reverse()
        .slice(0, count),
    top: sorted()[0]?.order ?? null,
    reorder: (list, order) => put(draft, list, reorderList(list, order, now)),
  }
}
