/**
 * A process that creates numbered tasks of an owner, 16 at a time, and prints the number of each after it
 * was created: bun writer.ts PATH OWNER FIRST COUNT
 */
import { writeSync } from 'node:fs'
import { openSqlite } from '../../adapters/sqlite/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { ownerNamed } from '../conformance/stores/store.ts'

const [path = '', owner = '', first = '', count = ''] = process.argv.slice(2)
const store = openSqlite({ path, timeoutMs: 10_000, newEpoch })
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
