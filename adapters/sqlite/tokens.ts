import { type ApiToken, sortedScopes } from '../../core/api-token.ts'
import type { Owner } from '../../core/owner.ts'
import type { ApiTokenStore, FoundApiToken } from '../../core/ports.ts'
import type { Connection, OpenFile } from './connection.ts'
import type { GroupCommit } from './group-commit.ts'

interface Row extends Omit<ApiToken, 'scopes'> {
  readonly user_id: Owner
  readonly can_write: 0 | 1
}

const BATCH = 200

const COLUMNS = 'user_id, id, name, can_write, created_at, expires_at, last_used_at'

const COUNT = 'select count(*) as count from api_tokens where user_id = ?'
const CREATE = `insert into api_tokens (hash, ${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)`
const LIST = `select ${COLUMNS} from api_tokens where user_id = ? order by id`
const FIND = `select ${COLUMNS} from api_tokens where hash = ?`
const REMOVE = 'delete from api_tokens where user_id = ? and id = ?'
const TOUCH = `
  update api_tokens set last_used_at = ?3
  where user_id = ?1 and id = ?2 and coalesce(last_used_at, '') < ?3`
const PURGE = `
  delete from api_tokens where hash in (
    select hash from api_tokens indexed by api_tokens_expired
    where expires_at is not null and expires_at < ? limit ${BATCH})`

/** Looks a token up by the hash of its secret. */
export function findToken(file: OpenFile, hash: string): FoundApiToken | null {
  const row = file.statement<Row, [string]>(FIND).get(hash)
  return row && { owner: row.user_id, token: toToken(row) }
}

export function createSqliteTokens({ run }: Connection, commit: GroupCommit): ApiTokenStore {
  function countOf(file: OpenFile, owner: Owner): number {
    return file.statement<{ count: number }, [string]>(COUNT).get(owner)?.count ?? 0
  }

  return {
    create: (owner, token, hash, most) =>
      commit((file) => {
        if (countOf(file, owner) >= most) return false
        const { id, name, scopes, created_at, expires_at, last_used_at } = token
        const canWrite = scopes.includes('write') ? 1 : 0
        file
          .statement(CREATE)
          .run(hash, owner, id, name, canWrite, created_at, expires_at, last_used_at)
        return true
      }),

    list: (owner) => run((file) => file.statement<Row, [string]>(LIST).all(owner).map(toToken)),

    find: (hash) => run((file) => findToken(file, hash)),

    remove: (owner, id) =>
      commit((file) => file.statement<never, string[]>(REMOVE).run(owner, id).changes > 0),

    touch: (owner, id, at) =>
      commit((file) => {
        file.statement<never, string[]>(TOUCH).run(owner, id, at)
      }),

    purge: (expiredBefore) =>
      commit((file) => {
        return file.statement<never, string[]>(PURGE).run(expiredBefore).changes === BATCH
      }),
  }
}

function toToken(row: Row): ApiToken {
  const { id, name, can_write, created_at, expires_at, last_used_at } = row
  const scopes = sortedScopes(can_write === 1 ? ['read', 'write'] : ['read'])
  return { id, name, scopes, created_at, expires_at, last_used_at }
}
