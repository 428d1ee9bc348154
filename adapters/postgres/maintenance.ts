import type { TaskMaintenance } from '../../core/ports.ts'
import { searchableText } from '../../core/search.ts'
import type { Pool } from './connection/pool.ts'
import { arrayOf, type Statement, TEXT, TEXT_ARRAY, UUID_ARRAY } from './connection/statement.ts'
import { HAS_FOREIGN_WRITERS, HIDE_DELETIONS } from './foreign-writers.ts'

// A batch takes some tens of milliseconds, during which other writes of its owners may wait.
const BATCH = 300

// Rows that other transactions have locked are left for the next run. The condition on `deleted_at` is
// checked again on the locked row, because the task may have been restored.
function purgeFrom(table: 'tasks' | 'lists'): Statement {
  const text = `
    with old as (
      select user_id, id from ${table} where deleted_at < $1::timestamptz
      order by deleted_at limit ${BATCH} for update skip locked
    ), locked as (
      select user_id from owners where user_id in (select user_id from old)
      order by user_id for no key update skip locked
    ), purged as (
      delete from ${table} as item using old, locked
      where item.user_id = old.user_id and item.id = old.id and locked.user_id = item.user_id
        and item.deleted_at < $1::timestamptz
      returning item.user_id, item.sequence
    ), updated as (
      update owners set
        sequence = owners.sequence + 1, horizon = greatest(horizon, last.sequence)
      from (
        select user_id, max(sequence) as sequence from purged group by user_id
      ) as last
      where owners.user_id = last.user_id
    )
    select (select count(*) from old)::integer as candidates,
      (select count(*) from purged)::integer as purged`
  return { text, types: [TEXT] }
}

const PURGES = [purgeFrom('tasks'), purgeFrom('lists')]

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
    select user_id, id, text, nullif(description, '') as description, tags::json as tags
    from tasks where folded is null
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
  readonly description: string | null
  readonly tags: readonly string[] | null
}

/** Writes run in transactions, because their settings keep the planner from scanning whole tables. */
export function createPostgresMaintenance({
  run,
  transaction,
}: Pick<Pool, 'run' | 'transaction'>): TaskMaintenance {
  /** Folds texts that foreign writers wrote. @returns how many. */
  async function foldTexts(): Promise<number> {
    const [writers] = await run<{ exists: boolean }>(HAS_FOREIGN_WRITERS, [])
    if (!writers?.exists) return 0
    return transaction(async ({ send, sendAndCommit }) => {
      const rows = await send<UnfoldedRow>(UNFOLDED, [])
      if (rows.length === 0) return 0
      await sendAndCommit(FOLD, [
        arrayOf(rows.map(({ user_id }) => user_id)),
        arrayOf(rows.map(({ id }) => id)),
        arrayOf(rows.map(({ tags, ...task }) => searchableText({ ...task, tags: tags ?? [] }))),
      ])
      return rows.length
    })
  }

  /** @returns whether there may be more to purge. */
  async function purge(statement: Statement, deletedBefore: string): Promise<boolean> {
    const [result] = await transaction(({ send, sendAndCommit }) => {
      void send(HIDE_DELETIONS, [])
      return sendAndCommit<{ candidates: number; purged: number }>(statement, [deletedBefore])
    })
    // Locked owners must neither end the run early nor keep it running without progress.
    return result?.candidates === BATCH && result.purged > 0
  }

  return {
    async run({ deleted, retries }) {
      let hasMore = false
      for (const statement of PURGES) hasMore = (await purge(statement, deleted)) || hasMore
      const [forgotten] = await transaction(({ sendAndCommit }) =>
        sendAndCommit<{ count: number }>(FORGET_CALLS, [retries]),
      )
      const folded = await foldTexts()
      return hasMore || forgotten?.count === BATCH || folded === BATCH
    },
  }
}
