import { isLive, type Task } from '../../core/task.ts'
import { compareOrder, type OwnerTasks } from '../../core/writes.ts'
import type { OpenFile } from './connection.ts'
import { COLUMNS, IN_TRASH, LIVE, type Row, toTask, VALUE } from './rows.ts'
import { addWords, forgetWords, NO_WORDS, replaceWords } from './words.ts'

const FIND = `select words, ${COLUMNS} from tasks where user_id = ? and id = ? and erased = 0`

interface KnownRow extends Row {
  readonly words: number | null
}

/** A list by order, from one end or from a task. */
interface Walk {
  readonly first: string
  readonly next: string
}

function walk(index: string, where: string, direction: 'asc' | 'desc'): Walk {
  const statement = (from: string) => `
    select words, ${COLUMNS} from tasks indexed by ${index} where user_id = ${VALUE} and ${where} ${from}
    order by "order" ${direction}, id ${direction} limit ${VALUE}`
  const comparison = direction === 'asc' ? '>' : '<'
  return {
    first: statement(''),
    next: statement(`and ("order", id) ${comparison} (${VALUE}, ${VALUE})`),
  }
}

// Twice a walk along an index, where a union of both is sorted anew each time.
function walks(direction: 'asc' | 'desc'): { readonly live: Walk; readonly trash: Walk } {
  return {
    live: walk('tasks_by_order', LIVE, direction),
    trash: walk('trash_by_order', IN_TRASH, direction),
  }
}

const FOLLOWING = walks('asc')
const PRECEDING = walks('desc')

const INSERT = `
  insert into tasks (sequence, words, indexed, user_id, ${COLUMNS})
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// Without a column of `UPDATE_PLACE` that indexes are about, so that SQLite leaves those alone.
const UPDATE = `
  update tasks set text = ?, completed = ?, version = ?, sequence = ?, updated_at = ?,
    completed_at = ?
  where user_id = ? and id = ?`

const UPDATE_PLACE = 'update tasks set "order" = ?, deleted_at = ? where user_id = ? and id = ?'

const ERASE = `
  update tasks set erased = 1, text = '', words = null, version = ?, sequence = ?, updated_at = ?, deleted_at = ?
  where user_id = ? and id = ?`

const INDEX = 'update tasks set indexed = 1 where user_id = ?'

const WITHOUT_WORDS = `select id, text from tasks where user_id = ? and words = ${NO_WORDS}`

const HAS_WORDS = 'update tasks set words = ? where user_id = ? and id = ?'

const FEED = 'select sequence, live, added, indexed from feeds where user_id = ?'

interface FeedRow {
  readonly sequence: number
  readonly live: number
  readonly added: number
  readonly indexed: number
}

const BEGIN_FEED = `
  insert into feeds (sequence, live, added, indexed, user_id) values (?, ?, ?, ?, ?)`

const ADVANCE_FEED = `
  update feeds set sequence = ?, live = ?, added = ?, indexed = ? where user_id = ?`

/** How many tasks an owner has to have added for indexes and words to pay. */
export const MANY = 100

/** A task as the file has it, and the row of its words; `null` while they are still to be found. */
interface Known {
  readonly task: Task
  readonly words: number | null
}

/** The tasks of one owner within a transaction that holds the writers' lock. */
export interface OwnerSession {
  readonly tasks: OwnerTasks
  /** Puts what was done into the feed. Returns whether there was anything. */
  finish(): boolean
}

export function createOwnerSession(file: OpenFile, owner: string, many: number): OwnerSession {
  const feed = file.statement<FeedRow, [string]>(FEED).get(owner)
  const sequence = (feed?.sequence ?? 0) + 1
  // What a write changes it has found before.
  const known = new Map<string, Known>()
  const indexed = feed?.indexed ?? 0
  let live = feed?.live ?? 0
  let added = feed?.added ?? 0
  let hasChanged = false

  function know(row: KnownRow): Task {
    const task = toTask(row)
    known.set(task.id, { task, words: row.words })
    return task
  }

  function step(from: Task | null, { first, next }: Walk, count: number): Task[] {
    const rows = from
      ? file
          .statement<KnownRow, [string, number, string, number]>(next)
          .all(owner, from.order, from.id, count)
      : file.statement<KnownRow, [string, number]>(first).all(owner, count)
    return rows.map(know)
  }

  function near(from: Task | null, lists: typeof FOLLOWING, count: number): Task[] {
    const found = step(from, lists.live, count)
    // Most owners have never deleted anything.
    const inTrash = added > live ? step(from, lists.trash, count) : []
    if (inTrash.length === 0) return found
    const direction = lists === FOLLOWING ? 1 : -1
    return [...found, ...inTrash].sort((a, b) => direction * compareOrder(a, b)).slice(0, count)
  }

  function insert(task: Task): number {
    const words = indexed ? addWords(file, owner, task.text) : NO_WORDS
    const { id, text, completed, order, version, created_at, updated_at, completed_at } = task
    const deletedAt = task.deleted_at ?? null
    file
      .statement(INSERT)
      .run(
        sequence,
        words,
        indexed,
        owner,
        id,
        text,
        Number(completed),
        order,
        version,
        created_at,
        updated_at,
        completed_at,
        deletedAt,
      )
    if (isLive(task)) live++
    added++
    return words
  }

  function update({ task: before, words }: Known, task: Task): void {
    const { id, text, completed, order, version, updated_at, completed_at, deleted_at } = task
    file
      .statement(UPDATE)
      .run(text, Number(completed), version, sequence, updated_at, completed_at, owner, id)
    if (order !== before.order || deleted_at !== before.deleted_at)
      file.statement(UPDATE_PLACE).run(order, deleted_at ?? null, owner, id)
    // Where they are not known yet, they will be found in the text as it is now.
    if (text !== before.text && words) replaceWords(file, words, owner, text)
    live += Number(isLive(task)) - Number(isLive(before))
  }

  function makeIndexed(): void {
    const rows = file.statement<Pick<Row, 'id' | 'text'>, [string]>(WITHOUT_WORDS).all(owner)
    for (const { id, text } of rows)
      file.statement(HAS_WORDS).run(addWords(file, owner, text), owner, id)
    file.statement(INDEX).run(owner)
  }

  return {
    tasks: {
      find(id) {
        const found = known.get(id)
        if (found) return found.task
        const row = file.statement<KnownRow, [string, string]>(FIND).get(owner, id)
        return row && know(row)
      },
      following: (task, count) => near(task, FOLLOWING, count),
      preceding: (task, count) => near(task, PRECEDING, count),
      put(task) {
        const before = known.get(task.id)
        // One that is there and is no older fails, as it is not for us to replace it.
        if (before && before.task.version < task.version) {
          update(before, task)
          known.set(task.id, { task, words: before.words })
        } else known.set(task.id, { task, words: insert(task) })
        hasChanged = true
      },
      erase(task) {
        const before = known.get(task.id)
        const { id, version, updated_at, deleted_at } = task
        if (before?.words) forgetWords(file, before.words)
        file.statement(ERASE).run(version, sequence, updated_at, deleted_at ?? null, owner, id)
        if (before && isLive(before.task)) live--
        known.delete(id)
        hasChanged = true
      },
    },
    finish() {
      if (!hasChanged) return false
      const isMany = added > many
      if (isMany && !indexed) makeIndexed()
      file
        .statement(feed ? ADVANCE_FEED : BEGIN_FEED)
        .run(sequence, live, added, Number(isMany || indexed === 1), owner)
      return true
    },
  }
}
