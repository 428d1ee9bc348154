import { taskport } from './contestants.ts'
import { measure } from './measure.ts'
import type { Part } from './report.ts'
import { ACTIVE_USERS, TASKS_PER_USER } from './settings.ts'
import type { Stores } from './stores.ts'

/** Compares different numbers of worker processes. */
export async function workers(stores: Stores): Promise<Part> {
  const contestants = (['postgres', 'sqlite'] as const).flatMap((store) =>
    [1, 2, 4].map((count) => ({
      ...taskport(store),
      name: `taskport, WORKERS=${count}`,
      variables: { WORKERS: `${count}` },
      against: 'taskport, WORKERS=1',
    })),
  )
  const results = await measure({
    contestants,
    datasets: [await stores.fill({ users: ACTIVE_USERS, tasksPerUser: TASKS_PER_USER })],
    operations: ['get', 'list', 'patch', 'mix', 'create'],
    connections: [64],
    postgres: stores.postgres,
    use: 'write',
  })
  return { name: 'workers', title: 'Workers', results, targets: [] }
}
