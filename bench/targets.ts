import { OVER_DELAY, PEERS } from './contestants.ts'
import type { Result } from './measure.ts'
import type { Operation } from './operations.ts'

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
  wanted: Partial<
    Pick<Result, 'server' | 'store' | 'operation' | 'connections' | 'tasks' | 'tasksPerUser'>
  >,
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

const DATABASES = ['postgres', 'sqlite'] as const

// Minimum throughput at 64 connections relative to the floor, for users of any size.
const LEAST: Readonly<Record<(typeof DATABASES)[number], Partial<Record<Operation, number>>>> = {
  postgres: { get: 1.2, list: 1, create: 1.2, patch: 1.3, mix: 1 },
  sqlite: { get: 0.75, list: 1, create: 0.75, patch: 0.75, mix: 0.9 },
}
const LEAST_OVER_DELAY = 0.8
const LEAST_OF_CONSTANT = 0.4

// Maximum p99 at 256 connections, relative to the floor.
const MOST_P99 = { postgres: 1, sqlite: 1.3 }

/** Every target is relative to the floor in the same round. */
export function comparisonTargets(results: readonly Result[]): Target[] {
  return results.flatMap((result) => [
    ...throughputTarget(result),
    ...mixTargets(result, results),
    ...p99Target(result),
  ])
}

function throughputTarget(result: Result): Target[] {
  const { store, operation, ratio: measured, server } = result
  const limit = throughputLimit(result)
  if (limit === undefined || measured === null) return []
  const base = store === 'memory' ? 'constant JSON' : 'the floor'
  const how = server === 'taskport' ? '' : server.replace('taskport', '')
  const what = `${store}${how}: ${operation}, ${tasksOf(result)}, relative to ${base}`
  return [{ what, measured, limit, kind: 'least', unit: '×' }]
}

function throughputLimit({ store, server, operation, connections }: Result): number | undefined {
  if (connections !== 64) return undefined
  if (server === `taskport${OVER_DELAY}`) return LEAST_OVER_DELAY
  if (server !== 'taskport') return undefined
  if (store === 'memory') return operation === 'get' ? LEAST_OF_CONSTANT : undefined
  return LEAST[store][operation]
}

/** On PostgreSQL, the mix must be ahead of every peer. */
function mixTargets(result: Result, results: readonly Result[]): Target[] {
  const { store, server, operation, connections, tasksPerUser, ratio } = result
  if (server !== 'taskport' || store !== 'postgres' || operation !== 'mix' || ratio === null)
    return []
  return PEERS.flatMap((peer) => {
    const cell = { store, operation, connections, tasksPerUser }
    const theirs = find(results, { ...cell, server: peer })?.ratio ?? undefined
    const what = `${store}: ${operation}, ${tasksOf(result)}, relative to ${peer}`
    return compare({ what, limit: 1, kind: 'least' }, ratio, theirs)
  })
}

function p99Target(result: Result): Target[] {
  const { store, server, operation, connections, p99Ratio: measured } = result
  if (server !== 'taskport' || store === 'memory' || connections !== 256 || measured === null)
    return []
  const what = `${store}: ${operation}, ${tasksOf(result)}, p99 at 256 connections, relative to the floor`
  return [{ what, measured, limit: MOST_P99[store], kind: 'most', unit: '×' }]
}

function tasksOf({ tasksPerUser }: Result): string {
  return `users with ${tasksPerUser.toLocaleString('en')} tasks`
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
