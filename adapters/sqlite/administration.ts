import type { Owner } from '../../core/owner.ts'
import {
  type OwnerAdministration,
  type OwnerContents,
  type OwnerSummary,
  type Renewal,
  type RenewalPlace,
  VERSION_JUMP,
} from '../../core/ports.ts'
import type { Connection, OpenFile } from './connection.ts'
import type { GroupCommit } from './group-commit.ts'
import { inReadTransaction } from './lists.ts'
import { VALUE } from './rows.ts'

// A part holds the write lock for some ten milliseconds.
const PART = 1000

// Another process asks for the lock every few milliseconds, and would otherwise not get it before the end.
const PAUSE_MS = 20

const COUNT_OWNERS = 'select count(*) as owners from owners'

const LARGEST = `
  select user_id as owner, live as tasks from owners order by live desc, user_id limit ${VALUE}`

const TASK_TEXTS = [
  'user_id',
  'id',
  'text',
  'folded',
  'created_at',
  'updated_at',
  'completed_at',
  'deleted_at',
  'due',
  'time_zone',
  'tags',
  'tag_keys',
  'list_id',
  'parent_id',
  'recurrence',
  'successor_id',
  'undo',
]

/** The bytes of the columns of all rows. */
function bytesOf(columns: readonly string[]): string {
  return `coalesce(sum(${columns.map((name) => `ifnull(octet_length(${name}), 0)`).join(' + ')}), 0)`
}

const LAST_WRITE = "max(max(updated_at, ifnull(deleted_at, '')))"

const TASK_SUMMARY = `
  select coalesce(sum(deleted_at is null and completed = 0), 0) as open,
    ${bytesOf(TASK_TEXTS)} as bytes, ${LAST_WRITE} as last_write
  from tasks where user_id = ?`

const LIST_SUMMARY = `
  select coalesce(sum(deleted_at is null), 0) as lists,
    ${bytesOf(['user_id', 'id', 'name', 'color'])} as bytes, ${LAST_WRITE} as last_write
  from lists where user_id = ?`

const DESCRIPTION_BYTES = `
  select ${bytesOf(['folded', 'description'])} as bytes from descriptions where user_id = ?`

const CONTENTS = `
  select
    (select count(*) from tasks where user_id = $1 and erased = 0) as tasks,
    (select count(*) from lists where user_id = $1 and deleted_at is null) as lists,
    (select count(*) from remembered_calls where user_id = $1) as remembered_calls,
    (select count(*) from api_tokens where user_id = $1) as tokens`

/** How rows of one kind are deleted. */
interface Kind {
  /** As what they count; `null` for parts of tasks. */
  readonly name: keyof OwnerContents | null
  readonly sql: string
}

function kind(
  name: Kind['name'],
  table: string,
  { key = 'id', where = 'true', counts = '1', isLive = '0' } = {},
): Kind {
  const sql = `
    delete from ${table} where user_id = $1 and ${key} in (
      select ${key} from ${table} where user_id = $1 and ${where} limit $2)
    returning ${counts} as counts, ${isLive} as live`
  return { name, sql }
}

const TASK = { counts: 'erased = 0', isLive: 'deleted_at is null' }

// In this order, so that access ends at once, and what is left after each part is consistent.
const KINDS = [
  kind('tokens', 'api_tokens'),
  kind('remembered_calls', 'remembered_calls', { key: 'key' }),
  kind('tasks', 'tasks', { ...TASK, where: 'parent_id is not null' }),
  kind('tasks', 'tasks', TASK),
  kind(null, 'descriptions'),
  kind('lists', 'lists', { counts: 'deleted_at is null' }),
]

const DELETE_OWNER = 'delete from owners where user_id = ?'

// The horizon also ends the feed for readers who began before the first change.
const NEW_FEED = `
  update owners set epoch = ?, sequence = sequence + 1, horizon = sequence + 1, live = live - ?
  where user_id = ?`

const NEXT_OWNER = 'select user_id as owner from owners where user_id > ? order by user_id limit 1'

const NEXT_TASKS = `select id from tasks where user_id = ? and id > ? order by id limit ${VALUE}`

const RAISE_TASKS = `
  update tasks set version = version + ${VERSION_JUMP} where user_id = ? and id > ? and id <= ?`

const RAISE_LISTS = `update lists set version = version + ${VERSION_JUMP} where user_id = ?`

/**
 * @param newEpoch generates the epoch of a feed.
 * @param notify called with an owner after each change of the owner's tasks.
 */
export function createSqliteAdministration(
  { run }: Connection,
  commit: GroupCommit,
  newEpoch: () => string,
  notify: (owner: Owner) => void,
): OwnerAdministration {
  async function commitPart<Result>(work: (file: OpenFile) => Result): Promise<Result> {
    const result = await commit(work)
    await Bun.sleep(PAUSE_MS)
    return result
  }

  return {
    largest: (count) =>
      run((file) =>
        inReadTransaction(file, () => {
          const owners = file.statement<{ owners: number }, []>(COUNT_OWNERS).get()?.owners ?? 0
          const rows = file
            .statement<Pick<OwnerSummary, 'owner' | 'tasks'>, [number]>(LARGEST)
            .all(count)
          return { owners, largest: rows.map((row) => ({ ...row, ...summaryOf(file, row.owner) })) }
        }),
      ),

    contents: (owner) =>
      run((file) => file.statement<OwnerContents, [string]>(CONTENTS).get(owner) ?? NOTHING),

    async deleteSome(owner) {
      const part = await commitPart((file) => deletePart(file, owner, newEpoch))
      notify(owner)
      return part
    },

    async renewFeeds(after) {
      const { renewed, ...renewal } = await commitPart((file) => renewPart(file, after, newEpoch))
      for (const owner of renewed) notify(owner)
      return renewal
    },
  }
}

const NOTHING: OwnerContents = { tasks: 0, lists: 0, remembered_calls: 0, tokens: 0 }

interface Summary {
  readonly bytes: number
  /** Empty, or `null` without rows. */
  readonly last_write: string | null
}

function summaryOf(file: OpenFile, owner: Owner): Omit<OwnerSummary, 'owner' | 'tasks'> {
  const tasks = file.statement<Summary & { open: number }, [string]>(TASK_SUMMARY).get(owner)
  const lists = file.statement<Summary & { lists: number }, [string]>(LIST_SUMMARY).get(owner)
  const descriptions = file.statement<{ bytes: number }, [string]>(DESCRIPTION_BYTES).get(owner)
  const parts = [tasks, lists, descriptions]
  const [last] = [tasks, lists]
    .flatMap((part) => part?.last_write ?? [])
    .toSorted()
    .reverse()
  return {
    open: tasks?.open ?? 0,
    lists: lists?.lists ?? 0,
    bytes: parts.reduce((sum, part) => sum + (part?.bytes ?? 0), 0),
    last_write: last ?? null,
  }
}

function deletePart(file: OpenFile, owner: Owner, newEpoch: () => string) {
  const deleted = { ...NOTHING }
  let rows = 0
  let live = 0
  for (const { name, sql } of KINDS) {
    const gone = file
      .statement<{ counts: number; live: number }, [string, number]>(sql)
      .all(owner, PART - rows)
    rows += gone.length
    for (const row of gone) {
      live += row.live
      if (name !== null) deleted[name] += row.counts
    }
  }
  const hasMore = rows === PART
  if (hasMore) file.statement(NEW_FEED).run(newEpoch(), live, owner)
  else file.statement(DELETE_OWNER).run(owner)
  return { deleted, hasMore }
}

function renewPart(
  file: OpenFile,
  after: RenewalPlace | null,
  newEpoch: () => string,
): Renewal & { readonly renewed: readonly Owner[] } {
  const renewed: Owner[] = []
  let place = after
  let owners = 0
  // An owner without tasks counts as a row, too.
  for (let rows = 0; rows < PART; rows++) {
    const owner = place?.task ? place.owner : nextOwner(file, place)
    if (owner === null) return { renewed, owners, place: null }
    const from = place?.task ?? ''
    const limit = PART - rows
    const ids = file
      .statement<{ id: string }, [string, string, number]>(NEXT_TASKS)
      .all(owner, from, limit)
    const last = ids.at(-1)?.id
    if (last !== undefined) file.statement(RAISE_TASKS).run(owner, from, last)
    const isComplete = ids.length < limit
    if (isComplete) file.statement(RAISE_LISTS).run(owner)
    // Also after each part of an owner, because the versions of tasks have changed.
    file.statement(NEW_FEED).run(newEpoch(), 0, owner)
    renewed.push(owner)
    rows += ids.length
    if (isComplete) owners++
    place = { owner, task: isComplete ? null : (last ?? null) }
  }
  return { renewed, owners, place }
}

function nextOwner(file: OpenFile, place: RenewalPlace | null): Owner | null {
  return (
    file.statement<{ owner: Owner }, [string]>(NEXT_OWNER).get(place?.owner ?? '')?.owner ?? null
  )
}
