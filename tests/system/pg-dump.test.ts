import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { createClientMemory, type Known } from '../e2e/client-memory.ts'
import { createCommandLine } from '../e2e/command-line.ts'
import { run } from '../support/background-process.ts'
import { postgresPrograms } from '../support/debian-postgres.ts'
import { type PostgresCluster, startCluster } from '../support/postgres.ts'
import { directoryPerTest, stopCleanly } from '../support/process.ts'

// Starts several processes, possibly on a busy machine.
setDefaultTimeout(60_000)

// `pg_dump` refuses a server that is newer than itself, so the server is Debian's, too.
const [programs = ''] = postgresPrograms()

const directory = directoryPerTest()
const commandLine = createCommandLine(directory)
const { create, send, start, taskport, texts } = commandLine
const { expectForgotten, loseWrites } = createClientMemory(commandLine)

let cluster: PostgresCluster

beforeAll(async () => {
  cluster = await startCluster({ programs })
})

afterAll(() => cluster.remove())

/** Runs the command with `tool` that `taskport` prints instead of backing up or restoring PostgreSQL. */
async function runPrinted(tool: string, args: readonly string[], url: string): Promise<void> {
  const { stderr } = await taskport(args, url)
  const command = stderr.split('\n').find((line) => line.startsWith(`  ${tool} `))
  const { password } = new URL(url)
  await run('sh', [
    '-c',
    `cd ${directory.path} && PATH=${programs}:$PATH PGPASSWORD=${password} ${command}`,
  ])
}

test.each([
  ['the same database', false],
  ['a new database', true],
])(
  'answers no cursor and no entity tag from before, after pg_dump and pg_restore into %s',
  async (_, isNew) => {
    const database = await cluster.createDatabase()
    const target = isNew ? await cluster.createDatabase() : database
    let known: Known[]
    let id: string
    let listId: string
    {
      await using service = await start(database.url)
      id = await create(service, 'kept')
      listId = await create(service, 'home', '/lists')
      await create(service, 'deleted later')
      await runPrinted('pg_dump', ['backup', 'tasks.dump'], database.url)
      known = await loseWrites(service, id, listId)
      await stopCleanly(service)
    }
    await runPrinted('pg_restore', ['restore', 'tasks.dump', '--yes'], target.url)
    expect(await taskport(['migrate'], target.url)).toMatchObject({ exitCode: 0 })
    expect(await taskport(['feeds', 'renew'], target.url)).toMatchObject({
      exitCode: 0,
      stdout: 'renewed the feeds of 1 users\n',
    })
    {
      await using service = await start(target.url)
      await create(service, 'new')
      const body = { text: 'kept, otherwise' }
      expect((await send(service, `/tasks/${id}`, { method: 'PATCH', body })).status).toBe(200)
      const renamed = await send(service, `/lists/${listId}`, {
        method: 'PATCH',
        body: { name: 'otherwise' },
      })
      expect(renamed.status).toBe(200)
      for (const one of known) await expectForgotten(service, one)
      expect(await texts(service)).toStrictEqual(['kept, otherwise', 'deleted later', 'new'])
      await stopCleanly(service)
    }
    await target.drop()
    if (isNew) await database.drop()
  },
)
