import { taskport } from './contestants.ts'
import { signToken } from './data.ts'
import { cells, measure } from './measure.ts'
import type { Part } from './report.ts'
import { ACTIVE_USERS, TASKS_PER_USER } from './settings.ts'
import type { Stores } from './stores.ts'
import { promiseTargets } from './targets.ts'

const CONNECTIONS = 100

// More than the service caches, so that each token is evicted before it is used again.
const TOKENS = 50_000

/** Measures the response times that the Python service promised its users. */
export async function promises(stores: Stores): Promise<Part> {
  const dataset = await stores.fill({ users: ACTIVE_USERS, tasksPerUser: TASKS_PER_USER })
  const contestant = taskport('postgres')
  const options = { postgres: stores.postgres, use: 'write' } as const
  const known = cells(['list', 'get', 'patch', 'create', 'health'], [CONNECTIONS])
  const results = await measure([{ contestant, dataset, cells: known }], options)
  const users = Array.from({ length: TOKENS / dataset.users.length }, (_, serial) =>
    dataset.users.map((user) => ({ ...user, token: signToken(user.name, serial) })),
  ).flat()
  const unseen = [{ contestant, dataset, cells: cells(['unseen'], [CONNECTIONS]) }]
  results.push(...(await measure(unseen, { ...options, users })))
  const title = 'Promises of the Python service'
  return { name: 'promises', title, results, targets: promiseTargets(results) }
}
