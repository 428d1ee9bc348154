import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { SQL } from 'bun'
import { createDatabase } from '../support/postgres.ts'
import { temporaryDirectory } from '../support/process.ts'
import { createRandom } from './random.ts'
import { openService } from './service.ts'
import { SEED, simulate } from './world.ts'

const TIME_LIMIT_MS = 120_000

test(
  'loses no change, duplicates nothing and misses no deletion in memory',
  async () => {
    for (let run = 0; run < 10; run++) {
      const seed = SEED + run
      const world = await openService({}, createRandom(seed), async () => {})
      const tasks = await simulate(world, { users: 3, devices: 3, turns: 150 }, seed)
      await world.close()
      expect(tasks).toBeGreaterThan(20)
    }
  },
  TIME_LIMIT_MS,
)

test(
  'loses no change, duplicates nothing and misses no deletion on SQLite that others lock',
  async () => {
    for (let run = 0; run < 3; run++) {
      const seed = SEED + run
      await using directory = await temporaryDirectory()
      const path = join(directory.path, 'tasks.db')
      const world = await openService({ DATABASE_URL: `sqlite:${path}` }, createRandom(seed), () =>
        lockFor(path),
      )
      const tasks = await simulate(world, { users: 3, devices: 3, turns: 150 }, seed)
      await world.close()
      expect(tasks).toBeGreaterThan(20)
    }
  },
  TIME_LIMIT_MS,
)

test(
  'loses no change, duplicates nothing and misses no deletion when PostgreSQL ends sessions',
  async () => {
    for (let run = 0; run < 3; run++) {
      const seed = SEED + run
      const database = await createDatabase()
      const administrator = new SQL(database.url, { max: 1 })
      const killSessions = async () => {
        await administrator`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`
      }
      const world = await openService(
        { DATABASE_URL: database.url },
        createRandom(seed),
        killSessions,
      )
      const tasks = await simulate(world, { users: 3, devices: 3, turns: 150 }, seed)
      await world.close()
      await administrator.close()
      await database.drop()
      expect(tasks).toBeGreaterThan(20)
    }
  },
  TIME_LIMIT_MS,
)

/** Holds the write lock for a while, as another process would. */
async function lockFor(path: string): Promise<void> {
  using database = new Database(path)
  database.run('begin immediate')
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  database.run('rollback')
}
