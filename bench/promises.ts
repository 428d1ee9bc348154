import { join } from 'node:path'
import { taskport } from './contestants.ts'
import { signToken, writeUsers } from './data.ts'
import { measure } from './measure.ts'
import type { Part } from './report.ts'
import { ACTIVE_USERS, TASKS_PER_USER } from './settings.ts'
import type { Stores } from './stores.ts'
import { promiseTargets } from './targets.ts'

const CONNECTIONS = 100

// More than the service caches, so that each token is evicted before it is used again.
const TOKENS = 50_000

/** Measures the response times that the Python service promised its users. */
export async function promises(stores: Stores, directory: string): Promise<Part> {
  const dataset = await stores.fill({ users: ACTIVE_USERS, tasksPerUser: TASKS_PER_USER })
  const common = {
    contestants: [taskport('postgres')],
    datasets: [dataset],
    connections: [CONNECTIONS],
    postgres: stores.postgres,
    use: 'write',
  } as const
  const results = await measure({
    ...common,
    operations: ['list', 'get', 'patch', 'create', 'health'],
  })
  const users = join(directory, 'tokens.users')
  const unseen = Array.from({ length: TOKENS / dataset.users.length }, (_, serial) =>
    dataset.users.map((user) => ({ ...user, token: signToken(user.name, serial) })),
  )
  await writeUsers(users, unseen.flat())
  results.push(...(await measure({ ...common, operations: ['unseen'], users })))
  const title = 'Promises of the Python service'
  return { name: 'promises', title, results, targets: promiseTargets(results) }
}
