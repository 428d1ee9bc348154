import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { afterTestRun } from './after-test-run.ts'
import type { Certificate } from './certificate.ts'
import { type PostgresServer, startServer } from './postgres-server.ts'

/** A database of its own for one test. */
export interface TestDatabase {
  readonly url: string
  /** Removes the database and ends the sessions that still use it. */
  drop(): Promise<void>
}

export interface PostgresCluster extends Omit<PostgresServer, 'url'> {
  createDatabase(): Promise<TestDatabase>
}

let sharedUrl: Promise<string> | undefined

/**
 * Creates an empty database on the server that all test files share: the server of
 * `TEST_DATABASE_URL`, whose role must be allowed to create databases, or a server that the first
 * call starts and that stops after the test run.
 */
export async function createDatabase(): Promise<TestDatabase> {
  sharedUrl ??= startShared()
  return createDatabaseAt(await sharedUrl)
}

async function startShared(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL']
  if (given) return given
  const server = await startServer({ durable: false })
  afterTestRun(server.remove)
  return server.url
}

/** Starts a separate server, which a test may stop, kill and restart. */
export async function startCluster(
  options: {
    readonly certificate?: Certificate
    readonly durable?: boolean
    readonly programs?: string
  } = {},
): Promise<PostgresCluster> {
  const { url, ...server } = await startServer({ durable: true, ...options })
  return { ...server, createDatabase: () => createDatabaseAt(url) }
}

async function createDatabaseAt(serverUrl: string): Promise<TestDatabase> {
  const name = `taskport_${randomUUID().replaceAll('-', '')}`
  await administer(serverUrl, `create database ${name} template template0 encoding 'UTF8'`)
  const url = new URL(serverUrl)
  url.pathname = name
  return {
    url: url.href,
    drop: () => administer(serverUrl, `drop database if exists ${name} with (force)`),
  }
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const sql = postgres(serverUrl, { max: 1, fetch_types: false })
  try {
    await sql.unsafe(statement)
  } catch (error) {
    const { host } = new URL(serverUrl)
    throw new Error(`PostgreSQL at ${host} refused to ${statement.split(' ', 2).join(' ')}`, {
      cause: error,
    })
  } finally {
    await sql.end()
  }
}
