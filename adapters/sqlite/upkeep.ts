import type { Owner } from '../../core/owner.ts'
import type { TaskUpkeep } from '../../core/ports.ts'
import type { OpenFile } from './connection.ts'
import type { GroupCommit } from './group-commit.ts'
import { addWords, forgetWords, NO_WORDS } from './words.ts'

// Takes some milliseconds, which is what a request waits that comes meanwhile.
const BATCH = 200

const DELETED = `
  select user_id, id, sequence, words from tasks indexed by tasks_by_deletion
  where deleted_at is not null and deleted_at < ? order by deleted_at limit ${BATCH}`

const FORGET_TASK = 'delete from tasks where user_id = ? and id = ?'

const RAISE_HORIZON = `
  update feeds set sequence = sequence + 1, horizon = max(horizon, ?) where user_id = ?`

const FORGET_CALLS = `
  delete from remembered_calls where (user_id, key) in (
    select user_id, key from remembered_calls indexed by remembered_calls_by_time
    where made_at < ? order by made_at limit ${BATCH}
  )`

const WITHOUT_WORDS = `
  select user_id, id, text, indexed from tasks indexed by tasks_without_words
  where words is null and erased = 0 limit ${BATCH}`

const HAS_WORDS = 'update tasks set words = ? where user_id = ? and id = ?'

/** @param tell called with an owner whose feed went on. */
export function createSqliteUpkeep(commit: GroupCommit, tell: (owner: Owner) => void): TaskUpkeep {
  let isSweeping = false
  return {
    async sweep({ deleted, retries }) {
      if (isSweeping) return false
      isSweeping = true
      try {
        const { owners, hasMore } = await commit((file) => {
          const purged = purge(file, deleted)
          const calls = file.statement(FORGET_CALLS).run(retries).changes
          const found = findWords(file)
          const most = Math.max(purged.count, calls, found)
          return { owners: purged.owners, hasMore: most >= BATCH }
        })
        for (const owner of owners) tell(owner)
        return hasMore
      } finally {
        isSweeping = false
      }
    },
  }
}

/** Forgets tasks that were deleted before a time, and says in their owners' feeds that it did. */
function purge(file: OpenFile, before: string): { owners: Owner[]; count: number } {
  const rows = file
    .statement<{ user_id: Owner; id: string; sequence: number; words: number | null }, [string]>(
      DELETED,
    )
    .all(before)
  const horizons = new Map<Owner, number>()
  for (const { user_id, id, sequence, words } of rows) {
    if (words) forgetWords(file, words)
    file.statement(FORGET_TASK).run(user_id, id)
    horizons.set(user_id, Math.max(horizons.get(user_id) ?? 0, sequence))
  }
  for (const [owner, horizon] of horizons) file.statement(RAISE_HORIZON).run(horizon, owner)
  return { owners: [...horizons.keys()], count: rows.length }
}

function findWords(file: OpenFile): number {
  const rows = file
    .statement<{ user_id: string; id: string; text: string; indexed: number }, []>(WITHOUT_WORDS)
    .all()
  for (const { user_id, id, text, indexed } of rows) {
    const words = indexed ? addWords(file, user_id, text) : NO_WORDS
    file.statement(HAS_WORDS).run(words, user_id, id)
  }
  return rows.length
}
