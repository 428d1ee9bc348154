import { OperatorError } from '../core/errors.ts'

/** One SQL file, identified by its name, such as `0001_tasks.sql`. Files run in the order of their names. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

/** A store's record of a file that ran. `checksum` is the file's SHA-256 in hexadecimal. */
export interface AppliedMigration {
  readonly name: string
  readonly checksum: string
}

export interface MigrationOptions {
  /** Whether other programs will also write to the database. */
  readonly foreignWriters: boolean
}

/** A store that can be migrated. */
export interface MigrationTarget {
  /** The files for this database, in order. They may depend on its contents. */
  files(options: MigrationOptions): Promise<readonly Migration[]>
  /** The recorded migrations; none in an empty database. Changes nothing and waits for no lock. */
  applied(): Promise<readonly AppliedMigration[]>
  /**
   * In one transaction that holds the store's migration lock: reads the recorded migrations, lets
   * `choose` pick the next file, runs it and records it. An error rolls everything back, except for files
   * that consist of steps, which are committed one by one: the next attempt starts again with the first
   * step.
   *
   * @returns the file that ran, or `null` if `choose` picked none.
   */
  applyNext(
    choose: (applied: readonly AppliedMigration[]) => (Migration & AppliedMigration) | null,
  ): Promise<Migration | null>
}

export interface MigrationStatus extends Migration, AppliedMigration {
  readonly state: 'applied' | 'pending'
}

/** Every file with its state. @throws OperatorError if an applied file was changed. */
export async function migrationStatus(target: MigrationTarget): Promise<MigrationStatus[]> {
  return compare(await target.files({ foreignWriters: false }), await target.applied())
}

/** @throws OperatorError if migrations are pending. */
export async function expectMigrated(target: MigrationTarget): Promise<void> {
  if ((await migrationStatus(target)).some(isPending))
    throw new OperatorError('The database has pending migrations. Run `taskport migrate` first.')
}

/**
 * Applies the pending migrations, each in its own transaction. Any number of processes may call this at
 * the same time: each file runs once.
 *
 * @param onApplied called after each file that this call applied.
 * @throws OperatorError if an applied file was changed; then nothing is applied.
 */
export async function migrate(
  target: MigrationTarget,
  onApplied: (name: string) => void,
  options: MigrationOptions = { foreignWriters: false },
): Promise<void> {
  // Without pending files, nothing is locked or created, so the service can start with a role that cannot
  // change the schema.
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

// The first file of development versions, which had another schema.
const DEVELOPMENT_FILE = '0001_tasks.sql'

// Recorded migrations without a file belong to a newer version. They are ignored, so that the older
// version keeps working during a rolling deployment.
function compare(
  files: readonly Migration[],
  applied: readonly AppliedMigration[],
): MigrationStatus[] {
  const checksums = new Map(applied.map(({ name, checksum }) => [name, checksum]))
  if (checksums.has(DEVELOPMENT_FILE))
    throw new OperatorError(
      'This database belongs to a development version of Taskport. Write its tasks to a file with that version (`taskport export > tasks.ndjson`) and import them into a new database (`taskport import < tasks.ndjson`).',
    )
  return files.map((file) => {
    const checksum = new Bun.CryptoHasher('sha256').update(file.sql).digest('hex')
    const recorded = checksums.get(file.name)
    if (recorded !== undefined && recorded !== checksum)
      throw new OperatorError(
        `Migration ${file.name} was changed after it was applied. Restore the original file and put the change into a new migration.`,
      )
    return { ...file, checksum, state: recorded === undefined ? 'pending' : 'applied' }
  })
}
