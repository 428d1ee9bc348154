import { OperatorError } from '../core/errors.ts'
import {
  ANSWER_MS,
  type Finding,
  ok,
  problem,
  reasonOf,
  warning,
  within,
} from './doctor-finding.ts'
import { type MigrationTarget, migrationStatus } from './migrations.ts'

const NAME = 'migrations'

export interface MigrationFindings {
  readonly findings: readonly Finding[]
  readonly arePending: boolean
}

/** Compares the migrations of a store with those of this version. */
export async function migrationFindings(target: MigrationTarget): Promise<MigrationFindings> {
  try {
    const [status, applied] = await within(
      ANSWER_MS,
      Promise.all([migrationStatus(target), target.applied()]),
    )
    const known = new Set(status.map(({ name }) => name))
    const newer = applied.filter(({ name }) => !known.has(name))
    const pending = status.filter(({ state }) => state === 'pending')
    return {
      arePending: pending.length > 0,
      findings: [
        ...(pending.length === 0 ? [ok(NAME, `all ${status.length} are applied`)] : []),
        ...(pending.length > 0 ? [pendingFinding(pending.map(({ name }) => name))] : []),
        ...(newer.length > 0 ? [newerFinding(newer.map(({ name }) => name))] : []),
      ],
    }
  } catch (error) {
    return { arePending: false, findings: [problem(NAME, reasonOf(error))] }
  }
}

/** @throws OperatorError if migrations are pending, so that a store may lack tables. */
export async function expectMigrated(target: MigrationTarget): Promise<void> {
  const status = await within(ANSWER_MS, migrationStatus(target))
  if (status.some(({ state }) => state === 'pending'))
    throw new OperatorError('migrations are pending')
}

function pendingFinding(names: readonly string[]): Finding {
  return warning(
    NAME,
    `pending: ${names.join(', ')}`,
    'Run `taskport migrate`, or start the service, which applies them.',
  )
}

function newerFinding(names: readonly string[]): Finding {
  return warning(
    NAME,
    `applied by a newer version: ${names.join(', ')}`,
    'Update this version, unless you are in the middle of a rolling update.',
  )
}
