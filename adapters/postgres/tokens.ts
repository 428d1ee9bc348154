import { type ApiToken, sortedScopes } from '../../core/api-token.ts'
import type { Owner } from '../../core/owner.ts'
import type { ApiTokenStore, FoundApiToken } from '../../core/ports.ts'
import { isConflict } from './connection/errors.ts'
import type { Pool } from './connection/pool.ts'
import {
  arrayOf,
  BOOLEAN,
  callsOf,
  INTEGER,
  TEXT,
  TEXT_ARRAY,
  UUID,
} from './connection/statement.ts'
import { type Timestamp, toInstant, utc } from './rows.ts'
import { createSharing, deadlineOf, type Shared } from './sharing.ts'

const BATCH = 300

/** A token as `TOKEN` selects it. */
type TokenRow = readonly [
  id: string,
  name: string,
  canWrite: boolean,
  createdAt: Timestamp,
  expiresAt: Timestamp | null,
  lastUsedAt: Timestamp | null,
]

const TOKEN = `json_build_array(
  id, name, can_write, ${utc('created_at')}, ${utc('expires_at')}, ${utc('last_used_at')})`

const CREATE = {
  text: `
    insert into api_tokens
      (hash, user_id, id, name, can_write, created_at, expires_at, last_used_at, number)
    select $2, $1, $3, $4, $5, $6::timestamptz, $7::timestamptz, $8::timestamptz, free.number
    from generate_series(1, $9) as free (number)
    where free.number not in (select number from api_tokens where user_id = $1)
    order by free.number limit 1
    returning 1`,
  types: [TEXT, TEXT, UUID, TEXT, BOOLEAN, TEXT, TEXT, TEXT, INTEGER],
}

const LIST = {
  text: `select ${TOKEN} as token from api_tokens where user_id = $1 order by id`,
  types: [TEXT],
}

// `limit 1` makes the planner look up each token by its key instead of joining.
const FIND = {
  text: `
    select call.number, result.user_id, result.token
    from ${callsOf(['hash'])},
      lateral (
        select user_id, ${TOKEN} as token from api_tokens where api_tokens.hash = call.hash limit 1
      ) as result`,
  types: [TEXT_ARRAY],
}

const REMOVE = {
  text: 'delete from api_tokens where user_id = $1 and id = $2 returning 1',
  types: [TEXT, UUID],
}

const TOUCH = {
  text: `
    update api_tokens set last_used_at = $3::timestamptz
    where user_id = $1 and id = $2 and (last_used_at is null or last_used_at < $3::timestamptz)`,
  types: [TEXT, UUID, TEXT],
}

const PURGE = {
  text: `
    delete from api_tokens where hash in (
      select hash from api_tokens where expires_at < $1::timestamptz
      order by expires_at limit ${BATCH} for update skip locked)
    returning 1`,
  types: [TEXT],
}

interface FoundRow {
  readonly number: string
  readonly user_id: Owner
  readonly token: TokenRow
}

interface CreateCall {
  readonly owner: Owner
  readonly token: ApiToken
  readonly hash: string
  readonly most: number
}

/** Looks tokens up by the hashes of their secrets. */
export async function findTokens(
  run: Pool['run'],
  hashes: readonly string[],
  options?: Parameters<Pool['run']>[2],
): Promise<(FoundApiToken | null)[]> {
  const rows = await run<FoundRow>(FIND, [arrayOf(hashes)], options)
  const found = new Map<number, FoundApiToken>()
  for (const { number, user_id, token } of rows)
    found.set(Number(number), { owner: user_id, token: toToken(token) })
  return hashes.map((_, index) => found.get(index + 1) ?? null)
}

/** @param timeoutMs time limit of a call. */
export function createPostgresTokens(
  { run, transaction }: Pick<Pool, 'run' | 'transaction'>,
  timeoutMs: number,
): ApiTokenStore {
  function findAll(group: readonly Shared<string>[], isRepeated: boolean) {
    const hashes = group.map(({ call }) => call)
    return findTokens(run, hashes, { isRepeated, deadline: deadlineOf(group) })
  }

  // Also keeps a flood of unknown tokens from taking all connections.
  const find = createSharing({
    run: (group: readonly Shared<string>[]) => findAll(group, false),
    runAlone: async (one) => (await findAll([one], true))[0] ?? null,
    statements: 2,
    timeoutMs,
  })

  async function createOne({ call, deadline }: Shared<CreateCall>): Promise<boolean> {
    const { owner, token, hash, most } = call
    const { id, name, scopes, created_at, expires_at, last_used_at } = token
    const dates = [created_at, expires_at, last_used_at]
    const values = [owner, hash, id, name, scopes.includes('write'), ...dates, `${most}`]
    for (;;)
      try {
        const rows = await run(CREATE, values, { deadline })
        return rows.length > 0
      } catch (error) {
        // Another process has just taken the number.
        if (!isConflict(error) || performance.now() >= deadline) throw error
      }
  }

  // One after the other: those of one user would wait for each other's number, each on a connection.
  const create = createSharing({
    async run(group: readonly Shared<CreateCall>[]) {
      const results: Promise<boolean>[] = []
      for (const one of group) {
        const result = createOne(one)
        results.push(result)
        await result.catch(() => {})
      }
      return results
    },
    runAlone: createOne,
    statements: 1,
    timeoutMs,
  })

  return {
    create: (owner, token, hash, most) => create({ owner, token, hash, most }),

    async list(owner) {
      const rows = await run<{ token: TokenRow }>(LIST, [owner])
      return rows.map(({ token }) => toToken(token))
    },

    find,

    remove: async (owner, id) => (await run(REMOVE, [owner, id])).length > 0,

    async touch(owner, id, at) {
      await run(TOUCH, [owner, id, at])
    },

    async purge(expiredBefore) {
      const rows = await transaction(({ sendAndCommit }) => sendAndCommit(PURGE, [expiredBefore]))
      return rows.length === BATCH
    },
  }
}

function toToken(row: TokenRow): ApiToken {
  const [id, name, canWrite, createdAt, expiresAt, lastUsedAt] = row
  return {
    id,
    name,
    scopes: sortedScopes(canWrite ? ['read', 'write'] : ['read']),
    created_at: toInstant(createdAt),
    expires_at: expiresAt && toInstant(expiresAt),
    last_used_at: lastUsedAt && toInstant(lastUsedAt),
  }
}
