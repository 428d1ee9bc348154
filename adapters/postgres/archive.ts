import type { Owner } from '../../core/owner.ts'
import type { TaskArchive } from '../../core/ports.ts'
import { wordsOf } from '../../core/search.ts'
import type { Pool } from './connection/pool.ts'
import { type Statement, TEXT, UUID, type Value } from './connection/statement.ts'
import { TASK, type TaskRow, toTask } from './rows.ts'

interface OwnedRow {
  readonly user_id: Owner
  readonly task: TaskRow
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
    select user_id, ${TASK} as task from tasks where ${where} and not erased
    order by user_id, tasks.id limit ${PAGE}`
  return { text, types }
}

// One parameter for any number of rows.
const ADD = { text: 'select added from taskport_add($1::jsonb)', types: [TEXT] }

export function createPostgresArchive({ run }: Pick<Pool, 'run'>): TaskArchive {
  async function select(statement: Statement, values: Value[]) {
    const rows = await run<OwnedRow>(statement, values)
    return rows.map(({ user_id, task }) => ({ user_id, ...toTask(task) }))
  }

  return {
    read(owner, after) {
      if (owner !== null)
        return after ? select(OF_ONE.next, [owner, after.id]) : select(OF_ONE.first, [owner])
      return after ? select(OF_ALL.next, [after.user_id, after.id]) : select(OF_ALL.first, [])
    },

    async add(tasks) {
      const known = tasks.map((task) => ({ ...task, words: wordsOf(task.text) }))
      const [row] = await run<{ added: number }>(ADD, [JSON.stringify(known)])
      return row?.added ?? 0
    },
  }
}
