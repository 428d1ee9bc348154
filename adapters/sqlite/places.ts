import { LOWEST_ORDER } from '../../core/item.ts'
import type { TaskQuery } from '../../core/query.ts'
import { isFound, type Search } from '../../core/search.ts'
import { NO_DUE, type PagePosition, type Sort } from '../../core/sorting.ts'
import { PRIORITIES } from '../../core/task.ts'

export const ID_LENGTH = 36

// Texts that compare as the sort keys do.
const keys: Readonly<Record<Sort, string>> = {
  '-created_at': 'created_at',
  created_at: 'created_at',
  '-updated_at': 'updated_at',
  updated_at: 'updated_at',
  order: `substr('000000000' || ("order" - ${LOWEST_ORDER}), -10)`,
  due: `coalesce(due, '${NO_DUE}')`,
  priority: `(${PRIORITIES.length - 1} - priority)`,
}

/** The place of a task among those of a query, in SQL: a text that compares as they are sorted. */
export function placeIn(sort: Sort): string {
  return `${keys[sort]} || ' ' || id`
}

/**
 * The places of the tasks that a search finds.
 *
 * @param places by ascending id.
 * @param folded the folded text of the task at each place; empty for a task with a description.
 * @param described the ids of tasks with a description that it finds, ascending.
 */
export function foundPlaces(
  places: readonly string[],
  folded: readonly string[],
  described: readonly string[],
  search: Search,
): string[] {
  let next = 0
  return places.filter((place, index) => {
    const text = folded[index]
    return text ? isFound(text, search) : isDescribed(place)
  })

  function isDescribed(place: string): boolean {
    let id = described[next]
    // Mostly it is the next id.
    while (id !== undefined && !place.endsWith(id)) {
      if (id > place.slice(-ID_LENGTH)) return false
      id = described[++next]
    }
    return id !== undefined
  }
}

function placeAt(sort: Sort, { key, id }: PagePosition): string {
  const text = sort === 'order' ? `${Number(key) - LOWEST_ORDER}`.padStart(10, '0') : key
  return `${text} ${id}`
}

// How many places to collect before those that are not on the page are dropped.
const MANY = 100

/** Counts the places of a query, and keeps those of one page, and the next one. */
export function createPage({ sort, limit, after }: TaskQuery) {
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
