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

// Greater than the mark.
const LAST = '~'

/** The same, with a mark at its end if the task has a description. */
export function markedPlaceIn(sort: Sort): string {
  return `${placeIn(sort)} || case when has_description then '${MARK}' else '' end`
}

function idIn(place: string): string {
  const end = place.length - (place.endsWith(MARK) ? 1 : 0)
  return place.slice(end - ID_LENGTH, end)
}

/**
 * Leaves out marked places whose ids are not given.
 *
 * @param places by ascending id, as `ids`.
 */
export function foundAmong(places: readonly string[], ids: readonly string[]): string[] {
  const found: string[] = []
  let next = 0
  for (const place of places) {
    if (!place.endsWith(MARK)) {
      found.push(place)
      continue
    }
    const expected = ids[next]
    if (expected === undefined) continue
    // Mostly the next id, which is compared without taking it from the place.
    if (!place.endsWith(expected, place.length - 1)) {
      const id = idIn(place)
      while (next < ids.length && `${ids[next]}` < id) next++
      if (ids[next] !== id) continue
    }
    found.push(place)
    next++
  }
  return found
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
  // With or without a mark, the task at this place is not on the page.
  const start = after && `${placeAt(sort, after)}${isDescending ? '' : LAST}`
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
    ids: () => kept.map(idIn),
  }
}
