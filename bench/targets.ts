import { FLOOR, FLOOR_EACH } from './contestants.ts'
import type { Operation } from './load.ts'
import type { Result } from './measure.ts'
import type { StoreKind } from './stores.ts'

/** A performance goal and its measurement. */
export interface Target {
  readonly what: string
  readonly measured: number
  readonly limit: number
  /** Whether the limit is a minimum or a maximum. */
  readonly kind: 'least' | 'most'
  readonly unit: '×' | 'ms' | 'MB'
}

export function isMet({ measured, limit, kind }: Target): boolean {
  return kind === 'least' ? measured >= limit : measured <= limit
}

/** The matching result, if there is one. */
export function find(
  results: readonly Result[],
  wanted: Partial<Pick<Result, 'server' | 'store' | 'operation' | 'connections' | 'tasks'>>,
): Result | undefined {
  return results.find((result) => Bun.deepMatch(wanted, result))
}

/** A target that compares two measurements; none if one of them is missing. */
export function compare(
  target: Omit<Target, 'measured' | 'unit'>,
  ours: number | undefined,
  theirs: number | undefined,
): Target[] {
  if (ours === undefined || theirs === undefined) return []
  return [{ ...target, measured: ours / theirs, unit: '×' }]
}

const WORK: readonly Operation[] = ['get', 'list', 'create', 'patch']
const DATABASES = ['postgres', 'sqlite'] as const

// Minimum throughput of taskport at 64 connections, relative to the other server.
const LEAST: readonly [StoreKind, string, Partial<Record<Operation, number>>][] = [
  ['postgres', FLOOR, { get: 1.2, list: 1, create: 1.6, patch: 1.3 }],
  ['sqlite', FLOOR, { get: 0.8, list: 0.8, create: 0.8, patch: 0.8 }],
  ['sqlite', FLOOR_EACH, { create: 10, patch: 10 }],
]
const LEAST_OF_CONSTANT = 0.6

// Maximum p99 at 256 connections, relative to the floor.
const MOST_P99 = { postgres: 1, sqlite: 1.2 }

export function comparisonTargets(results: readonly Result[]): Target[] {
  const throughput = LEAST.flatMap(([store, server, limits]) =>
    WORK.flatMap((operation) => {
      const limit = limits[operation]
      if (limit === undefined) return []
      const cell = { store, operation, connections: 64 }
      const ours = find(results, { ...cell, server: 'taskport' })?.perSecond
      const theirs = find(results, { ...cell, server })?.perSecond
      const what = `${store}: ${operation}, relative to ${server}`
      return compare({ what, limit, kind: 'least' }, ours, theirs)
    }),
  )
  const memory = WORK.flatMap((operation) => {
    const cell = { store: 'memory', operation, connections: 64, server: 'taskport' } as const
    const measured = find(results, cell)?.ratio
    if (measured === undefined || measured === null) return []
    const what = `memory: ${operation}, relative to constant JSON of the same size`
    return [{ what, measured, limit: LEAST_OF_CONSTANT, kind: 'least', unit: '×' } as const]
  })
  const slowest = DATABASES.flatMap((store) =>
    WORK.flatMap((operation) => {
      const cell = { store, operation, connections: 256 }
      const ours = find(results, { ...cell, server: 'taskport' })?.p99
      const theirs = find(results, { ...cell, server: FLOOR })?.p99
      const what = `${store}: ${operation}, p99 at 256 connections, relative to ${FLOOR}`
      return compare({ what, limit: MOST_P99[store], kind: 'most' }, ours, theirs)
    }),
  )
  return [...throughput, ...memory, ...slowest]
}

/** The response times that the Python service promised, with 100 concurrent users on PostgreSQL. */
export function promiseTargets(results: readonly Result[]): Target[] {
  const promises: readonly [what: string, operation: Operation, limit: number][] = [
    ['read (list)', 'list', 200],
    ['read (get)', 'get', 200],
    ['write (create)', 'create', 500],
    ['write (patch)', 'patch', 500],
    ['request with a new token', 'unseen', 50],
    ['/health', 'health', 100],
  ]
  return promises.flatMap(([name, operation, limit]) => {
    const measured = find(results, { operation })?.p95
    if (measured === undefined) return []
    const what = `postgres, 100 concurrent users: ${name}, p95`
    return [{ what, measured, limit, kind: 'most', unit: 'ms' } as const]
  })
}
