/**
 * A process that makes tasks of an owner, by their numbers, many at a time, and says of each on a line
 * of its own that it is there: bun writer.ts PATH OWNER FIRST COUNT
 */
import { writeSync } from 'node:fs'
import { openSqlite } from '../../adapters/sqlite/store.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { ownerNamed } from '../conformance/stores/store.ts'

const [path = '', owner = '', first = '', count = ''] = process.argv.slice(2)
const store = openSqlite({ path, timeoutMs: 10_000 })
const tasks = createCaller(store.repository, ownerNamed(owner))
const end = Number(first) + Number(count)
let next = Number(first)

async function write(): Promise<void> {
  while (next < end) {
    const n = next++
    await tasks.create(n)
    writeSync(1, `${n}\n`)
  }
}

await Promise.all(Array.from({ length: 16 }, write))
await store.close()
