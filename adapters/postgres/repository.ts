import {
  beginningOf,
  changePage,
  NO_FEED,
  type Numbered,
  newsRanges,
  revisionOf,
  startIn,
} from '../../core/feed.ts'
import type { List } from '../../core/list.ts'
import { compareOrder } from '../../core/order.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskRepository } from '../../core/ports.ts'
import type { Task } from '../../core/task.ts'
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
import { LIST, type ListRow, toList } from './list-rows.ts'
import { createPages } from './pages.ts'
import { type FeedRow, TASK, type TaskRow, toFeed, toTask } from './rows.ts'
import { createSharing, deadlineOf, type Shared } from './sharing.ts'
import { createWriteGroups } from './write-groups.ts'

// `limit 1` makes the planner look up each task by its key instead of joining.
const GET = {
  text: `
    select call.number, result.task
    from ${callsOf(['owner', 'id'])},
      lateral (
        select ${TASK} as task from tasks
        where tasks.user_id = call.owner and tasks.id = call.id and tasks.deleted_at is null
        limit 1
      ) as result`,
  types: [TEXT_ARRAY, UUID_ARRAY],
}

const REVISION = {
  text: 'select epoch, sequence, horizon from owners where user_id = $1',
  types: [TEXT],
}

const LISTS = {
  text: `
    select epoch, sequence, horizon, (
      select json_agg(json_build_array(${LIST}, coalesce(tasks.open, 0)))
      from lists left join (
        select list_id, count(*)::integer as open from tasks
        where user_id = $1 and list_id is not null and not completed and deleted_at is null
        group by list_id
      ) as tasks on tasks.list_id = lists.id
      where lists.user_id = $1 and lists.deleted_at is null
    ) as lists
    from (select) as always left join owners on user_id = $1`,
  types: [TEXT],
}

interface ListsRow extends FeedRow {
  /** `null` if there are none. */
  readonly lists: readonly (readonly [list: ListRow, open: number])[] | null
}

const GET_LIST = {
  text: `
    select ${LIST} as list from lists
    where user_id = $1 and id = $2 and deleted_at is null`,
  types: [TEXT, UUID],
}

// Each part is `NewsRanges` of one kind. Without `$5`, the reader has no earlier state, and gets no deletions.
const CHANGES = {
  text: `
    select epoch, owners.sequence, horizon, kind, number, item
    from (select) as always
    left join owners on user_id = $1
    left join lateral (
      (
        select 'snapshot' as kind, null::bigint as number, ${LIST} as item from lists
        where user_id = $1 and deleted_at is null and id > $2
        order by id limit $6
      )
      union all
      (
        select 'list', lists.sequence, ${LIST} from lists
        where user_id = $1 and (lists.sequence, id) > (coalesce($3::bigint, owners.sequence), $4)
        order by lists.sequence, id limit $6
      )
      union all
      (
        select 'task', tasks.sequence, ${TASK} from tasks
        where user_id = $1 and (tasks.sequence, id) > ($7::bigint, $8)
          and (deleted_at is null or tasks.sequence > coalesce($5::bigint, owners.sequence))
        order by tasks.sequence, id limit $6
      )
    ) as page on true`,
  types: [TEXT, UUID, TEXT, UUID, TEXT, INTEGER, TEXT, UUID],
}

/** Something in the feed, with the state of the feed; only the state if there is nothing. */
type ChangeRow = FeedRow & { readonly number: string | null } & (
    | { readonly kind: 'snapshot' | 'list'; readonly item: ListRow }
    | { readonly kind: 'task'; readonly item: TaskRow }
    | { readonly kind: null }
  )

interface GetCall {
  readonly owner: Owner
  readonly id: string
}

/**
 * @param options.newEpoch generates the epoch of a new owner's feed.
 * @param options.onWrite called with the new number of an owner's feed.
 * @param options.timeoutMs time limit of a call.
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
    list: createPages(pool, timeoutMs),

    get: (owner, id) => get({ owner, id }),

    async revision(owner) {
      const [row] = await pool.run<FeedRow>(REVISION, [owner])
      return revisionOf(row ? toFeed(row) : NO_FEED)
    },

    write: createWriteGroups(options),

    async lists(owner) {
      const [row] = await pool.run<ListsRow>(LISTS, [owner])
      const lists = (row?.lists ?? []).map(([list, open]) => ({ ...toList(list), open }))
      return { lists: lists.sort(compareOrder), revision: revisionOf(row ? toFeed(row) : NO_FEED) }
    },

    async getList(owner, id) {
      const [row] = await pool.run<{ list: ListRow }>(GET_LIST, [owner, id])
      return row ? toList(row.list) : null
    },

    async changes(owner, after, limit) {
      const { tasks, lists, snapshot, since } = newsRanges(after ?? beginningOf(NO_FEED))
      const rows = await pool.run<ChangeRow>(CHANGES, [
        owner,
        snapshot,
        after && `${lists.sequence}`,
        lists.id,
        after && `${since}`,
        `${limit + 1}`,
        `${tasks.sequence}`,
        tasks.id,
      ])
      const [row] = rows
      const feed = row ? toFeed(row) : NO_FEED
      const start = startIn(feed, after)
      if (start === null) return null
      const found: {
        snapshot: List[]
        lists: Numbered<List>[]
        tasks: Numbered<Task>[]
      } = { snapshot: [], lists: [], tasks: [] }
      for (const row of rows) {
        const sequence = Number(row.number)
        if (row.kind === 'task') found.tasks.push({ sequence, item: toTask(row.item) })
        if (row.kind === 'list') found.lists.push({ sequence, item: toList(row.item) })
        if (row.kind === 'snapshot') found.snapshot.push(toList(row.item))
      }
      return changePage(feed, start, found, limit)
    },
  }
}
