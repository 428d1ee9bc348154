import postgres from 'postgres'
import { OperatorError, TaskportError } from '../../../core/errors.ts'

// Error classes and codes (postgresql.org/docs/current/errcodes-appendix.html) that report the state
// of the server, its load or a conflict with another transaction: the same call may succeed later.
// All other errors report a bad statement, which is a bug in this service.
const OUTAGES = [
  '08', // connection exceptions, and every error that PgBouncer itself reports
  '25006', // read_only_sql_transaction: the server has become a standby
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
  '28', // invalid authorization: the server rejects the login
  '3D000', // invalid_catalog_name: the database does not exist
  '40', // transaction rollback: serialization failures and deadlocks
  '53', // insufficient resources: disk, memory, connections
  '55P03', // lock_not_available
  '57', // operator intervention: shutdown, crash, canceled statement
  '58', // system errors: input and output
]

// The driver's codes for a lost connection (`ConnectionError` in its types).
const LOST_CONNECTION = /^(CONNECTION_(CLOSED|DESTROYED|ENDED)|CONNECT_TIMEOUT)$/

/** Turns an outage into the port's `unavailable`; returns every other error unchanged. */
export function toStoreError(error: unknown): unknown {
  return isOutage(error) ? unavailable('PostgreSQL is not available', error) : error
}

export function unavailable(message: string, cause?: unknown): TaskportError {
  return new TaskportError('unavailable', message, { cause })
}

// How PgBouncer's message begins when it rejects a start-up parameter. It uses one code for all errors.
const UNSUPPORTED_PARAMETER = 'unsupported startup parameter'

// Invalid values, unknown settings and missing rights. Poolers report overload in other classes.
const REFUSED_SETTING = /^(22|42)/

/** Turns the server's refusal of a start-up parameter into `OperatorError`; returns every other error unchanged. */
export function toOperatorError(error: unknown): unknown {
  if (!(error instanceof postgres.PostgresError)) return error
  if (error.message.startsWith(UNSUPPORTED_PARAMETER))
    return new OperatorError(
      `DATABASE_URL: The connection pooler refuses a parameter of the URL (${error.message}). Remove it from the URL and set it for the role, for example with: alter role tasks set search_path = app`,
      { cause: error },
    )
  if (!REFUSED_SETTING.test(error.code)) return error
  return new OperatorError(
    `DATABASE_URL: The server refuses the connection (${error.message}). Correct the parameters of the URL, for example ?search_path=app, or the rights of the role`,
    { cause: error },
  )
}

const INSUFFICIENT_PRIVILEGE = '42501'

/** Turns the refusal of a migration for lack of rights into `OperatorError`; returns every other error unchanged. */
export function toMigrationError(error: unknown): unknown {
  if (error instanceof postgres.PostgresError && error.code === INSUFFICIENT_PRIVILEGE)
    return new OperatorError(
      `DATABASE_URL: The role may not migrate the database (${error.message}). Run \`taskport migrate\` with a role that owns the schema, or grant the right, for example with: grant create on schema public to tasks`,
      { cause: error },
    )
  return toStoreError(error)
}

// A session may be read-only because of a default of its role that has since changed, or because its
// server became a standby. A new session may be able to write.
const READ_ONLY_TRANSACTION = '25006'

/** Whether the server rejected the statement because the session is read-only. */
export function isReadOnly(error: unknown): boolean {
  const cause = causeOf(error)
  return cause instanceof postgres.PostgresError && cause.code === READ_ONLY_TRANSACTION
}

/** Whether the server rejected the statement and the connection can still be used. */
export function wasRefused(error: unknown): boolean {
  const cause = causeOf(error)
  return cause instanceof postgres.PostgresError && cause.severity === 'ERROR' && !isReadOnly(cause)
}

const CLASHES = [
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available
]

/** Whether the statement was rolled back because of another transaction. */
export function isClash(error: unknown): boolean {
  const cause = causeOf(error)
  return cause instanceof postgres.PostgresError && CLASHES.includes(cause.code)
}

const UNIQUE_VIOLATION = '23505'

// The server's functions that report that a prepared statement is outdated or missing. The driver then
// prepares it again.
const STALE_STATEMENT = ['RevalidateCachedQuery', 'FetchPreparedStatement']

/**
 * Whether a transaction that reads before it writes may succeed when it runs again: it clashed; it inserted
 * a row that another transaction had inserted since the read; or a migration made its prepared statement
 * stale.
 */
export function isConflict(error: unknown): boolean {
  const cause = causeOf(error)
  return (
    isClash(cause) ||
    (cause instanceof postgres.PostgresError &&
      (cause.code === UNIQUE_VIOLATION || STALE_STATEMENT.includes(cause.routine)))
  )
}

/** Runs a transaction that reads before it writes again while it conflicts with others. */
export async function retryConflicts<Result>(
  timeoutMs: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isConflict(error) || performance.now() >= deadline) throw error
    }
  }
}

/** The driver's error, even if `toStoreError` has wrapped it. */
function causeOf(error: unknown): unknown {
  return error instanceof TaskportError ? error.cause : error
}

function isOutage(error: unknown): boolean {
  if (error instanceof postgres.PostgresError)
    return OUTAGES.some((outage) => error.code.startsWith(outage))
  if (!(error instanceof Error) || !('code' in error)) return false
  // Only system errors have a `syscall` (nodejs.org/api/errors.html#errorsyscall).
  return 'syscall' in error || LOST_CONNECTION.test(String(error.code))
}
