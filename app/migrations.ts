/** One SQL file, known by its name: `0001_tasks.sql`. Files run in the order of their names. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

/** What a store remembers of a file that ran. `checksum` is the file's SHA-256 in hexadecimal. */
export interface AppliedMigration {
  readonly name: string
  readonly checksum: string
}

export interface MigrationOptions {
  /** Whether other programs will write to the database, too. */
  readonly foreignWriters: boolean
}

/** What a store with migrations offers. Nothing else runs while one of its transactions does. */
export interface MigrationTarget {
  /** The files for this database, in order: which ones may depend on what it holds. */
  files(options: MigrationOptions): Promise<readonly Migration[]>
  /** What is recorded: nothing in a new database. Changes nothing and waits for no lock. */
  applied(): Promise<readonly AppliedMigration[]>
  /**
   * In one transaction that holds the store's migration lock: reads what is recorded, lets `choose`
   * pick the next file, runs it and records it. Whatever is thrown undoes all of it, but for files that
   * say that they run part by part: those begin anew the next time, and find what they have done.
   *
   * @returns the file that ran, or `null` where `choose` picked none.
   */
  applyNext(
    choose: (applied: readonly AppliedMigration[]) => (Migration & AppliedMigration) | null,
  ): Promise<Migration | null>
}

export interface MigrationStatus extends Migration, AppliedMigration {
  readonly state: 'applied' | 'pending'
}

/** A history that cannot be continued: an applied file was changed or removed. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

/** Every file with its state. @throws MigrationError where the history was tampered with. */
export async function migrationStatus(target: MigrationTarget): Promise<MigrationStatus[]> {
  return compare(await target.files({ foreignWriters: false }), await target.applied())
}

/**
 * Applies what is pending, each file in a transaction of its own. Any number of processes may do
 * this at once: each file runs once.
 *
 * @param onApplied called after each file that this call applied.
 * @throws MigrationError where the history was tampered with; nothing is applied then.
 */
export async function migrate(
  target: MigrationTarget,
  onApplied: (name: string) => void,
  options: MigrationOptions = { foreignWriters: false },
): Promise<void> {
  // Without pending files there is nothing to lock or create, so that a process whose database role
  // may not change the schema can start.
  const files = await target.files(options)
  if (!compare(files, await target.applied()).some(isPending)) return
  for (;;) {
    const done = await target.applyNext(
      (applied) => compare(files, applied).find(isPending) ?? null,
    )
    if (done === null) return
    onApplied(done.name)
  }
}

function isPending(migration: MigrationStatus): boolean {
  return migration.state === 'pending'
}

// The first file of development versions, whose schema was another one.
const DEVELOPMENT_FILE = '0001_tasks.sql'

// Records that no file answers to belong to a newer version that has migrated already: during a
// rolling deployment the older one goes on working.
function compare(
  files: readonly Migration[],
  applied: readonly AppliedMigration[],
): MigrationStatus[] {
  const checksums = new Map(applied.map(({ name, checksum }) => [name, checksum]))
  if (checksums.has(DEVELOPMENT_FILE))
    throw new MigrationError(
      'This database belongs to a development version of Taskport. Write its tasks to a file with that version (`taskport export > tasks.ndjson`) and import them into a new database (`taskport import < tasks.ndjson`).',
    )
  return files.map((file) => {
    const checksum = new Bun.CryptoHasher('sha256').update(file.sql).digest('hex')
    const recorded = checksums.get(file.name)
    if (recorded !== undefined && recorded !== checksum)
      throw new MigrationError(
        `Migration ${file.name} was changed after it was applied. Restore the file as it was and put the change into a new migration.`,
      )
    return { ...file, checksum, state: recorded === undefined ? 'pending' : 'applied' }
  })
}
