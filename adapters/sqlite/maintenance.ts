import type { Owner } from '../../core/owner.ts'
import type { TaskMaintenance } from '../../core/ports.ts'
import type { OpenFile } from './connection.ts'
import type { GroupCommit } from './group-commit.ts'

// A batch takes some milliseconds, during which requests wait.
const BATCH = 200

const DELETED = `
  select user_id, id, sequence from tasks indexed by tasks_by_deletion
  where deleted_at is not null and deleted_at < ? order by deleted_at limit ${BATCH}`

const PURGE = 'delete from tasks where user_id = ? and id = ?'

const RAISE_HORIZON = `
  update owners set sequence = sequence + 1, horizon = max(horizon, ?) where user_id = ?`

const FORGET_CALLS = `
  delete from remembered_calls where (user_id, key) in (
    select user_id, key from remembered_calls indexed by remembered_calls_by_time
    where made_at < ? order by made_at limit ${BATCH}
  )`

/** @param notify called with an owner after each change of the owner's tasks. */
export function createSqliteMaintenance(
  commit: GroupCommit,
  notify: (owner: Owner) => void,
): TaskMaintenance {
  return {
    async run({ deleted, retries }) {
      const { owners, hasMore } = await commit((file) => {
        const purged = purge(file, deleted)
        const calls = file.statement(FORGET_CALLS).run(retries).changes
        return { owners: purged.owners, hasMore: Math.max(purged.count, calls) >= BATCH }
      })
      for (const owner of owners) notify(owner)
      return hasMore
    },
  }
}

/** Purges tasks that were deleted before a time, and raises the horizon of their owners' feeds. */
function purge(file: OpenFile, before: string): { owners: Owner[]; count: number } {
  const rows = file
    .statement<{ user_id: Owner; id: string; sequence: number }, [string]>(DELETED)
    .all(before)
  const horizons = new Map<Owner, number>()
  for (const { user_id, id, sequence } of rows) {
    file.statement(PURGE).run(user_id, id)
    horizons.set(user_id, Math.max(horizons.get(user_id) ?? 0, sequence))
  }
  for (const [owner, horizon] of horizons) file.statement(RAISE_HORIZON).run(horizon, owner)
  return { owners: [...horizons.keys()], count: rows.length }
}
