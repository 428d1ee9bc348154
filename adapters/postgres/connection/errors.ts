import postgres from 'postgres'
import { TaskportError } from '../../../core/errors.ts'

// Classes and codes of postgresql.org/docs/current/errcodes-appendix.html that speak of the server,
// its load or a clash with another transaction, so that the same call may succeed later. The others
// speak of the statement, and are faults of ours.
const OUTAGES = [
  '08', // connection exceptions, and whatever PgBouncer reports
  '25006', // read_only_sql_transaction: the server has become a standby
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
  '28', // invalid authorization: the server does not let the service in
  '3D000', // invalid_catalog_name: nor does it have the database
  '40', // transaction rollback: serialization failures and deadlocks
  '53', // insufficient resources: disk, memory, connections
  '55P03', // lock_not_available
  '57', // operator intervention: shutdown, crash, cancelled statement
  '58', // system errors: input and output
]

// What the driver calls a lost connection (`ConnectionError` in its types).
const LOST_CONNECTION = /^(CONNECTION_(CLOSED|DESTROYED|ENDED)|CONNECT_TIMEOUT)$/

/** The port's error for a store that is down; every other error as it is. */
export function toStoreError(error: unknown): unknown {
  return isOutage(error) ? unavailable('PostgreSQL is not available', error) : error
}

export function unavailable(message: string, cause?: unknown): TaskportError {
  return new TaskportError('unavailable', message, { cause })
}

// A session keeps a default of its role that has since been changed back, and one on a server that
// became a standby stays there: another session may find a server that can be written to.
const READ_ONLY_TRANSACTION = '25006'

/** Whether the server has refused the statement and the connection is as good as before. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof postgres.PostgresError &&
    error.severity === 'ERROR' &&
    error.code !== READ_ONLY_TRANSACTION
  )
}

/** The same of an error that `toStoreError` has made. */
export function wasRefused(error: unknown): boolean {
  return isRefusal(error instanceof TaskportError ? error.cause : error)
}

const CLASHES = [
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available
]

/** Whether the statement was undone because of what another transaction was doing. */
export function isClash(error: unknown): boolean {
  return error instanceof postgres.PostgresError && CLASHES.includes(error.code)
}

function isOutage(error: unknown): boolean {
  if (error instanceof postgres.PostgresError)
    return OUTAGES.some((outage) => error.code.startsWith(outage))
  if (!(error instanceof Error) || !('code' in error)) return false
  // System errors have a call (nodejs.org/api/errors.html#errorsyscall).
  return 'syscall' in error || LOST_CONNECTION.test(String(error.code))
}
