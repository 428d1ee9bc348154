import postgres from 'postgres'
import { OperatorError } from '../../core/errors.ts'
import type { Owner } from '../../core/owner.ts'
import {
  type OwnerAdministration,
  type OwnerContents,
  type OwnerSummary,
  VERSION_JUMP,
} from '../../core/ports.ts'
import { retryConflicts } from './connection/errors.ts'
import type { Pool } from './connection/pool.ts'
import { arrayOf, INTEGER, TEXT, TEXT_ARRAY } from './connection/statement.ts'
import { HIDE_DELETIONS } from './foreign-writers.ts'

// One part takes about a second, during which writes of its owners wait.
const PART_OWNERS = 200
const PART_TASKS = 5000

const COUNT_OWNERS = { text: 'select count(*)::float8 as owners from owners', types: [] }

const LARGEST = {
  text: `
    select largest.user_id as owner, live as tasks,
      coalesce(open, 0)::integer as open, coalesce(lists, 0)::integer as lists,
      (coalesce(task_bytes, 0) + coalesce(list_bytes, 0))::float8 as bytes,
      to_char(greatest(task_write, list_write) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        as last_write
    from (select user_id, live from owners order by live desc, user_id limit $1) as largest,
      lateral (
        select count(*) filter (where deleted_at is null and not completed) as open,
          sum(pg_column_size(tasks.*)) as task_bytes,
          max(greatest(updated_at, deleted_at)) as task_write
        from tasks where tasks.user_id = largest.user_id
      ) as task,
      lateral (
        select count(*) filter (where deleted_at is null) as lists,
          sum(pg_column_size(lists.*)) as list_bytes,
          max(greatest(updated_at, deleted_at)) as list_write
        from lists where lists.user_id = largest.user_id
      ) as list
    order by live desc, owner`,
  types: [INTEGER],
}

const CONTENTS = {
  text: `
    select
      (select count(*) from tasks where user_id = $1 and not erased)::integer as tasks,
      (select count(*) from lists where user_id = $1 and deleted_at is null)::integer as lists,
      (select count(*) from remembered_calls where user_id = $1)::integer as remembered_calls,
      (select count(*) from api_tokens where user_id = $1)::integer as tokens`,
  types: [TEXT],
}

const LOCK_TO_DELETE = {
  text: 'select from owners where user_id = $1 for update',
  types: [TEXT],
}

const DELETE = {
  text: `
    with
      gone_tasks as (delete from tasks where user_id = $1 returning erased),
      gone_lists as (delete from lists where user_id = $1 returning deleted_at),
      gone_calls as (delete from remembered_calls where user_id = $1 returning key),
      gone_tokens as (delete from api_tokens where user_id = $1 returning id),
      gone_owner as (delete from owners where user_id = $1)
    select
      (select count(*) from gone_tasks where not erased)::integer as tasks,
      (select count(*) from gone_lists where deleted_at is null)::integer as lists,
      (select count(*) from gone_calls)::integer as remembered_calls,
      (select count(*) from gone_tokens)::integer as tokens`,
  types: [TEXT],
}

const NEXT_OWNERS = {
  text: `
    select user_id as owner, live from owners where user_id > $1
    order by user_id limit ${PART_OWNERS}`,
  types: [TEXT],
}

const LOCK_TO_RENEW = {
  text: 'select from owners where user_id = any($1::text[]) order by user_id for no key update',
  types: [TEXT_ARRAY],
}

// The sequence of every task changes, because the triggers for other programs take a change without a new
// sequence for one of theirs. The horizon also ends the feed for readers who began before the first change.
const RENEW = {
  text: `
    with
      raised_tasks as (
        update tasks set version = version + ${VERSION_JUMP}, sequence = owners.sequence + 1
        from owners where owners.user_id = any($1::text[]) and tasks.user_id = owners.user_id
      ),
      raised_lists as (
        update lists set version = version + ${VERSION_JUMP} where user_id = any($1::text[])
      )
    update owners set
      epoch = substr(gen_random_uuid()::text, 1, 8), sequence = sequence + 1, horizon = sequence + 1
    where user_id = any($1::text[])`,
  types: [TEXT_ARRAY],
}

const OUT_OF_RANGE = '22003'

/** @param timeoutMs how long a transaction is retried if it conflicts with others. */
export function createPostgresAdministration(
  { run, transaction }: Pick<Pool, 'run' | 'transaction'>,
  timeoutMs: number,
): OwnerAdministration {
  function retried<Result>(work: Parameters<typeof transaction<Result>>[0]): Promise<Result> {
    return retryConflicts(timeoutMs, () => transaction(work))
  }

  return {
    async largest(count) {
      const [counted] = await run<{ owners: number }>(COUNT_OWNERS, [])
      const largest = await run<OwnerSummary>(LARGEST, [`${count}`])
      return { owners: counted?.owners ?? 0, largest: [...largest] }
    },

    async contents(owner) {
      const [contents] = await run<OwnerContents>(CONTENTS, [owner])
      return contents ?? NOTHING
    },

    /** Deletes everything in one transaction, which delays only this owner. */
    deleteSome: (owner) =>
      retried(async ({ send, sendAndCommit }) => {
        void send(LOCK_TO_DELETE, [owner])
        void send(HIDE_DELETIONS, [])
        const [deleted] = await sendAndCommit<OwnerContents>(DELETE, [owner])
        return { deleted: deleted ?? NOTHING, hasMore: false }
      }),

    async renewFeeds(after) {
      const next = await run<{ owner: Owner; live: number }>(NEXT_OWNERS, [after?.owner ?? ''])
      const owners: Owner[] = []
      let tasks = 0
      for (const { owner, live } of next) {
        if (owners.length > 0 && tasks + live > PART_TASKS) break
        owners.push(owner)
        tasks += live
      }
      const last = owners.at(-1)
      if (last === undefined) return { owners: 0, place: null }
      try {
        await retried(({ send, sendAndCommit }) => {
          void send(LOCK_TO_RENEW, [arrayOf(owners)])
          return sendAndCommit(RENEW, [arrayOf(owners)])
        })
      } catch (error) {
        throw toRangeError(error, owners)
      }
      return { owners: owners.length, place: { owner: last, task: null } }
    },
  }
}

const NOTHING: OwnerContents = { tasks: 0, lists: 0, remembered_calls: 0, tokens: 0 }

function toRangeError(error: unknown, owners: readonly Owner[]): unknown {
  if (!(error instanceof postgres.PostgresError && error.code === OUT_OF_RANGE)) return error
  return new OperatorError(
    `A task or list of a user from ${JSON.stringify(owners[0])} to ${JSON.stringify(owners.at(-1))} has a version above ${2 ** 31 - 1 - VERSION_JUMP}, and PostgreSQL cannot store a version above ${2 ** 31 - 1}. Their feeds and those of later users were not renewed. Lower this version with SQL, and run the command again.`,
    { cause: error },
  )
}
