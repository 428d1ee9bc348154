import { type ArchivedTask, applyImport } from '../../core/archive.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskArchive } from '../../core/ports.ts'
import type { Connection, OpenFile } from './connection.ts'
import type { GroupCommit } from './group-commit.ts'
import { readOwner, storeEffect } from './owner-tasks.ts'
import { COLUMNS, type Row, toTask, VALUE } from './rows.ts'

interface OwnedRow extends Row {
  readonly user_id: Owner
}

const PAGE = 500

const OF_ONE = {
  first: page(`user_id = ${VALUE}`),
  next: page(`user_id = ${VALUE} and id > ${VALUE}`),
}
const OF_ALL = { first: page('true'), next: page(`(user_id, id) > (${VALUE}, ${VALUE})`) }

function page(where: string): string {
  return `select user_id, ${COLUMNS} from tasks where ${where} and erased = 0
    order by user_id, id limit ${PAGE}`
}

const DELETE_TOMBSTONE = 'delete from tasks where user_id = ? and id = ? and erased = 1'

/**
 * @param newEpoch generates the epoch of a new owner's feed.
 * @param notify called with an owner after each change of the owner's tasks.
 */
export function createSqliteArchive(
  { run }: Connection,
  commit: GroupCommit,
  newEpoch: () => string,
  notify: (owner: Owner) => void,
): TaskArchive {
  function select(statement: string, values: string[]): Promise<ArchivedTask[]> {
    return run((file) =>
      file
        .statement<OwnedRow, string[]>(statement)
        .all(...values)
        .map((row) => ({ user_id: row.user_id, ...toTask(row) })),
    )
  }

  return {
    read(owner, after) {
      if (owner !== null)
        return after ? select(OF_ONE.next, [owner, after.id]) : select(OF_ONE.first, [owner])
      return after ? select(OF_ALL.next, [after.user_id, after.id]) : select(OF_ALL.first, [])
    },

    async add(tasks) {
      const byOwner = Map.groupBy(tasks, ({ user_id }) => user_id)
      const added = await commit((file) =>
        Array.from(byOwner, ([owner, own]) => addTo(file, owner, own, newEpoch)),
      )
      for (const owner of byOwner.keys()) notify(owner)
      return added.reduce((sum, count) => sum + count, 0)
    },
  }
}

function addTo(
  file: OpenFile,
  owner: Owner,
  tasks: readonly ArchivedTask[],
  newEpoch: () => string,
): number {
  const state = readOwner(file, owner)
  const { added, ...effect } = applyImport(state, tasks, newEpoch)
  for (const { before, task } of effect.changes)
    if (before === null) file.statement(DELETE_TOMBSTONE).run(owner, task.id)
  storeEffect(file, owner, state.record, { ...effect, remember: null })
  return added
}
