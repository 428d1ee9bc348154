import { TaskportError } from '../../core/errors.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskMaintenance } from '../../core/ports.ts'
import { type Connection, isDamage, type OpenFile } from './connection.ts'
import type { GroupCommit } from './group-commit.ts'
import { VALUE } from './rows.ts'
import { DELETE_DESCRIPTION } from './store-task.ts'

// A batch blocks requests for a few milliseconds.
const BATCH = 200

/** A row to remove. */
interface Key {
  readonly user_id: Owner
  /** The id of a task or a list, or the key of a remembered call. */
  readonly key: string
  readonly time: string
}

function deletedFrom(table: 'tasks' | 'lists'): string {
  return `
    select user_id, id as key, deleted_at as time from ${table} indexed by ${table}_deleted
    where deleted_at is not null and deleted_at < ${VALUE}
      and (deleted_at, user_id, id) > (${VALUE}, ${VALUE}, ${VALUE})
    order by deleted_at, user_id, id limit ${BATCH}`
}

const CALLS = `
  select user_id, key, made_at as time
  from remembered_calls indexed by remembered_calls_made_at
  where made_at < ${VALUE} and (made_at, user_id, key) > (${VALUE}, ${VALUE}, ${VALUE})
  order by made_at, user_id, key limit ${BATCH}`

// A task may have been restored since it was found.
function purgeFrom(table: 'tasks' | 'lists'): string {
  return `
    delete from ${table} where user_id = ? and id = ? and +deleted_at is not null and +deleted_at < ?
    returning sequence`
}

const RAISE_HORIZON = `
  update owners set sequence = sequence + 1, horizon = max(horizon, ?) where user_id = ?`

const FORGET_CALL = 'delete from remembered_calls where user_id = ? and key = ? and +made_at < ?'

/** Removes rows of one owner, within a transaction. */
type Remove = (file: OpenFile, owner: Owner, keys: readonly Key[], before: string) => void

/**
 * A run skips owners whose rows are in a damaged page of the file, and goes on. Once there is nothing else
 * to do, it rejects with an error that says so, and the next run tries again.
 *
 * @param notify called with an owner after each change of the owner's tasks.
 */
export function createSqliteMaintenance(
  connection: Connection,
  commit: GroupCommit,
  notify: (owner: Owner) => void,
): TaskMaintenance {
  let skipped: unknown = null

  /** @returns removes the next batch; resolves to whether there may be more. */
  function batches(
    select: string,
    remove: Remove,
    onRemoved: (owner: Owner) => void,
  ): (before: string) => Promise<boolean> {
    let last: Key | undefined

    function removeFrom(owner: Owner, keys: readonly Key[], before: string) {
      return skippingDamage(async () => {
        await commit((file) => remove(file, owner, keys, before))
        onRemoved(owner)
      })
    }

    return async (before) => {
      const from = [last?.time ?? '', last?.user_id ?? '', last?.key ?? ''] as const
      const found = await skippingDamage(() =>
        connection.run((file) => file.statement<Key, string[]>(select).all(before, ...from)),
      )
      const rows = found ?? []
      const hasMore = rows.length === BATCH
      // Otherwise the next batch is the first one again, with the rows that were skipped.
      last = hasMore ? rows.at(-1) : undefined
      // All owners share one transaction, like other writes that arrive at once.
      const owners = Map.groupBy(rows, ({ user_id }) => user_id)
      await Promise.all(Array.from(owners, ([owner, keys]) => removeFrom(owner, keys, before)))
      return hasMore
    }
  }

  async function skippingDamage<Result>(work: () => Promise<Result>): Promise<Result | null> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof TaskportError && isDamage(error.cause))) throw error
      skipped ??= error
      return null
    }
  }

  const purgeTasks = batches(deletedFrom('tasks'), purge(purgeFrom('tasks')), notify)
  const purgeLists = batches(deletedFrom('lists'), purge(purgeFrom('lists')), notify)
  const forgetBatch = batches(CALLS, forgetCalls, () => {})

  return {
    async run({ deleted, retries }) {
      const more = await Promise.all([
        purgeTasks(deleted),
        purgeLists(deleted),
        forgetBatch(retries),
      ])
      if (more.includes(true)) return true
      const cause = skipped
      skipped = null
      if (cause !== null)
        throw new Error(`Maintenance of ${connection.path} skipped damaged pages`, { cause })
      return false
    },
  }
}

/** Purges tasks or lists, and raises the horizon of their owner's feed. */
function purge(statement: string): Remove {
  return (file, owner, keys, before) => {
    const purged = keys.flatMap(({ key }) => {
      const rows = file.statement<{ sequence: number }, string[]>(statement).all(owner, key, before)
      if (rows.length > 0) file.statement(DELETE_DESCRIPTION).run(owner, key)
      return rows
    })
    if (purged.length === 0) return
    const horizon = Math.max(...purged.map(({ sequence }) => sequence))
    file.statement(RAISE_HORIZON).run(horizon, owner)
  }
}

const forgetCalls: Remove = (file, owner, keys, before) => {
  for (const { key } of keys) file.statement(FORGET_CALL).run(owner, key, before)
}
