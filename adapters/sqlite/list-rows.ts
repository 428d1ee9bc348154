import type { ListChange } from '../../core/draft.ts'
import type { List } from '../../core/list.ts'
import type { OpenFile } from './connection.ts'

/** A list in the file. */
export interface ListRow extends Omit<List, 'deleted_at'> {
  readonly deleted_at: string | null
}

const names = [
  'id',
  'name',
  'color',
  '"order"',
  'version',
  'created_at',
  'updated_at',
  'deleted_at',
]

export const LIST_COLUMNS = names.join()

const LIVE_LISTS = `select ${LIST_COLUMNS} from lists where user_id = ? and +deleted_at is null`

const FIND_LIST = `${LIVE_LISTS} and id = ?`

const STORE = `
  insert or replace into lists (user_id, sequence, ${LIST_COLUMNS})
  values (?, ?${', ?'.repeat(names.length)})`

export function toList({ deleted_at, ...list }: ListRow): List {
  return deleted_at === null ? list : { ...list, deleted_at }
}

export function readLists(file: OpenFile, owner: string): List[] {
  return file.statement<ListRow, [string]>(LIVE_LISTS).all(owner).map(toList)
}

export function findList(file: OpenFile, owner: string, id: string): List | null {
  const row = file.statement<ListRow, [string, string]>(FIND_LIST).get(owner, id)
  return row && toList(row)
}

/** Also replaces a tombstone. */
export function storeList(
  file: OpenFile,
  owner: string,
  sequence: number,
  { after }: ListChange,
): void {
  const { id, name, color, order, version, created_at, updated_at, deleted_at = null } = after
  file
    .statement(STORE)
    .run(owner, sequence, id, name, color, order, version, created_at, updated_at, deleted_at)
}
