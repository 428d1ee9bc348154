import { taskport } from './contestants.ts'
import { cells, measure, type Result } from './measure.ts'
import type { Part } from './report.ts'
import { ACTIVE_USERS, TASKS_PER_USER } from './settings.ts'
import type { Stores } from './stores.ts'

/** Compares different numbers of worker processes. */
export async function workers(stores: Stores): Promise<Part> {
  const dataset = await stores.fill({ users: ACTIVE_USERS, tasksPerUser: TASKS_PER_USER })
  const results: Result[] = []
  for (const store of ['postgres', 'sqlite'] as const) {
    const entrants = [1, 2, 4].map((count) => ({
      contestant: {
        ...taskport(store),
        name: `taskport, WORKERS=${count}`,
        variables: { WORKERS: `${count}` },
        against: 'taskport, WORKERS=1',
      },
      dataset,
      cells: cells(['get', 'list', 'patch', 'mix', 'create'], [64]),
    }))
    results.push(...(await measure(entrants, { postgres: stores.postgres, use: 'write' })))
  }
  return { name: 'workers', title: 'Workers', results, targets: [] }
}
