import { isOwner } from '../core/owner.ts'
import type { TaskArchive } from '../core/ports.ts'
import { ArchiveError, exportTasks, type ImportTotals, importTasks } from './archive.ts'
import type { Config } from './config.ts'
import { type MigrationTarget, migrate, migrationStatus } from './migrations.ts'
import { openStore } from './store.ts'
import type { Terminal } from './terminal.ts'

// Nobody's request waits for these calls: they may take their time.
const CALL_TIMEOUT_MS = 60_000

const PROGRESS_EVERY = 100_000

// Left alone, the collector lets several times as much pile up as is in use.
const COLLECT_EVERY = 500

// What a shell reports of a program whose reader has gone: 128 and the number of SIGPIPE.
const READER_HAS_GONE = 141

/** @param user whose tasks; without it everybody's. */
export async function exportCommand(
  config: Config,
  user: string | undefined,
  { write, printError }: Terminal,
): Promise<number> {
  const owner = user ?? null
  if (owner !== null && !isOwner(owner))
    throw new ArchiveError('--user is nobody who can own tasks')
  return withArchive(config, async (archive, migrations) => {
    const status = await migrationStatus(migrations)
    // Whoever reads may not be allowed to change the schema, or not want to.
    if (status.some(({ state }) => state === 'pending'))
      throw new ArchiveError('The store has pending migrations. Run `taskport migrate` first.')
    let exported = 0
    try {
      await exportTasks(archive, owner, write, (count) => {
        if (passes(PROGRESS_EVERY, exported, count)) printError(`exported ${count} …\n`)
        if (passes(COLLECT_EVERY, exported, count)) Bun.gc(true)
        exported = count
      })
    } catch (error) {
      if (isBrokenPipe(error)) return READER_HAS_GONE
      throw error
    }
    printError(`exported ${exported}\n`)
    return 0
  })
}

export async function importCommand(
  config: Config,
  user: string | undefined,
  { input, printError }: Terminal,
): Promise<number> {
  if (user !== undefined)
    throw new ArchiveError('import takes the users from its lines; --user is for export')
  return withArchive(config, async (archive, migrations) => {
    await migrate(migrations, (name) => printError(`applied  ${name}\n`))
    let totals: ImportTotals = { imported: 0, alreadyThere: 0 }
    try {
      await importTasks(archive, input(), (now) => {
        if (passes(PROGRESS_EVERY, sum(totals), sum(now))) printError(`${inWords(now)} …\n`)
        if (passes(COLLECT_EVERY, sum(totals), sum(now))) Bun.gc(true)
        totals = now
      })
    } catch (error) {
      printError(
        `${inWords(totals)}; then the import stopped. Run it again when the cause is gone: what is there is left alone.\n`,
      )
      throw error
    }
    printError(`${inWords(totals)}\n`)
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
      throw new ArchiveError(
        'DATABASE_URL=memory: keeps nothing that could be exported, or would stay after an import. Name a database.',
      )
    return await work(archive, migrations)
  } finally {
    await close()
  }
}

function passes(step: number, before: number, now: number): boolean {
  return Math.floor(before / step) < Math.floor(now / step)
}

function sum({ imported, alreadyThere }: ImportTotals): number {
  return imported + alreadyThere
}

function inWords({ imported, alreadyThere }: ImportTotals): string {
  return `imported ${imported}, already there ${alreadyThere}`
}

function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}
