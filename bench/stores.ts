import { copyFile, cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SQL } from 'bun'
import { startPgBouncer } from '../tests/support/pgbouncer.ts'
import { startServer } from '../tests/support/postgres-server.ts'
import { startProxy } from '../tests/support/proxy.ts'
import type { Contestant } from './contestants.ts'
import { inventUsers, type Size, type User, writeTasks } from './data.ts'
import { makePlain, PLAIN_POSTGRES } from './plain-tables.ts'
import { createPocketBase } from './pocketbase.ts'
import { parentOf } from './usage.ts'

/** The same tasks in each database, and their users. */
export interface Dataset {
  readonly tasks: number
  readonly tasksPerUser: number
  /** The users that send requests. */
  readonly users: readonly User[]
  /**
   * Opens a copy of the database that the contestant needs, or for reading the database itself. It is
   * filled when it is needed for the first time.
   */
  open(needed: Needed, use: 'write' | 'read'): Promise<Opened>
}

type Needed = Pick<Contestant, 'store' | 'data' | 'through'>

interface Opened {
  readonly url: string
  /** The users, with tokens that are valid there. */
  readonly users: readonly User[]
  remove(): Promise<void>
}

export interface Stores {
  /** The id of PostgreSQL's main process. */
  readonly postgres: number
  readonly postgresVersion: string
  fill(size: Size): Promise<Dataset>
  close(): Promise<void>
}

const DELAY_MILLISECONDS = 5

/** @param taskport the command that imports the tasks. */
export async function openStores(directory: string, taskport: readonly string[]): Promise<Stores> {
  const server = await startServer({ durable: true, settings: ['shared_buffers=512MB'] })
  const sql = new SQL(server.url, { max: 1 })
  // The tests' server has unusual defaults on purpose. Restores those of PostgreSQL.
  await sql.unsafe(`alter role all set datestyle = 'ISO, MDY'`)
  await sql.unsafe(`alter role all set timezone = 'UTC'`)
  const [about] = await sql<
    { pid: number; version: string }[]
  >`select pg_backend_pid() as pid, current_setting('server_version') as version`
  if (!about) throw new Error('PostgreSQL returned no row')
  let names = 0

  const pgBouncer = once(() => startPgBouncer(server.url, ['default_pool_size = 10']))
  const delay = once(() => startProxy(server.port, DELAY_MILLISECONDS))

  function urlOf(database: string): string {
    return new URL(database, server.url).href
  }

  async function urlThrough(through: Contestant['through'], database: string): Promise<string> {
    const url = new URL(urlOf(database))
    if (through === 'pgbouncer') return (await pgBouncer()).through(url.href)
    if (through === 'delay') url.port = `${(await delay()).port}`
    return url.href
  }

  async function importInto(url: string, file: string): Promise<void> {
    const child = Bun.spawn([...taskport, 'import'], {
      env: { PATH: `${process.env['PATH']}`, DATABASE_URL: url },
      stdin: Bun.file(file),
      stdout: 'ignore',
      stderr: 'pipe',
    })
    const problems = await child.stderr.text()
    if ((await child.exited) !== 0) throw new Error(`The import failed:\n${problems}`)
  }

  async function runIn(database: string, ...statements: string[]): Promise<void> {
    const inside = new SQL(urlOf(database), { max: 1 })
    for (const statement of statements) await inside.unsafe(statement)
    await inside.close()
  }

  return {
    postgres: await parentOf(about.pid),
    postgresVersion: about.version,
    async fill(size) {
      const name = `bench_${++names}`
      const users = inventUsers(size)
      const step = users.length / (size.active ?? users.length)
      const active = users.filter((_, n) => n % step < 1)
      const tasksFile = join(directory, `${name}.ndjson`)
      await writeTasks(tasksFile, users)

      const postgres = once(async () => {
        await sql.unsafe(`create database ${name}`)
        await importInto(urlOf(name), tasksFile)
        await runIn(name, 'vacuum analyze')
        return name
      })
      const plainPostgres = once(async () => {
        const plain = `${name}_plain`
        await sql.unsafe(`create database ${plain} template ${await postgres()}`)
        await runIn(plain, PLAIN_POSTGRES, 'vacuum analyze')
        return plain
      })
      const sqlite = once(async () => {
        const path = join(directory, `${name}.db`)
        await importInto(`sqlite:${path}`, tasksFile)
        return path
      })
      const plainSqlite = once(async () => {
        const path = join(directory, `${name}_plain.db`)
        await copyFile(await sqlite(), path)
        makePlain(path)
        return path
      })
      const pocketBase = once(async () => {
        const path = join(directory, `${name}_pocketbase`, 'pb_data')
        return { path, users: await createPocketBase(path, active) }
      })

      async function openPostgres({ data, through }: Needed, use: 'write' | 'read') {
        const source = await (data === 'plain' ? plainPostgres() : postgres())
        // Otherwise a contestant would pay for earlier writes.
        await sql.unsafe('checkpoint')
        if (use === 'read')
          return { url: await urlThrough(through, source), users: active, remove: async () => {} }
        const copy = `bench_${++names}`
        await sql.unsafe(`create database ${copy} template ${source} strategy file_copy`)
        return {
          url: await urlThrough(through, copy),
          users: active,
          remove: async () => void (await sql.unsafe(`drop database ${copy} with (force)`)),
        }
      }

      async function openSqlite({ data }: Needed, use: 'write' | 'read') {
        const source = await (data === 'plain' ? plainSqlite() : sqlite())
        if (use === 'read')
          return { url: `sqlite:${source}`, users: active, remove: async () => {} }
        const path = join(directory, `bench_${++names}.db`)
        await copyFile(source, path)
        return { url: `sqlite:${path}`, users: active, remove: () => removeSqlite(path) }
      }

      async function openPocketBase() {
        const { path, users } = await pocketBase()
        const copy = join(directory, `bench_${++names}`)
        const data = join(copy, 'pb_data')
        await cp(path, data, { recursive: true })
        const remove = () => rm(copy, { recursive: true })
        return { url: data, users, remove }
      }

      return {
        tasks: size.users * size.tasksPerUser,
        tasksPerUser: size.tasksPerUser,
        users: active,
        async open(needed, use) {
          if (needed.data === 'requests' || needed.data === 'none')
            return { url: 'memory:', users: active, remove: async () => {} }
          if (needed.data === 'pocketbase') return await openPocketBase()
          return await (needed.store === 'postgres' ? openPostgres : openSqlite)(needed, use)
        },
      }
    },
    async close() {
      await sql.close()
      if (pgBouncer.isUsed()) await (await pgBouncer()).stop()
      if (delay.isUsed()) await (await delay()).close()
      await server.remove()
    },
  }
}

/** Runs the function at the first call, and returns the same result from then on. */
function once<T>(create: () => Promise<T>): { (): Promise<T>; isUsed(): boolean } {
  let created: Promise<T> | undefined
  const get = () => {
    created ??= create()
    return created
  }
  return Object.assign(get, { isUsed: () => created !== undefined })
}

async function removeSqlite(path: string): Promise<void> {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) await rm(file, { force: true })
}
