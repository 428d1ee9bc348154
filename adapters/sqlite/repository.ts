import type { TaskRepository } from '../../core/ports.ts'
import type { Task } from '../../core/task.ts'
import type { Connection } from './connection.ts'

export interface Row extends Omit<Task, 'completed'> {
  readonly completed: number
}

export const COLUMNS = 'id, text, completed, created_at, updated_at, completed_at'

const LIST = `select ${COLUMNS} from tasks where user_id = ? order by created_at desc, id desc`

const GET = `select ${COLUMNS} from tasks where user_id = ? and id = ?`

const INSERT = `insert into tasks (user_id, ${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?)`

// What core's changeTask does, in one statement. The right-hand sides see the row as it was.
const UPDATE = `
  update tasks set
    text = coalesce($text, text),
    completed = coalesce($completed, completed),
    updated_at = case
      when coalesce($text, text) = text and coalesce($completed, completed) = completed
        then updated_at
      else max(updated_at, $now)
    end,
    completed_at = case coalesce($completed, completed)
      when completed then completed_at
      when 1 then max(updated_at, $now)
    end
  where user_id = $owner and id = $id
  returning ${COLUMNS}`

const DELETE = 'delete from tasks where user_id = ? and id = ?'

export function createSqliteRepository({ run }: Connection): TaskRepository {
  return {
    list: (owner) => run((database) => database.query<Row, [string]>(LIST).all(owner).map(toTask)),

    get: (owner, id) =>
      run((database) => toTaskOrNull(database.query<Row, [string, string]>(GET).get(owner, id))),

    insert: (owner, task) =>
      run((database) => {
        const { id, text, completed, created_at, updated_at, completed_at } = task
        database
          .query(INSERT)
          .run(owner, id, text, Number(completed), created_at, updated_at, completed_at)
      }),

    update: (owner, id, { text, completed }, now) =>
      run((database) =>
        toTaskOrNull(
          database.query<Row, Record<string, string | number | null>>(UPDATE).get({
            owner,
            id,
            text: text ?? null,
            completed: completed === undefined ? null : Number(completed),
            now,
          }),
        ),
      ),

    remove: (owner, id) => run((database) => database.query(DELETE).run(owner, id).changes === 1),
  }
}

export function toTask(row: Row): Task {
  const { id, text, completed, created_at, updated_at, completed_at } = row
  return { id, text, completed: completed === 1, created_at, updated_at, completed_at }
}

function toTaskOrNull(row: Row | null): Task | null {
  return row && toTask(row)
}
