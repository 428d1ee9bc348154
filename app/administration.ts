import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { OperatorError } from '../core/errors.ts'
import type { OwnerAdministration } from '../core/ports.ts'
import type { Config } from './config.ts'
import { migrationStatus } from './migrations.ts'
import { openStore } from './store.ts'

/** The exit code of a command that changes nothing because `--yes` is missing. */
export const NOT_CONFIRMED = 2

// No request waits for these calls, so they may take longer.
export const CALL_TIMEOUT_MS = 60_000

const PROGRESS_EVERY_MS = 2000

/** Runs a command on the configured store, whose schema must be up to date. */
export async function withAdministration<Result>(
  config: Config,
  work: (administration: OwnerAdministration) => Promise<Result>,
): Promise<Result> {
  const { database } = config
  if (database.kind === 'memory')
    throw new OperatorError(
      'DATABASE_URL=memory: keeps tasks in the memory of the service only, where no command can reach them. Name a database, for example DATABASE_URL=sqlite:./data/tasks.db',
    )
  // Opening it would create it.
  if (database.kind === 'sqlite' && !existsSync(database.path))
    throw new OperatorError(`There is no SQLite file ${resolve(database.path)}: set DATABASE_URL`)
  const databaseTimeoutMs = Math.max(config.databaseTimeoutMs, CALL_TIMEOUT_MS)
  const { administration, migrations, close } = await openStore({ ...config, databaseTimeoutMs })
  try {
    if (!administration || !migrations) throw new Error('A durable store has both')
    const status = await migrationStatus(migrations)
    if (status.some(({ state }) => state === 'pending'))
      throw new OperatorError('The database has pending migrations. Run `taskport migrate` first.')
    return await work(administration)
  } finally {
    await close()
  }
}

/** Prints a line every few seconds. */
export function createProgress(
  printError: (text: string) => void,
  everyMs = PROGRESS_EVERY_MS,
): (line: string) => void {
  let printedAt = performance.now()
  return (line) => {
    const now = performance.now()
    if (now - printedAt < everyMs) return
    printedAt = now
    printError(`${line} …\n`)
  }
}

/** Renews the feeds of all owners. @returns how many there are. */
export async function renewFeeds(
  administration: OwnerAdministration,
  printError: (text: string) => void,
): Promise<number> {
  const progress = createProgress(printError)
  let owners = 0
  let place = null
  do {
    const renewal = await administration.renewFeeds(place)
    owners += renewal.owners
    place = renewal.place
    progress(`renewed the feeds of ${owners} users`)
  } while (place !== null)
  return owners
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB']

/** For example `1.5 MB`. */
export function describeBytes(bytes: number): string {
  const exponent = bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3)
  const unit = UNITS[exponent]
  return unit === undefined || exponent === 0
    ? `${bytes} bytes`
    : `${(bytes / 1000 ** exponent).toFixed(1)} ${unit}`
}
