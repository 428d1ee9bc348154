import { realpath } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** Finds Node. Inside `bun run`, the first `node` on the path may be Bun itself. */
export async function findNode(): Promise<string> {
  const bun = await realpath(process.execPath)
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const program = join(directory, 'node')
    const real = await realpath(program).catch(() => bun)
    if (real !== bun) return program
  }
  throw new Error('Node is not installed. Install it and add it to PATH.')
}
