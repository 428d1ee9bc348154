import type { TaskRepository } from '../../core/ports.ts'
import type { Task } from '../../core/task.ts'
import type { Pool } from './pool.ts'
import { BOOLEAN, TEXT, TIMESTAMPTZ, UUID } from './statement.ts'

export type Row = Task

export const COLUMNS = `
  id, text, completed,
  ${instant('created_at')}, ${instant('updated_at')}, ${instant('completed_at')}`

// Whatever the session's TimeZone and DateStyle, and cut, not rounded, to the millisecond.
function instant(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${column}`
}

// The qualified names are the columns, not the texts made of them. Rows that this service has taken
// over have random ids, so that ids alone do not tell the order.
const LIST = {
  text: `
    select ${COLUMNS} from tasks where user_id = $1
    order by tasks.created_at desc, tasks.id desc`,
  types: [TEXT],
}

const GET = {
  text: `select ${COLUMNS} from tasks where user_id = $1 and id = $2`,
  types: [TEXT, UUID],
}

const INSERT = {
  text: `
    insert into tasks (user_id, id, text, completed, created_at, updated_at, completed_at)
    values ($1, $2, $3, $4, $5, $6, $7)`,
  types: [TEXT, UUID, TEXT, BOOLEAN, TIMESTAMPTZ, TIMESTAMPTZ, TIMESTAMPTZ],
}

// What core's changeTask does, in one statement. The right-hand sides see the row as it was, and as
// the update that came before left it.
const UPDATE = {
  text: `
    update tasks set
      text = coalesce($3, text),
      completed = coalesce($4, completed),
      updated_at = case
        when coalesce($3, text) = text and coalesce($4, completed) = completed then updated_at
        else greatest(updated_at, $5)
      end,
      completed_at = case
        when coalesce($4, completed) = completed then completed_at
        when $4 then greatest(updated_at, $5)
      end
    where user_id = $1 and id = $2
    returning ${COLUMNS}`,
  types: [TEXT, UUID, TEXT, BOOLEAN, TIMESTAMPTZ],
}

const DELETE = {
  text: 'delete from tasks where user_id = $1 and id = $2',
  types: [TEXT, UUID],
}

export function createPostgresRepository({ run }: Pool): TaskRepository {
  return {
    list: async (owner) => (await run<Row>(LIST, [owner])).map(toTask),

    get: async (owner, id) => toTaskOrNull(await run<Row>(GET, [owner, id])),

    async insert(owner, task) {
      const { id, text, completed, created_at, updated_at, completed_at } = task
      await run(INSERT, [owner, id, text, completed, created_at, updated_at, completed_at])
    },

    update: async (owner, id, { text, completed }, now) =>
      toTaskOrNull(await run<Row>(UPDATE, [owner, id, text ?? null, completed ?? null, now])),

    remove: async (owner, id) => (await run(DELETE, [owner, id])).count === 1,
  }
}

export function toTask({ id, text, completed, created_at, updated_at, completed_at }: Row): Task {
  return { id, text, completed, created_at, updated_at, completed_at }
}

function toTaskOrNull([row]: readonly Row[]): Task | null {
  return row ? toTask(row) : null
}
