import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { SECRET } from '../support/config.ts'
import { freePort } from '../support/port.ts'
import { createDatabase } from '../support/postgres.ts'
import { startService, temporaryDirectory } from '../support/process.ts'
import { ConnectionLost } from './network.ts'
import { answerOf, requestOf } from './service.ts'
import { SEED, simulate, type World } from './world.ts'

const SCALE = { users: 2, devices: 3, turns: 120 }

/** Starts a service in its own process, which `harm` kills with SIGKILL and restarts. */
async function openKillable(databaseUrl: string, directory: string) {
  const port = await freePort()
  const environment = {
    DATABASE_URL: databaseUrl,
    BETTER_AUTH_SECRET: SECRET,
    RATE_LIMIT_PER_MINUTE: '0',
    LOG_LEVEL: 'info',
    PORT: `${port}`,
  }
  const start = () => startService({ directory, environment })
  let service = await start()
  let kills = 0
  const world: World = {
    async send(call) {
      try {
        return await answerOf(await fetch(requestOf(`http://127.0.0.1:${port}`, call)))
      } catch (error) {
        throw new ConnectionLost('The service was killed', { cause: error })
      }
    },
    purge: null,
    async harm() {
      await service.stop('SIGKILL')
      service = await start()
      kills += 1
    },
    spare: async () => {},
  }
  return { world, kills: () => kills, close: () => service.stop('SIGTERM') }
}

test('loses no acknowledged change when a service on SQLite is killed', async () => {
  await using directory = await temporaryDirectory()
  const killable = await openKillable(`sqlite:${join(directory.path, 'tasks.db')}`, directory.path)
  expect(await simulate(killable.world, SCALE, SEED)).toBeGreaterThan(10)
  expect(killable.kills()).toBeGreaterThan(2)
  expect(await killable.close()).toBe(0)
}, 120_000)

test('loses no acknowledged change when a service on PostgreSQL is killed', async () => {
  await using directory = await temporaryDirectory()
  const database = await createDatabase()
  const killable = await openKillable(database.url, directory.path)
  expect(await simulate(killable.world, SCALE, SEED)).toBeGreaterThan(10)
  expect(killable.kills()).toBeGreaterThan(2)
  expect(await killable.close()).toBe(0)
  await database.drop()
}, 120_000)
