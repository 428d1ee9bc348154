import {
  type ArchivedItem,
  type ArchivedKey,
  type ArchivedList,
  applyImport,
} from '../../core/archive.ts'
import type { Owner } from '../../core/owner.ts'
import type { ArchiveSection, TaskArchive } from '../../core/ports.ts'
import type { Connection, OpenFile } from './connection.ts'
import type { GroupCommit } from './group-commit.ts'
import { LIST_COLUMNS, type ListRow, toList } from './list-rows.ts'
import { readOwner, storeEffect } from './owner-tasks.ts'
import { COLUMNS, type Row, toTask, VALUE } from './rows.ts'

interface Owned {
  readonly user_id: Owner
}

const PAGE = 500

// The commands must stay within 100 MB of memory, and read nothing twice.
const SMALL_CACHE = 'pragma cache_size = -4000'

const SECTIONS: Readonly<Record<ArchiveSection, { source: string; condition: string }>> = {
  lists: { source: `${LIST_COLUMNS} from lists`, condition: '+deleted_at is null' },
  tasks: { source: `${COLUMNS} from tasks`, condition: 'erased = 0 and parent_id is null' },
  subtasks: { source: `${COLUMNS} from tasks`, condition: 'erased = 0 and +parent_id is not null' },
}

/** The statement that reads a page, and its values. */
function pageOf(
  section: ArchiveSection,
  owner: Owner | null,
  after: ArchivedKey | null,
): [sql: string, values: string[]] {
  const { source, condition } = SECTIONS[section]
  const page = (where: string) => `
    select user_id, ${source} where ${where} and ${condition}
    order by user_id, id limit ${PAGE}`
  if (owner === null)
    return after
      ? [page(`(user_id, id) > (${VALUE}, ${VALUE})`), [after.user_id, after.id]]
      : [page('true'), []]
  return after
    ? [page(`user_id = ${VALUE} and id > ${VALUE}`), [owner, after.id]]
    : [page(`user_id = ${VALUE}`), [owner]]
}

// `storeEffect` replaces tombstones of lists.
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
  return {
    read(section, owner, after) {
      const [sql, values] = pageOf(section, owner, after)
      return run((file): ArchivedItem[] => {
        file.statement(SMALL_CACHE).run()
        return section === 'lists'
          ? file
              .statement<ListRow & Owned, string[]>(sql)
              .all(...values)
              .map(toArchivedList)
          : file
              .statement<Row & Owned, string[]>(sql)
              .all(...values)
              .map((row) => ({ user_id: row.user_id, ...toTask(row) }))
      })
    },

    async add(items) {
      const byOwner = Map.groupBy(items, ({ user_id }) => user_id)
      const added = await commit((file) => {
        file.statement(SMALL_CACHE).run()
        return Array.from(byOwner, ([owner, own]) => addTo(file, owner, own, newEpoch))
      })
      for (const owner of byOwner.keys()) notify(owner)
      return added.reduce((sum, count) => sum + count, 0)
    },
  }
}

function toArchivedList({ user_id, ...row }: ListRow & Owned): ArchivedList {
  return { type: 'list', user_id, ...toList(row) }
}

function addTo(
  file: OpenFile,
  owner: Owner,
  items: readonly ArchivedItem[],
  newEpoch: () => string,
): number {
  const state = readOwner(file, owner)
  const { added, ...effect } = applyImport(state, items, newEpoch)
  for (const { before, after } of effect.taskChanges)
    if (before === null) file.statement(DELETE_TOMBSTONE).run(owner, after.id)
  storeEffect(file, owner, state.record, { ...effect, remember: null })
  return added
}
