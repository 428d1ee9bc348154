import type { ArchivedTask } from '../../core/archive.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskArchive } from '../../core/ports.ts'
import type { Connection } from './connection.ts'
import { COLUMNS, type Row, toTask } from './repository.ts'

interface OwnedRow extends Row {
  readonly user_id: Owner
}

const PAGE = 500

const OF_ONE = { first: page('user_id = ?'), next: page('user_id = ? and id > ?') }
const OF_ALL = { first: page('true'), next: page('(user_id, id) > (?, ?)') }

function page(where: string): string {
  return `select user_id, ${COLUMNS} from tasks where ${where} order by user_id, id limit ${PAGE}`
}

const ADD = `
  insert into tasks (user_id, ${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?)
  on conflict (user_id, id) do nothing`

export function createSqliteArchive({ run }: Connection): TaskArchive {
  function select(statement: string, values: string[]): Promise<ArchivedTask[]> {
    return run((database) =>
      database
        .query<OwnedRow, string[]>(statement)
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

    add: (tasks) =>
      run((database) => {
        const statement = database.query(ADD)
        const addAll = database.transaction(() => {
          let added = 0
          for (const task of tasks) {
            const { user_id, id, text, completed, created_at, updated_at, completed_at } = task
            const times = [created_at, updated_at, completed_at]
            added += statement.run(user_id, id, text, Number(completed), ...times).changes
          }
          return added
        })
        // Locks at once: a lock that comes later cannot be waited for.
        return addAll.immediate()
      }),
  }
}
