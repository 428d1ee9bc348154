import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { createCertificate } from '../support/certificate.ts'
import { type PostgresCluster, startCluster, type TestDatabase } from '../support/postgres.ts'

setDefaultTimeout(60_000)

const certificate = createCertificate('localhost')
const stranger = createCertificate('localhost')

let clusters: PostgresCluster[]
let encrypting: TestDatabase
let plain: TestDatabase
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'taskport-'))
  await Bun.write(join(directory, 'server.pem'), certificate.certificate)
  await Bun.write(join(directory, 'stranger.pem'), stranger.certificate)
  const [first, second] = await Promise.all([startCluster({ certificate }), startCluster()])
  clusters = [first, second]
  encrypting = await first.createDatabase()
  plain = await second.createDatabase()
})

afterAll(async () => {
  await Promise.all(clusters.map(({ remove }) => remove()))
  await rm(directory, { recursive: true })
})

/** Connects, and returns whether the connection is encrypted or was refused. */
async function outcome(url: string, host: string, parameters: string) {
  const target = new URL(url)
  target.hostname = host
  target.search = parameters.replace('=@', `=${directory}/`)
  target.searchParams.set('application_name', 'under test')
  const store = openPostgres({
    url: target.href,
    directUrl: null,
    poolMax: 1,
    timeoutMs: 5000,
    prepare: 'auto',
    newEpoch,
  })
  const administrator = postgres(url, { max: 1, fetch_types: false })
  try {
    await store.ping()
    const [row] = await administrator<[{ ssl: boolean }]>`
      select ssl from pg_stat_ssl join pg_stat_activity using (pid)
      where application_name = 'under test'`
    return row.ssl ? 'encrypted' : 'plain'
  } catch (error) {
    expect(error).toMatchObject({ name: 'TaskportError', code: 'unavailable' })
    return 'refused'
  } finally {
    await store.close()
    await administrator.end()
  }
}

describe('when the server has a self-signed certificate', () => {
  test.each([
    ['localhost', '', 'encrypted'],
    ['localhost', 'sslmode=disable', 'plain'],
    ['localhost', 'sslmode=prefer', 'encrypted'],
    ['localhost', 'sslmode=require', 'encrypted'],
    ['localhost', 'ssl=require', 'encrypted'],
    ['localhost', 'sslmode=require&sslrootcert=@server.pem', 'encrypted'],
    ['localhost', 'sslmode=require&sslrootcert=@stranger.pem', 'refused'],
    ['localhost', 'sslmode=verify-ca', 'refused'],
    ['localhost', 'sslmode=verify-full', 'refused'],
    ['localhost', 'sslmode=verify-ca&sslrootcert=@stranger.pem', 'refused'],
    ['localhost', 'sslmode=verify-full&sslrootcert=@server.pem', 'encrypted'],
    ['127.0.0.1', 'sslmode=verify-full&sslrootcert=@server.pem', 'refused'],
    ['127.0.0.1', 'sslmode=verify-ca&sslrootcert=@server.pem', 'encrypted'],
    [
      'localhost',
      'host=127.0.0.1,localhost&sslmode=verify-full&sslrootcert=@server.pem',
      'encrypted',
    ],
    [
      'localhost',
      'host=localhost,127.0.0.1&sslmode=verify-full&sslrootcert=@server.pem',
      'encrypted',
    ],
    [
      'localhost',
      'host=127.0.0.1,127.0.0.1&sslmode=verify-full&sslrootcert=@server.pem',
      'refused',
    ],
  ])('connects to %s with "%s": %s', async (host, parameters, expected) => {
    expect(await outcome(encrypting.url, host, parameters)).toBe(expected)
  })
})

describe('when the server does not support encryption', () => {
  test.each([
    ['', 'plain'],
    ['sslmode=prefer', 'plain'],
    ['sslmode=require', 'refused'],
    ['sslmode=verify-full', 'refused'],
  ])('connects with "%s": %s', async (parameters, expected) => {
    expect(await outcome(plain.url, '127.0.0.1', parameters)).toBe(expected)
  })
})
