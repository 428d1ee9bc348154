import { compose } from '../../../app/compose.ts'
import { PRODUCTION, testConfig } from '../../support/config.ts'
import { createDatabase } from '../../support/postgres.ts'
import { startService, temporaryDirectory } from '../../support/process.ts'

/** A service that takes requests, in this process or in one of its own. */
export interface Service {
  send(path: string, init?: RequestInit): Promise<Response>
  /** Stops the service. Rejects if it reported an unexpected error. */
  close(): Promise<void>
}

/** A service for the suites of this folder. */
export interface ServiceUnderTest {
  readonly name: string
  /** Each process remembers valid tokens for some seconds, also after another one has deleted them. */
  readonly hasSeveralProcesses?: boolean
  open(): Promise<Service>
}

/** A store of its own for one service: its URL, and how to remove it. */
interface Store {
  readonly url: string
  remove(): Promise<void>
}

/** Runs the service in this process, with everything but a port. */
async function openInProcess({ url, remove }: Store): Promise<Service> {
  const errors: unknown[] = []
  const app = await compose(testConfig({ DATABASE_URL: url }), (event) => {
    if (event.type === 'unexpected_error') errors.push(event.error)
  })
  await app.migrate(() => {})
  return {
    send: async (path, init) => app.http.handle(new Request(`http://localhost${path}`, init)),
    async close() {
      await app.close()
      await remove()
      if (errors.length > 0) throw new AggregateError(errors, 'The service reported errors')
    },
  }
}

/** Runs the service as in production: in a process of its own, with requests over sockets. */
async function openProcess({ url, remove }: Store): Promise<Service> {
  const directory = await temporaryDirectory()
  const process = await startService({
    directory: directory.path,
    environment: { ...PRODUCTION, DATABASE_URL: url },
  })
  return {
    send: process.send,
    async close() {
      const exitCode = await process.stop('SIGTERM')
      await directory[Symbol.asyncDispose]()
      await remove()
      if (exitCode !== 0 || /"level":"(warn|error|fatal)"/.test(process.output()))
        throw new Error(`The service failed (exit code ${exitCode}):\n${process.output()}`)
    },
  }
}

const memory: Store = { url: 'memory:', remove: async () => {} }

async function createSqlite(): Promise<Store> {
  const directory = await temporaryDirectory()
  const remove = async () => directory[Symbol.asyncDispose]()
  return { url: `sqlite:${directory.path}/tasks.db`, remove }
}

async function createPostgres(): Promise<Store> {
  const { url, drop } = await createDatabase()
  return { url, remove: drop }
}

export const onMemory: ServiceUnderTest = {
  name: 'memory',
  open: () => openInProcess(memory),
}

export const onSqlite: ServiceUnderTest = {
  name: 'SQLite',
  open: async () => openInProcess(await createSqlite()),
}

export const onPostgres: ServiceUnderTest = {
  name: 'PostgreSQL',
  open: async () => openInProcess(await createPostgres()),
}

export const processOnMemory: ServiceUnderTest = {
  name: 'a process with memory',
  open: () => openProcess(memory),
}

export const processOnSqlite: ServiceUnderTest = {
  name: 'a process with SQLite',
  open: async () => openProcess(await createSqlite()),
}

export const processOnPostgres: ServiceUnderTest = {
  name: 'a process with PostgreSQL',
  open: async () => openProcess(await createPostgres()),
}
