import { changeOf, changePage, NO_FEED, revisionOf, startIn } from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskRepository } from '../../core/ports.ts'
import type { Pool } from './connection/pool.ts'
import {
  arrayOf,
  callsOf,
  INTEGER,
  TEXT,
  TEXT_ARRAY,
  UUID,
  UUID_ARRAY,
} from './connection/statement.ts'
import { createLists } from './lists.ts'
import { type FeedRow, TASK, type TaskRow, toFeed, toTask } from './rows.ts'
import { createSharing, deadlineOf, type Shared } from './sharing.ts'
import { createWriteGroups } from './write-groups.ts'

// `limit 1`: whatever the planner thinks of a join, a task is looked up by its key.
const GET = {
  text: `
    select call.number, found.task
    from ${callsOf(['owner', 'id'])},
      lateral (
        select ${TASK} as task from tasks
        where tasks.user_id = call.owner and tasks.id = call.id and tasks.deleted_at is null
        limit 1
      ) as found`,
  types: [TEXT_ARRAY, UUID_ARRAY],
}

const REVISION = {
  text: 'select epoch, sequence, horizon from owners where user_id = $1',
  types: [TEXT],
}

// Without a position (a negative number), deletions do not concern the reader.
const CHANGES = {
  text: `
    select epoch, owners.sequence, horizon, number, task
    from (select) as always
    left join owners on user_id = $1
    left join lateral (
      select tasks.sequence as number, ${TASK} as task from tasks
      where user_id = $1 and (tasks.sequence, tasks.id) > ($2::bigint, $3)
        and (tasks.deleted_at is null or tasks.sequence > coalesce($4::bigint, owners.sequence))
      order by tasks.sequence, tasks.id limit $5
    ) as page on true`,
  types: [TEXT, TEXT, UUID, TEXT, INTEGER],
}

const FROM_THE_START = { sequence: -1, id: '00000000-0000-0000-0000-000000000000', since: null }

/** A task of the feed and the state of the feed; or only the latter. */
interface ChangeRow extends FeedRow {
  readonly number: string | null
  readonly task: TaskRow | null
}

interface GetCall {
  readonly owner: Owner
  readonly id: string
}

/**
 * @param options.newEpoch names the feed of a new owner.
 * @param options.onWrite called with the new number of an owner's feed.
 * @param options.timeoutMs longest that a call may take.
 */
export function createPostgresRepository(options: {
  readonly pool: Pick<Pool, 'run' | 'transaction'>
  readonly newEpoch: () => string
  readonly onWrite: (owner: Owner, sequence: number) => void
  readonly timeoutMs: number
}): TaskRepository {
  const { pool, timeoutMs } = options

  async function getAll(group: readonly Shared<GetCall>[], isRepeated: boolean) {
    const calls = group.map(({ call }) => call)
    const values = [arrayOf(calls.map(({ owner }) => owner)), arrayOf(calls.map(({ id }) => id))]
    const rows = await pool.run<{ number: string; task: TaskRow }>(GET, values, {
      isRepeated,
      deadline: deadlineOf(group),
    })
    const tasks = new Map(rows.map(({ number, task }) => [Number(number), toTask(task)]))
    return calls.map((_, index) => tasks.get(index + 1) ?? null)
  }

  const get = createSharing({
    run: (group: readonly Shared<GetCall>[]) => getAll(group, false),
    runAlone: async (one) => (await getAll([one], true))[0] ?? null,
    statements: 2,
    timeoutMs,
  })

  return {
    list: createLists(pool, timeoutMs),

    get: (owner, id) => get({ owner, id }),

    async revision(owner) {
      const [row] = await pool.run<FeedRow>(REVISION, [owner])
      return revisionOf(row ? toFeed(row) : NO_FEED)
    },

    write: createWriteGroups(options),

    async changes(owner, after, limit) {
      const { sequence, id, since } = after ?? FROM_THE_START
      const values = [owner, `${sequence}`, id, since === null ? null : `${since}`, `${limit + 1}`]
      const rows = await pool.run<ChangeRow>(CHANGES, values)
      const [row] = rows
      const feed = row ? toFeed(row) : NO_FEED
      const start = startIn(feed, after)
      if (start === null) return null
      const found = rows.flatMap(({ number, task }) =>
        task === null ? [] : [{ sequence: Number(number), change: changeOf(toTask(task)) }],
      )
      return changePage(feed, start, found, limit)
    },
  }
}
