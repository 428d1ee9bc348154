import { expect } from 'bun:test'
import { fileURLToPath } from 'node:url'
import type postgres from 'postgres'

/**
 * Locks the rows of `counters` in a process, freezes it, and expects that the server releases the locks.
 *
 * @param url how the process connects.
 */
export async function expectLocksReleased(url: string, administrator: postgres.Sql): Promise<void> {
  const program = fileURLToPath(import.meta.resolve('./transaction-process.ts'))
  const child = Bun.spawn([process.execPath, program, url, '3000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader()
    expect((await output.read()).value).toBe('locked\n')
    child.kill('SIGSTOP')
    await administrator.begin(async (sql) => {
      await sql`set local lock_timeout = '15s'`
      await sql`select from counters for update`
    })
    child.kill('SIGCONT')
    expect((await output.read()).value).toBe('unavailable\n')
    expect(await child.exited).toBe(0)
  } finally {
    child.kill('SIGKILL')
  }
}
