import { contestants } from './contestants.ts'
import type { Operation } from './load.ts'
import { measure } from './measure.ts'
import type { Part } from './report.ts'
import { ACTIVE_USERS, TASKS_PER_USER } from './settings.ts'
import type { Stores } from './stores.ts'
import { comparisonTargets } from './targets.ts'

/** Restricts a comparison, for a quick look. */
export interface Filter {
  readonly stores?: readonly string[] | undefined
  /** Parts of names. The baseline is always included. */
  readonly servers?: readonly string[] | undefined
  readonly operations?: readonly string[] | undefined
}

const OPERATIONS: readonly Operation[] = ['get', 'list', 'patch', 'mix', 'create']

/** Measures all contestants with all operations. */
export async function comparison(stores: Stores, filter: Filter): Promise<Part> {
  const chosen = (await contestants()).filter(
    ({ name, store, against }) =>
      (filter.stores?.includes(store) ?? true) &&
      (name === against || (filter.servers?.some((server) => name.includes(server)) ?? true)),
  )
  const results = await measure({
    contestants: chosen,
    datasets: [await stores.fill({ users: ACTIVE_USERS, tasksPerUser: TASKS_PER_USER })],
    operations: OPERATIONS.filter((operation) => filter.operations?.includes(operation) ?? true),
    connections: [64, 256],
    postgres: stores.postgres,
    use: 'write',
  })
  const targets = comparisonTargets(results)
  return { name: 'comparison', title: 'Taskport and others', results, targets }
}
