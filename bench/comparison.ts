import {
  type Contestant,
  contestants,
  isInstalled,
  POCKETBASE,
  type StoreKind,
} from './contestants.ts'
import { type Cell, cells, type Entrant, measure, type Result } from './measure.ts'
import type { Operation } from './operations.ts'
import type { Part } from './report.ts'
import { ACTIVE_USERS, ROUNDS, SECONDS } from './settings.ts'
import type { Stores } from './stores.ts'
import { comparisonTargets } from './targets.ts'

/** Restricts a comparison. Absent members restrict nothing. */
export interface Filter {
  readonly stores?: readonly string[] | undefined
  /** Parts of names. The baselines are always included. */
  readonly servers?: readonly string[] | undefined
  readonly operations?: readonly string[] | undefined
  /** Tasks per user. */
  readonly sizes?: readonly string[] | undefined
  readonly connections?: readonly string[] | undefined
}

const SMALLEST = 20
const LARGEST = 10_000

/** The users of each size, by the number of their tasks. */
const USERS: ReadonlyMap<number, number> = new Map([
  [SMALLEST, ACTIVE_USERS],
  [1000, 100],
  [LARGEST, 20],
])

// Reads come first, because writes change what they find.
const READS: readonly Operation[] = ['get', 'list', 'all', 'filter', 'search', 'feed']
const WRITES: readonly Operation[] = ['patch', 'move', 'batch', 'mix', 'create']
const BASIC: readonly Operation[] = ['get', 'list', 'patch', 'mix', 'create']

/**
 * What is measured of a contestant with users of a size. Everything would take hours, so:
 *
 * - Every operation and size is measured with 64 connections.
 * - 16 and 256 connections: the basic operations without the mix, for users with 20 tasks, of the
 *   floor and taskport (the scope `full`).
 * - Other ways to the database, the memory store and taskport without logs: the basic operations, for
 *   users with 20 tasks, with 64 connections.
 */
function cellsOf({ name, scope }: Contestant, size: number): Cell[] {
  if (scope === 'basic') return size === SMALLEST ? cells(BASIC, [64]) : []
  const withWholeList = [...READS, ...WRITES]
  if (size === LARGEST) {
    // A whole list has three megabytes. PocketBase returns at most 1,000 records.
    const others = withWholeList.filter((operation) => operation !== 'all')
    return [...(name === POCKETBASE ? [] : cells(['all'], [8])), ...cells(others, [64])]
  }
  const every = cells(withWholeList, [64])
  if (scope === 'sizes' || size !== SMALLEST) return every
  const basic = BASIC.filter((operation) => operation !== 'mix')
  return [...every, ...cells(basic, [16, 256])]
}

/** What is measured at a time: contestants with the same store, and users of one size. */
interface Stage {
  readonly store: StoreKind
  readonly size: number
  readonly entrants: readonly Omit<Entrant, 'dataset'>[]
}

export interface Comparison {
  /** In words. */
  readonly estimate: string
  run(stores: Stores): Promise<Part>
}

/** Prepares the measurement of all contestants with all operations. */
export async function comparison(filter: Filter): Promise<Comparison> {
  const stages = stagesOf(await contestants(), filter)
  async function run(stores: Stores): Promise<Part> {
    if (stages.length === 0) throw new Error('The options leave nothing to measure.')
    const results: Result[] = []
    for (const [size, ofSize] of Map.groupBy(stages, (stage) => stage.size)) {
      const dataset = await stores.fill({ users: USERS.get(size) ?? 1, tasksPerUser: size })
      for (const { entrants } of ofSize) {
        const ready = entrants.map((entrant) => ({ ...entrant, dataset }))
        results.push(...(await measure(ready, { postgres: stores.postgres, use: 'write' })))
      }
    }
    const targets = comparisonTargets(results)
    return { name: 'comparison', title: 'Taskport and others', results, targets }
  }
  const missing = (['pocketbase', 'pgbouncer'] as const).filter((name) => !isInstalled(name))
  const without = missing.length > 0 ? `, without ${missing.join(' and ')} (not installed)` : ''
  return { estimate: `${estimateOf(stages)}${without}`, run }
}

function stagesOf(all: readonly Contestant[], filter: Filter): Stage[] {
  const { stores, servers, operations, sizes, connections } = filter
  const isChosen = ({ name, store }: Contestant) =>
    (stores?.includes(store) ?? true) && (servers?.some((part) => name.includes(part)) ?? true)
  const chosen = all.filter(
    (one) =>
      isChosen(one) ||
      all.some(
        (other) => isChosen(other) && other.store === one.store && other.against === one.name,
      ),
  )
  return [...USERS.keys()]
    .filter((size) => sizes?.includes(`${size}`) ?? true)
    .flatMap((size) =>
      (['postgres', 'sqlite', 'memory'] as const).map((store) => {
        const entrants = chosen
          .filter((contestant) => contestant.store === store)
          .map((contestant) => {
            const wanted = cellsOf(contestant, size).filter(
              (cell) =>
                (operations?.includes(cell.operation) ?? true) &&
                (connections?.includes(`${cell.connections}`) ?? true),
            )
            return { contestant, cells: wanted }
          })
        return { store, size, entrants: entrants.filter((entrant) => entrant.cells.length > 0) }
      }),
    )
    .filter(({ entrants }) => entrants.length > 0)
}

// Measured on two processors: a measurement beyond its seconds; a start with copying the data, verifying
// and warming up; and the tasks that are imported in a second.
const SECONDS_AROUND = 0.15
const SECONDS_TO_START = 3
const IMPORTED_PER_SECOND = 10_000

function estimateOf(stages: readonly Stage[]): string {
  const entrants = stages.flatMap((stage) => stage.entrants)
  const measurements = entrants.reduce((sum, entrant) => sum + entrant.cells.length, 0)
  const tasks = stages.reduce((sum, { size }) => sum + size * (USERS.get(size) ?? 0), 0)
  const seconds =
    ROUNDS * (measurements * (SECONDS + SECONDS_AROUND) + entrants.length * SECONDS_TO_START) +
    tasks / IMPORTED_PER_SECOND
  const minutes = Math.max(1, Math.round(seconds / 60))
  return `${measurements} measurements of ${SECONDS} s in each of ${ROUNDS} rounds: about ${minutes} min`
}
