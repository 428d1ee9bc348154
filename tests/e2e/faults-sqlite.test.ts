import { Database } from 'bun:sqlite'
import { beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { copyFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { damagePage } from '../sqlite/damage.ts'
import { adminOf, until } from '../support/admin.ts'
import {
  expectHealth,
  expectHealthAgain,
  expectOneOutage,
  expectRecovery,
  expectUnavailable,
  type Operation,
  outageEnvironment,
  READS,
  sendAs,
  WRITES,
} from '../support/outage.ts'
import { directoryPerTest, type ServiceProcess, startService } from '../support/process.ts'

setDefaultTimeout(60_000)

const directory = directoryPerTest()

function start(): Promise<ServiceProcess> {
  const environment = outageEnvironment(`sqlite:${join(directory.path, 'tasks.db')}`)
  return startService({ directory: directory.path, environment })
}

test('fails only requests that need a damaged page', async () => {
  const path = join(directory.path, 'tasks.db')
  const text = 'of the victim '.repeat(8)
  const users = Array.from({ length: 40 }, (_, n) => `another ${n}`)
  const create = (user: string, content: string, service: ServiceProcess) =>
    sendAs(user, service, ['POST', '/tasks', JSON.stringify({ text: content })])
  {
    await using service = await start()
    for (let n = 0; n < 60; n++) await create('victim', text, service)
    // A page is changed together with those beside it: no user of this test may be there.
    for (let n = 0; n < 60; n++) await create('between', text.toUpperCase(), service)
    await Promise.all(users.map((user) => create(user, user, service)))
    expect(await service.stop('SIGTERM')).toBe(0)
  }
  await damagePage(path, text, users)
  await using service = await start()
  const list = () => sendAs('victim', service, ['GET', '/tasks'])
  const clear = () => sendAs('victim', service, ['POST', '/tasks/clear-completed'])
  const [answers, ...failures] = await Promise.all([
    Promise.all(users.map((user) => create(user, 'new', service))),
    list(),
    clear(),
  ])
  expect(answers.map(({ status }) => status)).toStrictEqual(users.map(() => 201))
  expect(failures.map(({ status }) => status)).toStrictEqual([503, 503])
  await expectHealth(service, 200)
  await list()
  expect(await service.stop('SIGTERM')).toBe(0)
  const lines = service.output().match(/^.*"level":"(warn|error)".*$/gm) ?? []
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain(
    `The SQLite file ${path} cannot be used: database disk image is malformed`,
  )
  expect(lines[0]).toContain('A part of the store is damaged')
})

/** The texts of the tasks that a file holds by itself, without the log beside its former place. */
function textsIn(path: string): unknown[] {
  using database = new Database(path)
  expect(database.query('pragma integrity_check').values()).toStrictEqual([['ok']])
  return database.query('select text from tasks order by id').values().flat()
}

describe('when a file of the database disappears while the service runs', () => {
  const CREATE: Operation = ['POST', '/tasks', '{"text":"before"}']
  const OPERATIONS: readonly Operation[] = [...READS, ...WRITES]
  let path: string
  let elsewhere: string

  beforeEach(() => {
    path = join(directory.path, 'tasks.db')
    elsewhere = join(directory.path, 'elsewhere.db')
  })

  /** Expects the service to have noticed, and to have logged once what happened. */
  async function expectNoticed(service: ServiceProcess, event: string): Promise<void> {
    await until(async () => (await sendAs('ann', service, ['GET', '/tasks'])).status === 503)
    await service.waitForOutput(/The store does not respond.*\n/)
    await expectUnavailable(service, OPERATIONS)
    await expectHealth(service, 503)
    expect(await adminOf(service).reasons()).toStrictEqual(['the store does not respond'])
    const [line = '', ...more] = service.output().match(/^.*The store does not respond.*$/gm) ?? []
    expect(more).toBeEmpty()
    expect(line).toContain(event)
  }

  async function expectTasks(service: ServiceProcess, count: number): Promise<void> {
    const list = await sendAs('ann', service, ['GET', '/tasks'])
    expect(await list.json()).toMatchObject({ count })
  }

  test('goes on when a file that was moved is put back', async () => {
    await using service = await start()
    await sendAs('ann', service, CREATE)
    await rename(path, elsewhere)
    await expectNoticed(service, `${path} was removed or moved while the service was running`)
    await rename(elsewhere, path)
    await expectRecovery(service)
    await expectHealthAgain(service)
    await expectOneOutage(service)
    await using again = await start()
    await expectTasks(again, 2)
  })

  test('leaves all acknowledged writes in a file that was moved without its log', async () => {
    await using service = await start()
    await sendAs('ann', service, CREATE)
    await rename(path, elsewhere)
    await expectNoticed(service, `${path} was removed or moved`)
    await expectOneOutage(service)
    expect(textsIn(elsewhere)).toStrictEqual(['before'])
  })

  test('acknowledges no write after the file was removed', async () => {
    await using service = await start()
    await sendAs('ann', service, CREATE)
    await rm(path)
    expect((await sendAs('ann', service, CREATE)).status).toBe(503)
    await expectNoticed(service, `${path} was removed or moved`)
    await expectOneOutage(service)
  })

  test('uses a file that took its place only after a restart', async () => {
    await using service = await start()
    await sendAs('ann', service, CREATE)
    {
      using database = new Database(path)
      database.run('vacuum into ?', [elsewhere])
    }
    await sendAs('ann', service, ['POST', '/tasks', '{"text":"after the copy"}'])
    await rename(elsewhere, path)
    await expectNoticed(service, `${path} was replaced by another file`)
    await expectOneOutage(service)
    expect(textsIn(path)).toStrictEqual(['before'])
    await using again = await start()
    await expectTasks(again, 1)
  })

  test('keeps all acknowledged writes when the log was removed', async () => {
    await using service = await start()
    await sendAs('ann', service, CREATE)
    await rm(`${path}-wal`)
    await expectNoticed(service, `${path}-wal was removed or moved`)
    await service.stop('SIGKILL')
    await using again = await start()
    await expectTasks(again, 1)
  })

  test('notices in health checks when no requests arrive', async () => {
    await using service = await start()
    await sendAs('ann', service, CREATE)
    await rename(path, elsewhere)
    await copyFile(elsewhere, path)
    await until(async () => (await service.send('/health')).status === 503)
    await service.waitForOutput(/was replaced by another file.*The store does not respond/)
  })
})
