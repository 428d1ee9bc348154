import { join } from 'node:path'
import { run } from '../tests/support/background-process.ts'

export type Operation = 'get' | 'list' | 'create' | 'patch' | 'mix' | 'health' | 'unseen'

/** What wrk saw. Times are in milliseconds. */
export interface Load {
  readonly requests: number
  readonly seconds: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Answers with another status or body than they should have, and requests without an answer. */
  readonly wrong: number
  /** Share of one core that wrk itself took: near 1 it is wrk that is measured. */
  readonly generator: number
}

/**
 * Sends requests of one kind as fast as they are answered, from a process of its own.
 *
 * @param options.users the file of tokens and ids, see load.lua.
 * @param options.seed the same number gives the same requests in the same order.
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
  // The one line that load.lua writes.
  return JSON.parse(output.trim().split('\n').at(-1) ?? '')
}
