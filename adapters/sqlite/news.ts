import type { FoundNews, NewsRanges } from '../../core/feed.ts'
import type { OpenFile } from './connection.ts'
import { LIST_COLUMNS, type ListRow, toList } from './list-rows.ts'
import { COLUMNS, LIVE, type Row, toTask, VALUE } from './rows.ts'

interface Sequence {
  readonly sequence: number
}

// The reader never saw what was deleted before it began.
const TASKS = `
  select sequence, ${COLUMNS} from tasks indexed by tasks_sequence
  where user_id = ${VALUE} and (sequence, id) > (${VALUE}, ${VALUE})
    and (${LIVE} or sequence > ${VALUE})
  order by sequence, id limit ${VALUE}`

const LISTS = `
  select sequence, ${LIST_COLUMNS} from lists indexed by lists_sequence
  where user_id = ${VALUE} and (sequence, id) > (${VALUE}, ${VALUE})
  order by sequence, id limit ${VALUE}`

const SNAPSHOT = `
  select ${LIST_COLUMNS} from lists
  where user_id = ${VALUE} and id > ${VALUE} and +deleted_at is null
  order by id limit ${VALUE}`

/** Up to `count` of each kind that is news. */
export function readNews(
  file: OpenFile,
  owner: string,
  { tasks, lists, snapshot, since }: NewsRanges,
  count: number,
): FoundNews {
  const taskRows = file
    .statement<Row & Sequence, [string, number, string, number, number]>(TASKS)
    .all(owner, tasks.sequence, tasks.id, since, count)
  const listRows = file
    .statement<ListRow & Sequence, [string, number, string, number]>(LISTS)
    .all(owner, lists.sequence, lists.id, count)
  const snapshotRows =
    snapshot === null
      ? []
      : file.statement<ListRow, [string, string, number]>(SNAPSHOT).all(owner, snapshot, count)
  return {
    tasks: taskRows.map((row) => ({ sequence: row.sequence, item: toTask(row) })),
    lists: listRows.map(({ sequence, ...row }) => ({ sequence, item: toList(row) })),
    snapshot: snapshotRows.map(toList),
  }
}
