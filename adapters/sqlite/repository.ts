import { applyCall } from '../../core/calls.ts'
import {
  type ChangePage,
  changeOf,
  changePage,
  type FeedPosition,
  revisionOf,
  startIn,
} from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskRepository } from '../../core/ports.ts'
import type { Connection, OpenFile } from './connection.ts'
import { createFairReads } from './fair-reads.ts'
import type { GroupCommit } from './group-commit.ts'
import { inReadTransaction, readList } from './lists.ts'
import { readOwner, readRecord, storeEffect } from './owner-tasks.ts'
import { COLUMNS, LIVE, type Row, toTask, VALUE } from './rows.ts'

const GET = `select ${COLUMNS} from tasks where user_id = ? and id = ? and ${LIVE}`

// Deletions from before the reader began do not concern it: see `isNews` in core/feed.ts.
const CHANGES = `
  select sequence, ${COLUMNS} from tasks indexed by tasks_sequence
  where user_id = ${VALUE} and (sequence, id) > (${VALUE}, ${VALUE})
    and (${LIVE} or sequence > ${VALUE})
  order by sequence, id limit ${VALUE}`

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

  return {
    async list(owner, query) {
      const page = await run((file) =>
        inReadTransaction(file, () => {
          const first = readList(file, owner, query).next()
          return first.done === true ? first.value : null
        }),
      )
      return page ?? readFairly(owner, (file) => readList(file, owner, query))
    },

    get: (owner, id) =>
      run((file) => {
        const row = file.statement<Row, [string, string]>(GET).get(owner, id)
        return row && toTask(row)
      }),

    revision: (owner) => run((file) => revisionOf(readRecord(file, owner))),

    async write(owner, call) {
      const { result, changes } = await commit((file) => {
        const state = readOwner(file, owner)
        const effect = applyCall(state, call, newEpoch)
        storeEffect(file, owner, state.record, effect)
        // In a read-only file, SQLite lets a transaction begin and fails only when it writes.
        if (effect.changes.length === 0) file.statement(TRY_TO_WRITE).run()
        return effect
      })
      if (changes.length > 0) notify(owner)
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
    const found = file
      .statement<Row & { sequence: number }, [string, number, string, number, number]>(CHANGES)
      .all(owner, start.sequence, start.id, start.since, limit + 1)
      .map((row) => ({ sequence: row.sequence, change: changeOf(toTask(row)) }))
    return changePage(feed, start, found, limit)
  })
}
