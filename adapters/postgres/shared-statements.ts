import type { Owner } from '../../core/owner.ts'
import { wordsOf } from '../../core/search.ts'
import { createTask, type Instant, type TaskPatch } from '../../core/task.ts'
import type { Versions } from '../../core/version.ts'
import type { WriteOutcome } from '../../core/writes.ts'
import type { Pool } from './connection/pool.ts'
import {
  arrayOf,
  BOOLEAN_ARRAY,
  callsOf,
  type Statement,
  TEXT,
  TEXT_ARRAY,
  UUID,
  UUID_ARRAY,
} from './connection/statement.ts'
import { TASK, type TaskRow, toTask, utc } from './rows.ts'
import { createSharing } from './sharing.ts'

const GET = {
  text: `select ${TASK} as task from tasks where user_id = $1 and id = $2 and deleted_at is null`,
  types: [TEXT, UUID],
}

// Whatever the server makes of a join, a task is looked up by its key.
const GET_ALL = {
  text: `
    select place, task
    from ${callsOf(['whose', 'which'])},
      lateral (
        select ${TASK} as task from tasks
        where user_id = whose and tasks.id = which and tasks.deleted_at is null
        limit 1
      ) as found`,
  types: [TEXT_ARRAY, UUID_ARRAY],
}

// One that somebody has locked does not hold up the others: first of all, waiting is made short.
const IN_A_HURRY = 'case when hurry is not null then whose end'

const CREATE = {
  text: `
    select place, spot, number
    from taskport_hurry() as hurry,
      ${callsOf(['whose', 'at', 'which', 'its_text', 'words'])},
      lateral taskport_create(
        ${IN_A_HURRY}, at::timestamptz, which, its_text, string_to_array(words, ' '))`,
  types: [TEXT_ARRAY, TEXT_ARRAY, UUID_ARRAY, TEXT_ARRAY, TEXT_ARRAY],
}

const PATCH = {
  text: `
    select place, kind, number, its_version as version,
      json_build_array(
        which, its_text, is_completed, its_order, its_version, ${utc('was_created')},
        ${utc('was_updated')}, ${utc('was_completed')}, null) as task
    from taskport_hurry() as hurry,
      ${callsOf(['whose', 'at', 'which', 'versions', 'new_text', 'new_completed', 'words'])},
      lateral taskport_patch(
        ${IN_A_HURRY}, at::timestamptz, which, versions::bigint[], new_text, new_completed,
        string_to_array(words, ' '))`,
  types: [TEXT_ARRAY, TEXT_ARRAY, UUID_ARRAY, TEXT_ARRAY, TEXT_ARRAY, BOOLEAN_ARRAY, TEXT_ARRAY],
}

interface GetCall {
  readonly owner: Owner
  readonly id: string
}

export interface CreateCall extends GetCall {
  readonly text: string
  readonly now: Instant
}

export interface PatchCall extends GetCall {
  readonly patch: TaskPatch
  readonly versions: Versions
  readonly now: Instant
}

/** A row that answers the call at its place, counted from 1. */
interface Placed {
  readonly place: string
}

interface GetRow {
  readonly task: TaskRow
}

interface CreateRow extends Placed {
  readonly spot: number
  readonly number: string
}

interface PatchRow extends Placed {
  readonly kind: WriteOutcome['kind']
  readonly number: string | null
  readonly version: number
  /** As far as it is known; whole where the kind is `done`. */
  readonly task: TaskRow
}

/**
 * The commonest operations, of which those that arrive together go to the server together: see
 * `createSharing`.
 *
 * @param onWrite is told of each write that took a number of its owner's feed.
 * @param timeoutMs longest that a call waits for its statement.
 */
export function createSharedStatements(
  pool: Pick<Pool, 'run'>,
  onWrite: (owner: Owner, sequence: number) => void,
  timeoutMs: number,
) {
  /** Runs a statement for several calls, and gives the row of each, `null` for none. */
  async function rowsOf<Row extends Placed>(
    statement: Statement,
    columns: readonly string[],
    calls: number,
    isRepeated: boolean,
  ): Promise<(Row | null)[]> {
    const rows = Array<Row | null>(calls).fill(null)
    for (const row of await pool.run<Row>(statement, columns, { isRepeated }))
      rows[Number(row.place) - 1] = row
    return rows
  }

  async function getAll(calls: readonly GetCall[], isRepeated: boolean) {
    const [only, ...others] = calls
    if (only && others.length === 0) {
      const [row] = await pool.run<GetRow>(GET, [only.owner, only.id], { isRepeated })
      return [row ? toTask(row.task) : null]
    }
    const owners = arrayOf(calls.map(({ owner }) => owner))
    const ids = arrayOf(calls.map(({ id }) => id))
    const rows = await rowsOf<GetRow & Placed>(GET_ALL, [owners, ids], calls.length, isRepeated)
    return rows.map((row) => row && toTask(row.task))
  }

  async function createAll(calls: readonly CreateCall[], isRepeated: boolean) {
    const columns = [
      arrayOf(calls.map(({ owner }) => owner)),
      arrayOf(calls.map(({ now }) => now)),
      arrayOf(calls.map(({ id }) => id)),
      arrayOf(calls.map(({ text }) => text)),
      arrayOf(calls.map(({ text }) => joined(wordsOf(text)))),
    ]
    const rows = await rowsOf<CreateRow>(CREATE, columns, calls.length, isRepeated)
    return calls.map(({ owner, id, text, now }, index) => {
      const row = rows[index]
      if (!row) throw new Error('taskport_create gave no row')
      onWrite(owner, Number(row.number))
      return createTask(id, text, row.spot, now)
    })
  }

  async function patchAll(calls: readonly PatchCall[], isRepeated: boolean) {
    const texts = calls.map(({ patch }) => patch.text ?? null)
    const columns = [
      arrayOf(calls.map(({ owner }) => owner)),
      arrayOf(calls.map(({ now }) => now)),
      arrayOf(calls.map(({ id }) => id)),
      arrayOf(calls.map(({ versions }) => versions && arrayOf(versions))),
      arrayOf(texts),
      arrayOf(calls.map(({ patch }) => patch.completed ?? null)),
      arrayOf(texts.map((text) => (text === null ? null : joined(wordsOf(text))))),
    ]
    const rows = await rowsOf<PatchRow>(PATCH, columns, calls.length, isRepeated)
    return calls.map(({ owner }, index) => {
      const row = rows[index]
      if (!row) throw new Error('taskport_patch gave no row')
      if (row.number !== null) onWrite(owner, Number(row.number))
      return outcomeOf(row)
    })
  }

  function share<Call extends GetCall, Answer>(
    runAll: (calls: readonly Call[], isRepeated: boolean) => Promise<readonly Answer[]>,
    compare?: (a: Call, b: Call) => number,
  ): (call: Call) => Promise<Answer> {
    return createSharing<Call, Answer>({
      run: (calls) => runAll(calls, false),
      async runAlone(call) {
        const [answer] = await runAll([call], true)
        // A task that is not there is an answer too, and each call has one.
        if (answer === undefined) throw new Error('a statement gave no answer')
        return answer
      },
      statements: 2,
      timeoutMs,
      ...(compare && { compare }),
    })
  }

  return {
    get: share(getAll),
    create: share(createAll, byOwner),
    patch: share(patchAll, byOwner),
  }
}

// Statements that lock the feeds of several owners do so in one order, or they would wait for each
// other for ever.
function byOwner(a: GetCall, b: GetCall): number {
  return a.owner < b.owner ? -1 : a.owner > b.owner ? 1 : 0
}

function joined(words: readonly string[]): string {
  return words.join(' ')
}

function outcomeOf(row: PatchRow): WriteOutcome {
  switch (row.kind) {
    case 'done':
      return { kind: 'done', task: toTask(row.task) }
    case 'stale':
      return { kind: 'stale', version: row.version }
    default:
      return { kind: 'not_found' }
  }
}
