import { OperatorError } from '../core/errors.ts'
import { isOwner } from '../core/owner.ts'
import type { TaskArchive } from '../core/ports.ts'
import { exportItems, type ImportTotals, importItems } from './archive.ts'
import type { Config } from './config.ts'
import { type MigrationTarget, migrate, migrationStatus } from './migrations.ts'
import { openStore } from './store.ts'
import type { Terminal } from './terminal.ts'

// No request waits for these calls, so they may take longer.
const CALL_TIMEOUT_MS = 60_000

const PROGRESS_EVERY = 100_000

// Without explicit collections, garbage grows to several times the memory in use.
const COLLECT_EVERY = 500

// The exit code that shells report for SIGPIPE: 128 + 13.
const BROKEN_PIPE = 141

/** @param user whose tasks and lists to export. All users' if absent. */
export async function exportCommand(
  config: Config,
  user: string | undefined,
  { write, printError }: Terminal,
): Promise<number> {
  const owner = user ?? null
  if (owner !== null && !isOwner(owner))
    throw new OperatorError(
      '--user must be 1 to 255 characters, without control characters, for example --user ann',
    )
  return withArchive(config, async (archive, migrations) => {
    const status = await migrationStatus(migrations)
    // Exporting only reads: it may run with a role that must not change the schema.
    if (status.some(({ state }) => state === 'pending'))
      throw new OperatorError('The database has pending migrations. Run `taskport migrate` first.')
    let exported = 0
    try {
      await exportItems(archive, owner, write, (count) => {
        if (crosses(PROGRESS_EVERY, exported, count)) printError(`${exportedOf(count)} …\n`)
        if (crosses(COLLECT_EVERY, exported, count)) Bun.gc(true)
        exported = count
      })
    } catch (error) {
      if (isBrokenPipe(error)) return BROKEN_PIPE
      throw error
    }
    printError(`${exportedOf(exported)}; API tokens are not exported\n`)
    return 0
  })
}

export async function importCommand(
  config: Config,
  user: string | undefined,
  { input, printError }: Terminal,
): Promise<number> {
  if (user !== undefined)
    throw new OperatorError(
      'import takes no --user: each line of the input names its user, for example `taskport import < tasks.ndjson`',
    )
  return withArchive(config, async (archive, migrations) => {
    await migrate(migrations, (name) => printError(`applied  ${name}\n`))
    let totals: ImportTotals = { imported: 0, alreadyThere: 0 }
    try {
      await importItems(archive, input(), (now) => {
        if (crosses(PROGRESS_EVERY, total(totals), total(now))) printError(`${describe(now)} …\n`)
        if (crosses(COLLECT_EVERY, total(totals), total(now))) Bun.gc(true)
        totals = now
      })
    } catch (error) {
      printError(
        `${describe(totals)}; then the import stopped. Fix the problem and run it again: what is already there is skipped.\n`,
      )
      throw error
    }
    printError(`${describe(totals)}\n`)
    return 0
  })
}

async function withArchive(
  config: Config,
  work: (archive: TaskArchive, migrations: MigrationTarget) => Promise<number>,
): Promise<number> {
  const databaseTimeoutMs = Math.max(config.databaseTimeoutMs, CALL_TIMEOUT_MS)
  const { archive, migrations, close } = await openStore({ ...config, databaseTimeoutMs })
  try {
    if (!archive || !migrations)
      throw new OperatorError(
        'DATABASE_URL=memory: has nothing to export, and imported tasks would be lost. Name a database, for example DATABASE_URL=sqlite:./data/tasks.db',
      )
    return await work(archive, migrations)
  } finally {
    await close()
  }
}

/** Whether a count has passed a multiple of `step`. */
function crosses(step: number, before: number, now: number): boolean {
  return Math.floor(before / step) < Math.floor(now / step)
}

function exportedOf(count: number): string {
  return `exported ${count} tasks and lists`
}

function total({ imported, alreadyThere }: ImportTotals): number {
  return imported + alreadyThere
}

function describe({ imported, alreadyThere }: ImportTotals): string {
  return `imported ${imported} tasks and lists, already there ${alreadyThere}`
}

function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}
