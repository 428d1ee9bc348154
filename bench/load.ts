import { join } from 'node:path'
import { run } from '../tests/support/background-process.ts'

export type Operation = 'get' | 'list' | 'create' | 'patch' | 'mix' | 'health' | 'unseen'

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

/**
 * Runs wrk, which sends requests of one kind as fast as they are answered.
 *
 * @param options.users the path of the users' file, see load.lua.
 * @param options.seed the same seed produces the same requests in the same order.
 */
export async function load(options: {
  readonly url: string
  readonly operation: Operation
  readonly users: string
  readonly connections: number
  readonly seconds: number
  readonly seed: number
}): Promise<Load> {
  const { url, operation, users, connections, seconds, seed } = options
  const flags = ['--threads=1', `--connections=${connections}`, `--duration=${seconds}s`]
  const script = ['--timeout=10s', '--latency', `--script=${join(import.meta.dir, 'load.lua')}`]
  const output = await run('wrk', [...flags, ...script, url, '--', operation, users, `${seed}`])
  // load.lua writes one line of JSON at the end.
  return JSON.parse(output.trim().split('\n').at(-1) ?? '')
}
