import { type ListQuery, NO_DUE, type PagePosition, type Sort } from '../../core/query.ts'
import { LOWEST_ORDER } from '../../core/task.ts'

const ID_LENGTH = 36

// Texts that compare as the sort keys do.
const keys: Readonly<Record<Sort, string>> = {
  '-created_at': 'created_at',
  created_at: 'created_at',
  '-updated_at': 'updated_at',
  updated_at: 'updated_at',
  order: `substr('000000000' || ("order" - ${LOWEST_ORDER}), -10)`,
  due: `coalesce(due, '${NO_DUE}')`,
  priority: '(3 - priority)',
}

/** The place of a task in a list, in SQL: a text that compares as the list is sorted. */
export function placeIn(sort: Sort): string {
  return `${keys[sort]} || ' ' || id`
}

const MARK = '?'

/** The same, with a mark for tasks with a description. */
export function markedPlaceIn(sort: Sort): string {
  return `${placeIn(sort)} || case when has_description then '${MARK}' else '' end`
}

/** Removes the marks, and the marked places whose ids are not given. */
export function foundAmong(marked: readonly string[], ids: ReadonlySet<string>): string[] {
  return marked.flatMap((place) => {
    if (!place.endsWith(MARK)) return place
    return ids.has(place.slice(-ID_LENGTH - 1, -1)) ? place.slice(0, -1) : []
  })
}

function placeAt(sort: Sort, { key, id }: PagePosition): string {
  const text = sort === 'order' ? `${Number(key) - LOWEST_ORDER}`.padStart(10, '0') : key
  return `${text} ${id}`
}

// How many places to collect before those that are not on the page are dropped.
const MANY = 500

/** Counts places of one list, and keeps those of one page, and the next one. */
export function createPage({ sort, limit, after }: ListQuery) {
  const isDescending = sort.startsWith('-')
  // New tasks have the greatest ids, and mostly come first.
  const isNewestFirst = isDescending || sort === 'order'
  const start = after && placeAt(sort, after)
  const most = limit === null ? Number.POSITIVE_INFINITY : limit + 1
  let count = 0
  let kept: string[] = []
  /** No place after this one is on the page. */
  let end: string | null = null

  function isBefore(a: string, b: string): boolean {
    return isDescending ? a > b : a < b
  }

  function sortKept(): void {
    kept.sort()
    if (isDescending) kept.reverse()
    if (kept.length < most) return
    kept = kept.slice(0, most)
    end = kept.at(-1) ?? null
  }

  return {
    /** @param places by ascending id. */
    add(places: string[]): void {
      count += places.length
      for (const place of isNewestFirst ? places.reverse() : places) {
        if (start !== null && !isBefore(start, place)) continue
        if (end !== null && !isBefore(place, end)) continue
        kept.push(place)
        if (kept.length >= most + MANY) sortKept()
      }
      sortKept()
    },
    count: () => count,
    /** The ids on the page, in order, and the next one, if there is one. */
    ids: () => kept.map((place) => place.slice(-ID_LENGTH)),
  }
}
