import { applyCall } from '../../core/calls.ts'
import {
  type ChangePage,
  changePage,
  type FeedPosition,
  newsRanges,
  revisionOf,
  startIn,
} from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskRepository } from '../../core/ports.ts'
import { type Connection, inReadTransaction, type OpenFile } from './connection.ts'
import { createFairReads } from './fair-reads.ts'
import type { GroupCommit } from './group-commit.ts'
import { findList } from './list-rows.ts'
import { readNews } from './news.ts'
import { readOwner, readRecord, storeEffect } from './owner-state.ts'
import { readCountedLists, readTaskPage } from './pages.ts'
import { COLUMNS, LIVE, type Row, toTask } from './rows.ts'

const GET = `select ${COLUMNS} from tasks where user_id = ? and id = ? and ${LIVE}`

// Changes nothing, but fails if the file is read-only.
const TRY_TO_WRITE = 'update owners set live = live where false'

/**
 * @param newEpoch generates the epoch of a new owner's feed.
 * @param notify called with an owner after each change of the owner's tasks.
 */
export function createSqliteRepository(
  connection: Connection,
  commit: GroupCommit,
  newEpoch: () => string,
  notify: (owner: Owner) => void,
): TaskRepository {
  const { run } = connection
  const readFairly = createFairReads(connection)

  /** Reads at once what is one part; otherwise fairly. */
  async function read<Result>(
    owner: Owner,
    parts: (file: OpenFile) => Generator<void, Result>,
  ): Promise<Result> {
    const first = await run((file) => inReadTransaction(file, () => parts(file).next()))
    return first.done === true ? first.value : readFairly(owner, parts)
  }

  return {
    list: (owner, query) => read(owner, (file) => readTaskPage(file, owner, query)),

    lists: (owner) => read(owner, (file) => readCountedLists(file, owner)),

    getList: (owner, id) => run((file) => findList(file, owner, id)),

    get: (owner, id) =>
      run((file) => {
        const row = file.statement<Row, [string, string]>(GET).get(owner, id)
        return row && toTask(row)
      }),

    revision: (owner) => run((file) => revisionOf(readRecord(file, owner))),

    async write(owner, call) {
      const { result, hasChanged } = await commit((file) => {
        const state = readOwner(file, owner)
        const effect = applyCall(state, call, newEpoch)
        storeEffect(file, owner, state.record, effect)
        const hasChanged = effect.record !== state.record
        // In a read-only file, SQLite lets a transaction begin and fails only when it writes.
        if (!hasChanged) file.statement(TRY_TO_WRITE).run()
        return { result: effect.result, hasChanged }
      })
      if (hasChanged) notify(owner)
      return result
    },

    changes: (owner, after, limit) => run((file) => readChanges(file, owner, after, limit)),
  }
}

function readChanges(
  file: OpenFile,
  owner: Owner,
  after: FeedPosition | null,
  limit: number,
): ChangePage | null {
  return inReadTransaction(file, () => {
    const feed = readRecord(file, owner)
    const start = startIn(feed, after)
    if (start === null) return null
    const found = readNews(file, owner, newsRanges(start), limit + 1)
    return changePage(feed, start, found, limit)
  })
}
