import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type postgres from 'postgres'
import { createPostgresTokens } from '../../adapters/postgres/tokens.ts'
import type { ApiToken } from '../../core/api-token.ts'
import type { ApiTokenStore } from '../../core/ports.ts'
import { ann, idNumber } from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { openExplained, type PlanNode } from './explain.ts'
import { openMigrated } from './open.ts'

// The plans of the statements of API tokens, on a table that is large enough to show a wrong one.

setDefaultTimeout(60_000)

const TOKENS = 40_000
const OWN_TOKENS = 49
const EXPIRED = 20_000
const BATCH = 300

let database: TestDatabase
let sql: postgres.Sql
let nodesOf: (call: () => Promise<unknown>) => Promise<PlanNode[]>
let tokens: ApiTokenStore
let created = 1_000_000

beforeAll(async () => {
  database = await createDatabase()
  const store = await openMigrated(database.url)
  await store.close()
  const explained = await openExplained(database.url)
  ;({ sql, nodesOf } = explained)
  tokens = createPostgresTokens(explained.pool, 60_000)
  await sql.unsafe(`
    alter table api_tokens set (autovacuum_enabled = off);
    set plan_cache_mode = force_generic_plan`)
  // Prepares every statement, and plans it for an empty table.
  for (const { call } of calls) await call()
  await tokens.purge('2026-01-01T00:00:00.000Z')
  await sql.unsafe(`
    insert into api_tokens (hash, user_id, id, number, name, can_write, created_at, expires_at)
    select
      'hash ' || n, case when n <= ${OWN_TOKENS} then 'ann' else 'owner ' || n / 40 end,
      ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
      case when n <= ${OWN_TOKENS} then n else n % 40 + 1 end, 'CI', true, '2026-01-01T00:00Z',
      case when n > ${TOKENS - EXPIRED} then '2026-01-01T00:00Z'::timestamptz + n * interval '1 s' end
    from generate_series(1, ${TOKENS}) n`)
})

afterAll(async () => {
  await sql.end()
  await database.drop()
})

function newToken(): ApiToken {
  return {
    id: idNumber(created++),
    name: 'CI',
    scopes: ['read'],
    created_at: '2026-01-31T09:30:00.000Z',
    expires_at: null,
    last_used_at: null,
  }
}

const BY_HASH = /^\(hash = /
const BY_OWNER = /^\(+user_id\)?(::text)? = /

const calls = [
  { name: 'find', index: BY_HASH, call: () => tokens.find('hash 7') },
  { name: 'find an unknown one', index: BY_HASH, call: () => tokens.find('unknown') },
  { name: 'list', index: BY_OWNER, call: () => tokens.list(ann) },
  {
    name: 'create and remove',
    index: BY_OWNER,
    async call() {
      const token = newToken()
      await tokens.create(ann, token, `hash ${token.id}`, 50)
      await tokens.remove(ann, token.id)
    },
  },
  {
    name: 'touch',
    index: BY_OWNER,
    call: () => tokens.touch(ann, idNumber(7), new Date(created++ * 3_600_000).toISOString()),
  },
]

const modes = [
  {
    name: 'planned when the table was empty',
    prepare: 'set plan_cache_mode = force_generic_plan',
  },
  {
    name: 'planned for any values',
    prepare: 'analyze; set plan_cache_mode = force_generic_plan',
  },
  { name: 'planned for their values', prepare: 'analyze; set plan_cache_mode = force_custom_plan' },
]

/** The nodes that read the table itself. */
function scansIn(nodes: readonly PlanNode[]): PlanNode[] {
  return nodes.filter(
    (node) => node['Node Type'].endsWith('Scan') && /Index|Seq/.test(node['Node Type']),
  )
}

describe.each(modes)('statements of API tokens $name', ({ prepare }) => {
  beforeAll(async () => {
    await sql.unsafe(prepare)
  })

  test.each(calls)('read few rows by an index: $name', async ({ index, call }) => {
    const nodes = await nodesOf(call)
    const scans = scansIn(nodes)
    expect(scans).not.toBeEmpty()
    for (const scan of scans) expect(scan['Index Cond'] ?? scan).toMatch(index)
    for (const node of nodes) expect(node['Actual Rows'] ?? 0).toBeLessThanOrEqual(50)
  })
})

test('purging API tokens reads one batch by its expiry', async () => {
  await sql.unsafe('analyze; set plan_cache_mode = force_generic_plan')
  const nodes = await nodesOf(() => tokens.purge('2026-01-02T00:00:00.000Z'))
  const scans = scansIn(nodes)
  const indexes = new Set(scans.map((scan) => scan['Index Name']))
  expect([...indexes].sort()).toEqual(['api_tokens_expired', 'api_tokens_pkey'])
  for (const node of nodes) expect(node['Actual Rows'] ?? 0).toBeLessThanOrEqual(BATCH)
})
