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
import { HIDE_DELETIONS } from './maintenance.ts'
import { TASK, type TaskRow, toTask } from './rows.ts'
import { createWorkingSet } from './working-set.ts'
import { load, storeStatement } from './write-statements.ts'
import { lockOwners } from './write-transaction.ts'

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
    delete from tasks using unnest($1::text[], $2::uuid[]) as old (whose, which)
    where user_id = whose and id = which and erased`,
  types: [TEXT_ARRAY, UUID_ARRAY],
}

/** @param newEpoch names the feed of a new owner. */
export function createPostgresArchive(
  { run, transaction }: Pick<Pool, 'run' | 'transaction'>,
  newEpoch: () => string,
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
      retryConflicts(() =>
        transaction(async ({ send, sendAndCommit }) => {
          const byOwner = Map.groupBy(tasks, ({ user_id }) => user_id)
          const sets = new Map(Array.from(byOwner.keys(), (owner) => [owner, createWorkingSet()]))
          const needs = tasks.map(
            ({ user_id: owner, id }) => ({ kind: 'task', owner, id }) as const,
          )
          await Promise.all([lockOwners({ send }, sets, true), load({ send }, needs, sets)])

          let added = 0
          const effects = Array.from(sets, ([owner, { record: before, tasks: stored }]) => {
            const effect = applyImport(
              { record: before, tasks: stored },
              byOwner.get(owner) ?? [],
              newEpoch,
            )
            added += effect.added
            return { ...effect, owner, before, remember: [] }
          })
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

const MOST_ATTEMPTS = 10

async function retryConflicts<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isConflict(error) || attempt === MOST_ATTEMPTS) throw error
    }
  }
}
