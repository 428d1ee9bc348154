import { join } from 'node:path'
import { run } from '../tests/support/background-process.ts'
import type { Operation } from './operations.ts'

/** The measurements of wrk. Times are in milliseconds. */
export interface Load {
  readonly requests: number
  readonly seconds: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Responses with an unexpected status or body, and requests without a response. */
  readonly wrong: number
  /** Share of one core that wrk used. Near 1, wrk is the bottleneck. */
  readonly generator: number
}

/** The API that a server offers. Each has a file of requests for load.lua. */
export type Dialect = 'tasks' | 'pocketbase'

/**
 * Runs wrk, which sends requests as fast as they are answered.
 *
 * @param options.operations several are mixed at random.
 * @param options.users the path of the users' file, see load.lua.
 * @param options.seed the same seed produces the same requests in the same order.
 */
export async function load(options: {
  readonly url: string
  readonly dialect: Dialect
  readonly operations: readonly Operation[]
  readonly users: string
  readonly connections: number
  readonly seconds: number
  readonly seed: number
}): Promise<Load> {
  const { url, dialect, operations, users, connections, seconds, seed } = options
  const flags = ['--threads=1', `--connections=${connections}`, `--duration=${seconds}s`]
  const script = ['--timeout=10s', '--latency', `--script=${join(import.meta.dir, 'load.lua')}`]
  const requests = join(import.meta.dir, 'requests', `${dialect}.lua`)
  const args = [operations.join(','), requests, users, `${seed}`]
  const output = await run('wrk', [...flags, ...script, url, '--', ...args])
  // load.lua writes one line of JSON at the end.
  return JSON.parse(output.trim().split('\n').at(-1) ?? '')
}
