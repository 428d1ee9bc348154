import { type Change, changePage, isNews, revisionOf, startIn } from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskRepository, WriteCall, WriteResult } from '../../core/ports.ts'
import { wordsOf } from '../../core/search.ts'
import type { Task } from '../../core/task.ts'
import type { WriteOutcome } from '../../core/writes.ts'
import type { Pool } from './connection/pool.ts'
import { BOOLEAN, INTEGER, TEXT, UUID } from './connection/statement.ts'
import { createLists } from './lists.ts'
import { type FeedRow, TASK, type TaskRow, toFeed, toTask } from './rows.ts'
import { createSharedStatements } from './shared-statements.ts'

const REVISION = {
  text: 'select epoch, sequence, horizon from feeds where user_id = $1',
  types: [TEXT],
}

const WRITE = { text: 'select taskport_write($1::jsonb) as answers', types: [TEXT] }

const CLEAR = {
  text: 'select cleared, number from taskport_clear($1, $2, $3::timestamptz)',
  types: [TEXT, BOOLEAN, TEXT],
}

// Without a position (a negative number), deletions are none of the reader's. Of the two parts one is
// empty: see migration 0009.
const CHANGES = {
  text: `
    select epoch, feeds.sequence, horizon, number, task
    from (select) as always
    left join feeds on user_id = $1
    left join lateral (
      ${changes('tasks.indexed and feeds.indexed is not false')}
      union all ${changes('feeds.indexed is false')}
    ) as page on true`,
  types: [TEXT, TEXT, UUID, TEXT, INTEGER],
}

function changes(condition: string): string {
  return `(
    select tasks.sequence as number, ${TASK} as task from tasks
    where user_id = $1 and (tasks.sequence, tasks.id) > ($2::bigint, $3)
      and (tasks.deleted_at is null or tasks.sequence > coalesce($4::bigint, feeds.sequence))
      and ${condition}
    order by tasks.sequence, tasks.id limit $5)`
}

const FROM_THE_START = { sequence: -1, id: '00000000-0000-0000-0000-000000000000', since: null }

/** A task of the feed, and the feed itself; or the feed alone. */
interface ChangeRow extends FeedRow {
  readonly number: string | null
  readonly task: TaskRow | null
}

/** A task as SQL's `taskport_json` makes it, its times as the core has them. */
interface StoredTask extends Omit<Task, 'deleted_at'> {
  readonly deleted_at: string | null
}

/** An outcome as SQL makes it. */
type StoredOutcome =
  | { readonly kind: 'done'; readonly task: StoredTask | null }
  | Exclude<WriteOutcome, { kind: 'done' }>

type StoredResult =
  | {
      readonly kind: 'answered'
      readonly outcomes: readonly StoredOutcome[]
      readonly replayed: boolean
      readonly sequence?: number | null
    }
  | { readonly kind: 'key_reused' }

/**
 * @param onWrite is told of each write that took a number of its owner's feed.
 * @param timeoutMs longest that a call waits for a statement that it shares with others.
 */
export function createPostgresRepository(
  pool: Pick<Pool, 'run'>,
  onWrite: (owner: Owner, sequence: number) => void,
  timeoutMs: number,
): TaskRepository {
  const { run } = pool
  const shared = createSharedStatements(pool, onWrite, timeoutMs)
  const list = createLists(pool, timeoutMs)

  return {
    list,

    get: (owner, id) => shared.get({ owner, id }),

    async revision(owner) {
      const [row] = await run<FeedRow>(REVISION, [owner])
      return revisionOf(toFeed(row ?? NO_ROW))
    },

    async write(owner, call) {
      const { writes, now, retry } = call
      const [only, ...others] = writes
      if (only && others.length === 0 && !retry) {
        if (only.op === 'create')
          return answered({ kind: 'done', task: await shared.create({ ...only, owner, now }) })
        if (only.op === 'patch') return answered(await shared.patch({ ...only, owner, now }))
      }
      const [row] = await run<{ answers: StoredResult[] }>(WRITE, [
        JSON.stringify([sent(owner, call)]),
      ])
      const answer = row?.answers[0]
      if (answer === undefined) throw new Error('taskport_write gave no answer')
      if (answer.kind === 'key_reused') return answer
      if (answer.sequence) onWrite(owner, answer.sequence)
      const { outcomes, replayed } = answer
      return { kind: 'answered', outcomes: outcomes.map(toOutcome), replayed }
    },

    async clearCompleted(owner, permanent, now) {
      const [row] = await run<{ cleared: number; number: string | null }>(CLEAR, [
        owner,
        permanent,
        now,
      ])
      if (row?.number) onWrite(owner, Number(row.number))
      return row?.cleared ?? 0
    },

    async changes(owner, after, limit) {
      const { sequence, id, since } = after ?? FROM_THE_START
      const values = [owner, `${sequence}`, id, since === null ? null : `${since}`, `${limit + 1}`]
      const rows = await run<ChangeRow>(CHANGES, values)
      const feed = toFeed(rows[0] ?? NO_ROW)
      const start = startIn(feed, after)
      if (start === null) return null
      const found = rows.flatMap(({ number, task }) =>
        task === null ? [] : [{ sequence: Number(number), change: toChange(toTask(task)) }],
      )
      return changePage(
        feed,
        start,
        found.filter((one) => isNews(one, start)),
        limit,
      )
    },
  }
}

const NO_ROW: FeedRow = { epoch: null, sequence: null, horizon: null }

function answered(outcome: WriteOutcome): WriteResult {
  return { kind: 'answered', outcomes: [outcome], replayed: false }
}

/** A call in the form that `taskport_write` takes. */
function sent(owner: Owner, { writes, atomic, now, retry }: WriteCall) {
  return {
    owner,
    now,
    atomic,
    retry: retry && {
      key: retry.key,
      fingerprint: retry.fingerprint,
      since: retry.rememberedSince,
    },
    writes: writes.map((write) => {
      const text =
        write.op === 'create' ? write.text : write.op === 'patch' ? write.patch.text : null
      return {
        ...write,
        ...(write.op === 'patch' && write.patch),
        words: text ? wordsOf(text) : [],
      }
    }),
  }
}

function toOutcome(outcome: StoredOutcome): WriteOutcome {
  if (outcome.kind !== 'done') return outcome
  if (outcome.task === null) return { kind: 'done', task: null }
  const { deleted_at, ...task } = outcome.task
  return { kind: 'done', task: deleted_at === null ? task : { ...task, deleted_at } }
}

function toChange(task: Task): Change {
  const { id, deleted_at } = task
  return deleted_at === undefined ? { type: 'upsert', task } : { type: 'delete', id, deleted_at }
}
