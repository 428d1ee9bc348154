import { Database } from 'bun:sqlite'
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SQL } from 'bun'
import { startServer } from '../tests/support/postgres-server.ts'
import { inventUsers, type Size, type User, writeTasks, writeUsers } from './data.ts'
import { parentOf } from './usage.ts'

export type StoreKind = 'postgres' | 'sqlite' | 'memory' | 'address'

/** The same tasks in each database, and their users. */
export interface Dataset {
  readonly tasks: number
  /** The users that send requests. */
  readonly users: readonly User[]
  /** The users' file for load.lua. */
  readonly file: string
  /**
   * Opens a copy of the dataset, or for reading the dataset itself. Other stores start empty.
   *
   * @param isPlain the same tasks in a table without the columns and indexes that only taskport needs.
   */
  open(store: StoreKind, use: 'write' | 'read', isPlain: boolean): Promise<Opened>
}

interface Opened {
  readonly url: string
  remove(): Promise<void>
}

export interface Stores {
  /** The id of PostgreSQL's main process. */
  readonly postgres: number
  readonly postgresVersion: string
  fill(size: Size): Promise<Dataset>
  close(): Promise<void>
}

/** @param taskport the command that imports the tasks. */
export async function openStores(directory: string, taskport: readonly string[]): Promise<Stores> {
  const server = await startServer({ durable: true, settings: ['shared_buffers=128MB'] })
  const sql = new SQL(server.url, { max: 1 })
  // The tests' server has unusual defaults on purpose. Restores those of PostgreSQL.
  await sql.unsafe(`alter role all set datestyle = 'ISO, MDY'`)
  await sql.unsafe(`alter role all set timezone = 'UTC'`)
  const [about] = await sql<
    { pid: number; version: string }[]
  >`select pg_backend_pid() as pid, current_setting('server_version') as version`
  if (!about) throw new Error('PostgreSQL returned no row')
  let names = 0

  function urlOf(database: string): string {
    return new URL(database, server.url).href
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

  async function settle(database: string): Promise<void> {
    const inside = new SQL(urlOf(database), { max: 1 })
    await inside.unsafe('vacuum analyze')
    await inside.close()
  }

  /** A database with the same tasks in a plain table. */
  async function copyPlain(database: string): Promise<void> {
    await sql.unsafe(`create database ${plainName(database)} template ${database}`)
    const inside = new SQL(urlOf(plainName(database)), { max: 1 })
    await inside.unsafe(PLAIN)
    await inside.close()
    await settle(plainName(database))
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
      const usersFile = join(directory, `${name}.users`)
      const sqlite = join(directory, `${name}.db`)
      await writeTasks(tasksFile, users)
      await writeUsers(usersFile, active)
      await sql.unsafe(`create database ${name}`)
      await importInto(urlOf(name), tasksFile)
      await settle(name)
      await copyPlain(name)
      await importInto(`sqlite:${sqlite}`, tasksFile)
      await copyFile(sqlite, plainName(sqlite))
      makePlain(plainName(sqlite))
      await rm(tasksFile)

      async function open(
        store: StoreKind,
        use: 'write' | 'read',
        isPlain: boolean,
      ): Promise<Opened> {
        if (store !== 'postgres' && store !== 'sqlite')
          return { url: 'memory:', remove: async () => {} }
        // Otherwise a contestant would pay for earlier writes.
        if (store === 'postgres') await sql.unsafe('checkpoint')
        const database = isPlain ? plainName(name) : name
        const source = isPlain ? plainName(sqlite) : sqlite
        if (use === 'read')
          return {
            url: store === 'postgres' ? urlOf(database) : `sqlite:${source}`,
            remove: async () => {},
          }
        const copy = `bench_${++names}`
        if (store === 'postgres') {
          await sql.unsafe(`create database ${copy} template ${database} strategy file_copy`)
          const remove = async () => void (await sql.unsafe(`drop database ${copy} with (force)`))
          return { url: urlOf(copy), remove }
        }
        const path = join(directory, `${copy}.db`)
        await copyFile(source, path)
        return { url: `sqlite:${path}`, remove: () => removeSqlite(path) }
      }

      return { tasks: size.users * size.tasksPerUser, users: active, file: usersFile, open }
    },
    async close() {
      await sql.close()
      await server.remove()
    },
  }
}

function plainName(name: string): string {
  return `${name}_plain`
}

// What someone would create who writes such a service by hand.
const PLAIN = `
  create table plain (
    user_id varchar(255) not null,
    id uuid not null,
    text varchar(500) not null,
    completed boolean not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    completed_at timestamptz,
    primary key (user_id, id)
  );
  insert into plain
    select user_id, id, text, completed, created_at, updated_at, completed_at from tasks;
  drop table tasks;
  alter table plain rename to tasks;
  create index tasks_created on tasks (user_id, created_at, id)`

const PLAIN_SQLITE = `
  create table plain (
    user_id text not null,
    id text not null,
    text text not null,
    completed integer not null,
    created_at text not null,
    updated_at text not null,
    completed_at text,
    primary key (user_id, id)
  ) strict, without rowid;
  insert into plain
    select user_id, id, text, completed, created_at, updated_at, completed_at from tasks;
  drop table tasks;
  alter table plain rename to tasks;
  create index tasks_created on tasks (user_id, created_at, id);
  vacuum;
  pragma wal_checkpoint(truncate)`

function makePlain(path: string): void {
  using database = new Database(path)
  database.run(PLAIN_SQLITE)
}

async function removeSqlite(path: string): Promise<void> {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) await rm(file, { force: true })
}
