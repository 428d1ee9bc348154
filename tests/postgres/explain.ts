import postgres from 'postgres'
import type { Pool } from '../../adapters/postgres/connection/pool.ts'
import { send } from '../../adapters/postgres/connection/statement.ts'
import { runTransaction } from '../../adapters/postgres/connection/transaction.ts'

/** A node of a plan (postgresql.org/docs/current/auto-explain.html). */
export interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly Plans?: readonly PlanNode[]
}

/** One session as a superuser, whose statements the server explains when it runs them. */
export async function openExplained(url: string) {
  let plans: PlanNode[] = []
  const sql = postgres(url, {
    max: 1,
    fetch_types: false,
    onnotice: ({ message }) => {
      const [, plan] = /plan:\s*(\{.*\})/s.exec(`${message}`) ?? []
      if (plan) plans.push(JSON.parse(plan).Plan)
    },
  })
  await sql.unsafe(`
    load 'auto_explain';
    set auto_explain.log_min_duration = 0;
    set auto_explain.log_analyze = on;
    set auto_explain.log_timing = off;
    set auto_explain.log_format = json;
    set auto_explain.log_level = notice`)
  const pool: Pick<Pool, 'run' | 'transaction'> = {
    run: (statement, values) => send(sql, statement, values),
    transaction: (work) => runTransaction(sql, async (query) => query(), 60_000, work),
  }

  return {
    sql,
    /** The session as a pool, with the settings of the service's transactions. */
    pool,
    /** The nodes that ran of the plans of all statements of a call. */
    async nodesOf(call: () => Promise<unknown>): Promise<PlanNode[]> {
      plans = []
      await call()
      return plans.flatMap(flatten)
    },
  }
}

function flatten(node: PlanNode): PlanNode[] {
  if (node['Actual Loops'] === 0) return []
  return [node, ...(node.Plans ?? []).flatMap(flatten)]
}
