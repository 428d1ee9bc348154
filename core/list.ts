import Type, { type Static } from 'typebox'
import { Id, type Instant, kept, touched, visibleText } from './item.ts'

export const MAX_LISTS = 500

const Color = Type.Union([Type.String({ pattern: '^#[0-9a-fA-F]{6}$' }), Type.Null()], {
  description: 'a color such as #1e90ff, or null',
  examples: ['#1e90ff'],
})

/** A list of tasks, as clients see it. Its owner is never part of it. */
export const List = Type.Object(
  { id: Id, name: visibleText(100, 'Groceries'), color: Color, ...kept },
  { description: 'One list.' },
)

/** A list, as stores keep it. */
export type List = Static<typeof List> & {
  /** Set on the tombstone of a deleted list. */
  readonly deleted_at?: Instant
}

/** What a caller sends to create a list. Other members are ignored. */
export const ListCreate = Type.Object(
  { name: List.properties.name, color: Type.Optional(Color) },
  { description: 'A new list. Other members are ignored.' },
)
export type ListCreate = Static<typeof ListCreate>

/** What a caller sends to change a list. */
export const ListPatch = Type.Partial(ListCreate, {
  description: 'What to change in a list. Absent members keep their values.',
})
export type ListPatch = Static<typeof ListPatch>

/** A list, with the number of its tasks that are neither completed nor deleted. */
export type CountedList = List & { readonly open: number }

/** All lists of an owner. */
export interface ListPage {
  readonly lists: CountedList[]
  /** What `TaskRepository.revision` returned at the moment of reading. */
  readonly revision: string
}

export function createList(id: string, created: ListCreate, order: number, now: Instant): List {
  const { name, color = null } = created
  return { id, name, color, order, version: 1, created_at: now, updated_at: now }
}

/** Applies a patch. Returns the same object if nothing changes. */
export function changeList(list: List, patch: ListPatch, now: Instant): List {
  const { name = list.name, color = list.color } = patch
  if (name === list.name && color === list.color) return list
  return { ...touched(list, now), name, color }
}

/** Changes the order. Returns the same object if it is the same. */
export function reorderList(list: List, order: number, now: Instant): List {
  return order === list.order ? list : { ...touched(list, now), order }
}

/** What is left of a deleted list: nothing that its owner wrote. */
export function eraseList(list: List, now: Instant): List {
  const erased = touched(list, now)
  return { ...erased, name: '', color: null, deleted_at: erased.updated_at }
}
