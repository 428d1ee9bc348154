import type { ArchivedTask } from '../../core/archive.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskArchive } from '../../core/ports.ts'
import type { Task } from '../../core/task.ts'
import { applyWrite } from '../../core/writes.ts'
import type { Connection, OpenFile } from './connection.ts'
import type { GroupCommit } from './group-commit.ts'
import { createOwnerSession, type OwnerSession } from './owner-tasks.ts'
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

const FORGET_ERASED = 'delete from tasks where user_id = ? and id = ? and erased = 1'

/**
 * @param tell called with an owner whose feed went on.
 * @param many how many tasks an owner has to have added for indexes to pay.
 */
export function createSqliteArchive(
  { run }: Connection,
  commit: GroupCommit,
  tell: (owner: Owner) => void,
  many: number,
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
      const { added, owners } = await commit((file) => addAll(file, tasks, many))
      for (const owner of owners) tell(owner)
      return added
    },
  }
}

function addAll(
  file: OpenFile,
  tasks: readonly ArchivedTask[],
  many: number,
): { added: number; owners: Owner[] } {
  const sessions = new Map<Owner, OwnerSession>()
  const unplaced: ArchivedTask[] = []
  let added = 0
  for (const task of tasks) {
    const { order } = task
    if (order === undefined) unplaced.push(task)
    else add(task, (own) => own.put(taskOf(task, order)))
  }
  // The oldest first, so that the newest comes to stand on top.
  for (const task of unplaced.sort(byCreation)) add(task, (own) => putOnTop(own, task))

  function add({ user_id, id }: ArchivedTask, put: (own: OwnerSession['tasks']) => void): void {
    const session = sessions.get(user_id) ?? createOwnerSession(file, user_id, many)
    sessions.set(user_id, session)
    if (session.tasks.find(id)) return
    file.statement(FORGET_ERASED).run(user_id, id)
    put(session.tasks)
    added++
  }

  const owners = [...sessions].filter(([, session]) => session.finish()).map(([owner]) => owner)
  return { added, owners }
}

function taskOf({ user_id: _, ...task }: ArchivedTask, order: number): Task {
  return { version: 1, ...task, order }
}

function putOnTop(own: OwnerSession['tasks'], task: ArchivedTask): void {
  const put = (other: Task) => own.put(other.id === task.id ? taskOf(task, other.order) : other)
  const { id, text, created_at } = task
  applyWrite({ ...own, put }, { op: 'create', id, text }, created_at)
}

function byCreation(a: ArchivedTask, b: ArchivedTask): number {
  return compare(a.created_at, b.created_at) || compare(a.id, b.id)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
