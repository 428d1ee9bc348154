import type { Owner } from '../../core/owner.ts'
import type { TaskArchive } from '../../core/ports.ts'
import type { Pool } from './pool.ts'
import { COLUMNS, type Row, toTask } from './repository.ts'
import { type Statement, TEXT, UUID, type Value } from './statement.ts'

interface OwnedRow extends Row {
  readonly user_id: Owner
}

const PAGE = 500

const OF_ONE = {
  first: page('user_id = $1', [TEXT]),
  next: page('user_id = $1 and tasks.id > $2', [TEXT, UUID]),
}

const OF_ALL = {
  first: page('true', []),
  next: page('(user_id, tasks.id) > ($1, $2)', [TEXT, UUID]),
}

function page(where: string, types: number[]): Statement {
  const text = `
    select user_id, ${COLUMNS} from tasks where ${where}
    order by user_id, tasks.id limit ${PAGE}`
  return { text, types }
}

// One parameter for any number of rows.
const ADD = {
  text: `
    insert into tasks (user_id, id, text, completed, created_at, updated_at, completed_at)
    select user_id, id, text, completed, created_at, updated_at, completed_at
    from json_to_recordset($1::json) as task (
      user_id text, id uuid, text text, completed boolean,
      created_at timestamptz, updated_at timestamptz, completed_at timestamptz)
    on conflict (user_id, id) do nothing`,
  types: [TEXT],
}

export function createPostgresArchive({ run }: Pool): TaskArchive {
  async function select(statement: Statement, values: Value[]) {
    const rows = await run<OwnedRow>(statement, values)
    return rows.map((row) => ({ user_id: row.user_id, ...toTask(row) }))
  }

  return {
    read(owner, after) {
      if (owner !== null)
        return after ? select(OF_ONE.next, [owner, after.id]) : select(OF_ONE.first, [owner])
      return after ? select(OF_ALL.next, [after.user_id, after.id]) : select(OF_ALL.first, [])
    },

    add: async (tasks) => (await run(ADD, [JSON.stringify(tasks)])).count,
  }
}
