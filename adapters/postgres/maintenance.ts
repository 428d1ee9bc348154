import type { TaskMaintenance } from '../../core/ports.ts'
import { fold } from '../../core/search.ts'
import type { Pool } from './connection/pool.ts'
import { arrayOf, TEXT, TEXT_ARRAY, UUID_ARRAY } from './connection/statement.ts'
import { HAS_FOREIGN_WRITERS, HIDE_DELETIONS } from './foreign-writers.ts'

// A batch takes some tens of milliseconds, during which other writes of its owners may wait.
const BATCH = 300

// Rows that others have locked are left for the next run. The condition on `deleted_at` is checked again
// on the locked row: the task may have been restored.
const PURGE = {
  text: `
    with old as (
      select user_id, id from tasks where deleted_at < $1::timestamptz
      order by deleted_at limit ${BATCH} for update skip locked
    ), locked as (
      select user_id from owners where user_id in (select user_id from old)
      order by user_id for no key update skip locked
    ), purged as (
      delete from tasks using old, locked
      where tasks.user_id = old.user_id and tasks.id = old.id and locked.user_id = tasks.user_id
        and tasks.deleted_at < $1::timestamptz
      returning tasks.user_id, tasks.sequence
    ), raised as (
      update owners set
        sequence = owners.sequence + 1, horizon = greatest(horizon, last.sequence)
      from (
        select user_id, max(sequence) as sequence from purged group by user_id
      ) as last
      where owners.user_id = last.user_id
    )
    select (select count(*) from old)::integer as found, (select count(*) from purged)::integer as count`,
  types: [TEXT],
}

const FORGET_CALLS = {
  text: `
    with forgotten as (
      delete from remembered_calls where (user_id, key) in (
        select user_id, key from remembered_calls where made_at < $1::timestamptz
        order by made_at limit ${BATCH} for update skip locked)
      returning 1
    )
    select count(*)::integer as count from forgotten`,
  types: [TEXT],
}

const UNFOLDED = {
  text: `
    select user_id, id, text from tasks where folded is null
    limit ${BATCH} for no key update skip locked`,
  types: [],
}

const FOLD = {
  text: `
    update tasks set folded = new.folded
    from unnest($1::text[], $2::uuid[], $3::text[]) as new (user_id, id, folded)
    where tasks.user_id = new.user_id and tasks.id = new.id`,
  types: [TEXT_ARRAY, UUID_ARRAY, TEXT_ARRAY],
}

interface UnfoldedRow {
  readonly user_id: string
  readonly id: string
  readonly text: string
}

/** Its writes run in transactions, whose settings keep the planner from scanning whole tables. */
export function createPostgresMaintenance({
  run,
  transaction,
}: Pick<Pool, 'run' | 'transaction'>): TaskMaintenance {
  /** Folds texts that foreign writers have written. @returns how many. */
  async function foldTexts(): Promise<number> {
    const [writers] = await run<{ answer: boolean }>(HAS_FOREIGN_WRITERS, [])
    if (!writers?.answer) return 0
    return transaction(async ({ send, sendAndCommit }) => {
      const rows = await send<UnfoldedRow>(UNFOLDED, [])
      if (rows.length === 0) return 0
      await sendAndCommit(FOLD, [
        arrayOf(rows.map(({ user_id }) => user_id)),
        arrayOf(rows.map(({ id }) => id)),
        arrayOf(rows.map(({ text }) => fold(text))),
      ])
      return rows.length
    })
  }

  return {
    async run({ deleted, retries }) {
      const [purged] = await transaction(({ send, sendAndCommit }) => {
        void send(HIDE_DELETIONS, [])
        return sendAndCommit<{ found: number; count: number }>(PURGE, [deleted])
      })
      const [forgotten] = await transaction(({ sendAndCommit }) =>
        sendAndCommit<{ count: number }>(FORGET_CALLS, [retries]),
      )
      const folded = await foldTexts()
      // Busy owners must not end the run early, nor keep it going without progress.
      const hasMore = purged?.found === BATCH && purged.count > 0
      return hasMore || forgotten?.count === BATCH || folded === BATCH
    },
  }
}
