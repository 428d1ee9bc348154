import {
  type Change,
  type ChangePage,
  changePage,
  type FeedPosition,
  type NumberedChange,
  revisionOf,
  startIn,
} from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskRepository, WriteCall, WriteResult } from '../../core/ports.ts'
import { applyWrite, type WriteOutcome } from '../../core/writes.ts'
import type { Connection, OpenFile } from './connection.ts'
import { type GroupCommit, undoable } from './group-commit.ts'
import { atOneMoment, readFeed, readList } from './lists.ts'
import { createOwnerSession } from './owner-tasks.ts'
import { COLUMNS, LIVE, type Row, tasksBy, toTask, VALUE } from './rows.ts'

const GET = `select ${COLUMNS} from tasks where user_id = ? and id = ? and ${LIVE}`

const COMPLETED = `select id from tasks where user_id = ${VALUE} and ${LIVE} and completed = 1`

// Deletions from before the reader began are not the reader's: see core's isNews.
const changesIn = (tasks: string) => `
  select sequence, ${COLUMNS} from ${tasks} user_id = ${VALUE} and (sequence, id) > (${VALUE}, ${VALUE})
    and (${LIVE} or sequence > ${VALUE})
  order by sequence, id limit ${VALUE}`

const CHANGES = changesIn(tasksBy('', false))
const CHANGES_OF_MANY = changesIn(tasksBy('tasks_by_sequence', true))

const REMEMBERED = `
  select fingerprint, outcomes from remembered_calls where user_id = ? and key = ? and made_at >= ?`

const REMEMBER = `
  insert or replace into remembered_calls (user_id, key, fingerprint, made_at, outcomes)
  values (?, ?, ?, ?, ?)`

// Changes nothing, and fails where nothing can be changed.
const TRY_TO_WRITE = 'update feeds set live = live where false'

/** What became of work on an owner's tasks, and whether the owner's feed went on. */
interface Written<Result> {
  readonly result: Result
  readonly isNews: boolean
}

/**
 * @param tell called with an owner whose feed went on.
 * @param many how many tasks an owner has to have added for indexes to pay.
 */
export function createSqliteRepository(
  { run }: Connection,
  commit: GroupCommit,
  tell: (owner: Owner) => void,
  many: number,
): TaskRepository {
  async function write<Result>(
    owner: Owner,
    work: (file: OpenFile) => Written<Result>,
  ): Promise<Result> {
    const { result, isNews } = await commit((file) => {
      const written = work(file)
      // In a file that is read-only SQLite lets even writing transactions begin.
      if (!written.isNews) file.statement(TRY_TO_WRITE).run()
      return written
    })
    if (isNews) tell(owner)
    return result
  }

  return {
    list: (owner, query) => run((file) => readList(file, owner, query)),

    get: (owner, id) =>
      run((file) => {
        const row = file.statement<Row, [string, string]>(GET).get(owner, id)
        return row && toTask(row)
      }),

    revision: (owner) => run((file) => revisionOf(readFeed(file, owner))),

    write: (owner, call) => write(owner, (file) => answer(file, owner, call, many)),

    clearCompleted: (owner, permanent, now) =>
      write(owner, (file) => {
        const rows = file.statement<{ id: string }, [string]>(COMPLETED).all(owner)
        const writes = rows.map(
          ({ id }) => ({ op: 'delete', id, versions: null, permanent }) as const,
        )
        const { isNews } = writeAll(file, owner, { writes, atomic: false, now }, many)
        return { result: writes.length, isNews }
      }),

    changes: (owner, after, limit) => run((file) => readChanges(file, owner, after, limit)),
  }
}

/** What `TaskRepository.write` does. */
function answer(file: OpenFile, owner: Owner, call: WriteCall, many: number): Written<WriteResult> {
  const { retry, atomic } = call
  const before =
    retry &&
    file
      .statement<{ fingerprint: string; outcomes: string }, [string, string, string]>(REMEMBERED)
      .get(owner, retry.key, retry.rememberedSince)
  if (before) {
    if (before.fingerprint !== retry?.fingerprint)
      return { result: { kind: 'key_reused' }, isNews: false }
    // Written by the statement below, by whichever version of the service.
    const outcomes = JSON.parse(before.outcomes) as WriteOutcome[]
    return { result: { kind: 'answered', outcomes, replayed: true }, isNews: false }
  }
  // A lone write has written nothing where it is not done.
  const isUndoable = atomic && call.writes.length > 1
  const { outcomes, isNews } = isUndoable
    ? undoable(file, () => {
        const written = writeAll(file, owner, call, many)
        return { result: written, isKept: isDone(written.outcomes) }
      })
    : writeAll(file, owner, call, many)
  if (retry && (!atomic || isDone(outcomes)))
    file
      .statement(REMEMBER)
      .run(owner, retry.key, retry.fingerprint, call.now, JSON.stringify(outcomes))
  return { result: { kind: 'answered', outcomes, replayed: false }, isNews }
}

function isDone(outcomes: readonly WriteOutcome[]): boolean {
  return outcomes.every(({ kind }) => kind === 'done')
}

function writeAll(
  file: OpenFile,
  owner: Owner,
  { writes, atomic, now }: Pick<WriteCall, 'writes' | 'atomic' | 'now'>,
  many: number,
): { outcomes: WriteOutcome[]; isNews: boolean } {
  const session = createOwnerSession(file, owner, many)
  const outcomes: WriteOutcome[] = []
  for (const write of writes) {
    const outcome = applyWrite(session.tasks, write, now)
    outcomes.push(outcome)
    if (atomic && outcome.kind !== 'done') return { outcomes, isNews: false }
  }
  return { outcomes, isNews: session.finish() }
}

function readChanges(
  file: OpenFile,
  owner: Owner,
  after: FeedPosition | null,
  limit: number,
): ChangePage | null {
  return atOneMoment(file, () => {
    const feed = readFeed(file, owner)
    const start = startIn(feed, after)
    if (start === null) return null
    const rows = file
      .statement<Row & { sequence: number }, [string, number, string, number, number]>(
        feed.indexed ? CHANGES_OF_MANY : CHANGES,
      )
      .all(owner, start.sequence, start.id, start.since, limit + 1)
    return changePage(feed, start, rows.map(toChange), limit)
  })
}

function toChange(row: Row & { readonly sequence: number }): NumberedChange {
  const { sequence, id, deleted_at } = row
  const change: Change =
    deleted_at === null ? { type: 'upsert', task: toTask(row) } : { type: 'delete', id, deleted_at }
  return { sequence, change }
}
