import { type ArchivedTask, applyImport } from '../../core/archive.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskArchive } from '../../core/ports.ts'
import { isConflict } from './connection/errors.ts'
import type { Pool } from './connection/pool.ts'
import {
  arrayOf,
  type Statement,
  TEXT,
  TEXT_ARRAY,
  UUID,
  UUID_ARRAY,
  type Value,
} from './connection/statement.ts'
import { HIDE_DELETIONS } from './foreign-writers.ts'
import { TASK, type TaskRow, toTask } from './rows.ts'
import { createWorkingSet } from './working-set.ts'
import { storeStatement } from './write-statements.ts'
import { applyLoaded, lockAndLoad } from './write-transaction.ts'

interface OwnedRow {
  readonly user_id: Owner
  readonly task: TaskRow
}

const PAGE = 500

const OF_ONE = {
  first: page('user_id = $1', [TEXT]),
  next: page('user_id = $1 and tasks.id > $2', [TEXT, UUID]),
}

const OF_ALL = {
  first: page('true', []),
  next: page('(user_id, tasks.id) > ($1, $2)', [TEXT, UUID]),
}

function page(where: string, types: number[]): Statement {
  const text = `
    select user_id, ${TASK} as task from tasks where ${where} and not erased
    order by user_id, tasks.id limit ${PAGE}`
  return { text, types }
}

const DELETE_TOMBSTONES = {
  text: `
    delete from tasks using unnest($1::text[], $2::uuid[]) as new (owner, id)
    where tasks.user_id = new.owner and tasks.id = new.id and erased`,
  types: [TEXT_ARRAY, UUID_ARRAY],
}

/**
 * @param newEpoch generates the epoch of a new owner's feed.
 * @param timeoutMs longest that adding tasks retries while other transactions are in the way.
 */
export function createPostgresArchive(
  { run, transaction }: Pick<Pool, 'run' | 'transaction'>,
  newEpoch: () => string,
  timeoutMs: number,
): TaskArchive {
  async function select(statement: Statement, values: Value[]): Promise<ArchivedTask[]> {
    const rows = await run<OwnedRow>(statement, values)
    return rows.map(({ user_id, task }) => ({ user_id, ...toTask(task) }))
  }

  return {
    read(owner, after) {
      if (owner !== null)
        return after ? select(OF_ONE.next, [owner, after.id]) : select(OF_ONE.first, [owner])
      return after ? select(OF_ALL.next, [after.user_id, after.id]) : select(OF_ALL.first, [])
    },

    add: (tasks) =>
      retryConflicts(timeoutMs, () =>
        transaction(async ({ send, sendAndCommit }) => {
          const byOwner = Map.groupBy(tasks, ({ user_id }) => user_id)
          const sets = new Map(Array.from(byOwner.keys(), (owner) => [owner, createWorkingSet()]))
          const needs = tasks.map(
            ({ user_id: owner, id }) => ({ kind: 'task', owner, id }) as const,
          )
          const locked = await lockAndLoad({ send }, sets, needs, true)
          const results = await applyLoaded(
            { send },
            locked,
            (owner, { record, tasks: stored }) => {
              const archived = byOwner.get(owner) ?? []
              const effect = applyImport({ record, tasks: stored }, archived, newEpoch)
              return { ...effect, owner, before: record, remember: [] }
            },
          )
          const effects = [...results.values()]
          const added = effects.reduce((sum, effect) => sum + effect.added, 0)
          const inserted = effects.flatMap(({ owner, changes }) =>
            changes.flatMap(({ before, task }) =>
              before === null ? [{ owner, id: task.id }] : [],
            ),
          )
          if (inserted.length === 0) return added
          void send(HIDE_DELETIONS, [])
          void send(DELETE_TOMBSTONES, [
            arrayOf(inserted.map(({ owner }) => owner)),
            arrayOf(inserted.map(({ id }) => id)),
          ])
          const { statement, values } = storeStatement(effects)
          await sendAndCommit(statement, values)
          return added
        }),
      ),
  }
}

async function retryConflicts<Result>(
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
