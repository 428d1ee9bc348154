import { memberOf } from './members.ts'

const PRIORITIES = ['high', 'medium', 'low', 'none']
// Greater than every `due`, so that tasks without one come last.
export const NO_DUE = '~'

/** Compares by a sort key such as `-created_at`, then by id in the same direction. */
export function compareBy(sort: string) {
  const direction = sort.startsWith('-') ? -1 : 1
  const name = sort.replace('-', '')
  const keyOf = (item: object) => {
    const value = memberOf(item, name) ?? NO_DUE
    return name === 'priority' ? PRIORITIES.indexOf(`${value}`) : value
  }
  return (a: { readonly id: string }, b: { readonly id: string }) =>
    direction * (compare(keyOf(a), keyOf(b)) || compare(a.id, b.id))
}

function compare<Key>(a: Key, b: Key): number {
  return a < b ? -1 : a > b ? 1 : 0
}
