import { existsSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { copyDatabase, lockForReplacement, publish } from '../adapters/sqlite/backup.ts'
import { OperatorError } from '../core/errors.ts'
import {
  CALL_TIMEOUT_MS,
  describeBytes,
  NOT_CONFIRMED,
  renewFeeds,
  withAdministration,
} from './administration.ts'
import type { Config } from './config.ts'
import { migrate, migrationStatus } from './migrations.ts'
import { dumpCommand, restoreCommands } from './postgres-tools.ts'
import { openStore } from './store.ts'
import type { Terminal } from './terminal.ts'

export const BACKUP_HELP = `Usage: taskport backup FILE [--json]

Writes a consistent and checked copy of the SQLite database to FILE, which must not exist. The service may
keep running. For PostgreSQL, prints the pg_dump command to use.

Exit codes: 0 the backup is complete, 1 an error: there is no backup.
`

export const RESTORE_HELP = `Usage: taskport restore FILE [--yes] [--json]

Puts a backup in the place of the SQLite database, which is kept beside it. Stop the service first.
Applies pending migrations and renews all feeds (see taskport feeds --help). For PostgreSQL, prints the
commands to use.

  --yes     really restore
  --json    print JSON

Exit codes: 0 restored, 1 an error: nothing was changed, 2 nothing was changed because --yes is missing.
`

export const FEEDS_HELP = `Usage: taskport feeds renew [--json]

Run this after you restored a database with pg_restore, or copied its files: otherwise, clients that saw
later changes would never notice that they are gone. Every client reads everything again (410), and no entity
tag from before is valid. The service may keep running. Running it twice does no harm.

Exit codes: 0 renewed, 1 an error: run it again.
`

// A service that is just starting may have opened the former file and wait for its lock, for a few
// milliseconds at a time. It must not get it: its next attempt opens the restored file.
const OPENING_MS = 100

interface Options {
  readonly yes: boolean
  readonly json: boolean
}

export async function backupCommand(
  config: Config,
  args: readonly string[],
  { json }: Options,
  { print, printError }: Terminal,
): Promise<number> {
  const file = fileIn(args, BACKUP_HELP)
  const { database } = config
  if (database.kind === 'memory')
    throw new OperatorError(
      'DATABASE_URL=memory: keeps tasks in the memory of the service only, so there is nothing to back up.',
    )
  if (database.kind === 'postgres')
    throw new OperatorError(dumpCommand(config.directUrl ?? database.url, file))
  if (existsSync(file)) throw new OperatorError(`${resolve(file)} exists and is not overwritten`)
  // So that a file with the name of the backup is always complete.
  const partial = `${file}.partial`
  if (existsSync(partial))
    throw new OperatorError(
      `${resolve(partial)} exists: another backup is writing it, or one was interrupted. Remove it in the second case.`,
    )
  copyDatabase(database.path, partial, (step, bytes) => printError(stepLine(step, bytes)))
  publish(partial, file)
  const { size: bytes } = statSync(file)
  print(
    json
      ? `${JSON.stringify({ file: resolve(file), bytes })}\n`
      : `wrote ${describeBytes(bytes)} to ${resolve(file)}\n`,
  )
  return 0
}

export async function restoreCommand(
  config: Config,
  args: readonly string[],
  { yes, json }: Options,
  { print, printError }: Terminal,
): Promise<number> {
  const file = fileIn(args, RESTORE_HELP)
  const { database } = config
  if (database.kind === 'memory')
    throw new OperatorError(
      'DATABASE_URL=memory: keeps tasks in the memory of the service only. To restore a backup, name a database, for example DATABASE_URL=sqlite:./data/tasks.db',
    )
  if (database.kind === 'postgres')
    throw new OperatorError(restoreCommands(config.directUrl ?? database.url, file))
  // Another file may take the place of the file, but not of a symbolic link to it.
  const path = existsSync(database.path) ? realpathSync(database.path) : resolve(database.path)
  if (!existsSync(file)) throw new OperatorError(`There is no file ${resolve(file)}`)
  if (isSameFile(file, path)) throw new OperatorError(`${path} is the database itself`)
  if (!yes) {
    const plan = { file: resolve(file), database: path, restored: false }
    print(
      json
        ? `${JSON.stringify(plan)}\n`
        : `This would replace ${path} by ${plan.file}. Nothing was changed: add --yes to restore.\n`,
    )
    return NOT_CONFIRMED
  }
  mkdirSync(dirname(path), { recursive: true })
  const target = lockForReplacement(path)
  const copy = `${path}.restoring`
  try {
    // Of a restore that was interrupted: the lock excludes another one.
    removeDatabase(copy)
    copyDatabase(file, copy, (step, bytes) => printError(stepLine(step, bytes)))
    const users = await prepare(
      { ...config, database: { kind: 'sqlite', path: copy } },
      file,
      printError,
    )
    const aside = `${path}.before-restore-${timestamp()}`
    const former = target.replaceBy(copy, aside) ? aside : null
    await Bun.sleep(OPENING_MS)
    const restored = { file: resolve(file), database: path, restored: true, users, former }
    print(json ? `${JSON.stringify(restored)}\n` : describeRestore(restored))
    return 0
  } finally {
    removeDatabase(copy)
    target.release()
  }
}

/** Brings a copy of a backup up to date and renews its feeds. @returns how many users it has. */
async function prepare(
  config: Config,
  file: string,
  printError: Terminal['printError'],
): Promise<number> {
  const { administration, migrations, close } = await openStore({
    ...config,
    databaseTimeoutMs: CALL_TIMEOUT_MS,
  })
  try {
    if (!administration || !migrations) throw new Error('A durable store has both')
    const applied = await migrations.applied()
    if (applied.length === 0)
      throw new OperatorError(`${resolve(file)} is not a database of Taskport`)
    const known = new Set((await migrationStatus(migrations)).map(({ name }) => name))
    const unknown = applied.find(({ name }) => !known.has(name))
    if (unknown)
      throw new OperatorError(
        `${resolve(file)} is of a newer version of Taskport, which has the migration ${unknown.name}. Restore it with that version.`,
      )
    await migrate(migrations, (name) => printError(`applied  ${name}\n`))
    return await renewFeeds(administration, printError)
  } finally {
    await close()
  }
}

export async function feedsCommand(
  config: Config,
  args: readonly string[],
  { json }: Options,
  { print, printError }: Terminal,
): Promise<number> {
  const [action, ...others] = args
  if (action !== 'renew' || others.length > 0) throw new OperatorError(FEEDS_HELP)
  const users = await withAdministration(config, (administration) =>
    renewFeeds(administration, printError),
  )
  print(json ? `${JSON.stringify({ users })}\n` : `renewed the feeds of ${users} users\n`)
  return 0
}

function fileIn([file, ...others]: readonly string[], help: string): string {
  if (!file || others.length > 0) throw new OperatorError(help)
  return file
}

function stepLine(step: 'copy' | 'check', bytes: number): string {
  return `${step === 'copy' ? 'copying' : 'checking'} ${describeBytes(bytes)} …\n`
}

/** For example `20260131T093000Z`. */
function timestamp(): string {
  return new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
}

function describeRestore(restored: {
  readonly file: string
  readonly database: string
  readonly users: number
  readonly former: string | null
}): string {
  const { file, database, users, former } = restored
  return `restored ${file}, with ${users} users, to ${database}\n${
    former === null ? '' : `The former file is ${former}. Remove it when you no longer need it.\n`
  }`
}

function isSameFile(one: string, other: string): boolean {
  const [first, second] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }))
  return first !== undefined && first.ino === second?.ino && first.dev === second.dev
}

function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true })
}
