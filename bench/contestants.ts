import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode } from './node.ts'
import type { StoreKind } from './stores.ts'

export interface Contestant {
  readonly name: string
  readonly store: StoreKind
  /** The command that starts it, or the address of a running server. */
  readonly program: readonly string[] | URL
  readonly variables?: Readonly<Record<string, string>>
  /** The name of its baseline, a contestant with the same store. */
  readonly against: string
  /** Sends constant responses. */
  readonly constant?: true
}

export const TASKPORT = [process.execPath, join(import.meta.dir, '../app/main.ts')]
export const FLOOR = 'floor'
export const FLOOR_EACH = 'floor, one commit per write'
export const CONSTANT = 'constant JSON'

export const taskport = (store: StoreKind): Contestant => {
  const against = store === 'memory' ? CONSTANT : FLOOR
  return { name: 'taskport', store, program: TASKPORT, against }
}

const floorProgram = onBun(import.meta.resolve('./contestants/floor.ts'))

export const floor = (store: StoreKind): Contestant => {
  return { name: FLOOR, store, program: floorProgram, against: FLOOR }
}

/** All contestants, in the order in which they are measured. */
export async function contestants(): Promise<Contestant[]> {
  const variables = { FLOOR_COMMITS: 'each' }
  const honoProgram = onBun(import.meta.resolve('./contestants/hono.ts'))
  const constantProgram = onBun(import.meta.resolve('./contestants/constant.ts'))
  const fastifyProgram = await onNode(import.meta.resolve('./contestants/fastify.ts'))
  const address = process.env['BENCH_URL']
  return [
    floor('postgres'),
    taskport('postgres'),
    { name: 'Fastify + pg, Node', store: 'postgres', program: fastifyProgram, against: FLOOR },
    { name: 'Hono + postgres, Bun', store: 'postgres', program: honoProgram, against: FLOOR },
    ...(address ? [atAddress(new URL(address))] : []),
    floor('sqlite'),
    { ...floor('sqlite'), name: FLOOR_EACH, variables },
    taskport('sqlite'),
    // Shows the cost of the log.
    {
      ...taskport('sqlite'),
      name: 'taskport without logs',
      variables: { LOG_LEVEL: 'silent' },
    },
    {
      name: CONSTANT,
      store: 'memory',
      program: constantProgram,
      against: CONSTANT,
      constant: true,
    },
    taskport('memory'),
  ]
}

/** The server at BENCH_URL. Its store is unknown, so the baseline is the floor on PostgreSQL. */
function atAddress(url: URL): Contestant {
  return { name: url.host, store: 'address', program: url, against: FLOOR }
}

function onBun(file: string): string[] {
  return [process.execPath, fileURLToPath(file)]
}

/** Compiles to JavaScript, because older versions of Node do not run TypeScript. */
async function onNode(file: string): Promise<string[]> {
  const directory = join(import.meta.dir, '../node_modules/.cache/bench')
  await mkdir(directory, { recursive: true })
  const source = await Bun.file(fileURLToPath(file)).text()
  const output = join(directory, 'fastify.mjs')
  await Bun.write(
    output,
    new Bun.Transpiler({ loader: 'ts', target: 'node' }).transformSync(source),
  )
  return [await findNode(), output]
}
