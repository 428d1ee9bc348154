import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode } from './node.ts'
import { SERVE_POCKETBASE } from './pocketbase.ts'

export type StoreKind = 'postgres' | 'sqlite' | 'memory'

export interface Contestant {
  readonly name: string
  readonly store: StoreKind
  /**
   * Where its tasks come from: a database with taskport's tables, with plain tables or with those of
   * PocketBase; or requests that create them. A server of constant responses has none.
   */
  readonly data: 'taskport' | 'plain' | 'pocketbase' | 'requests' | 'none'
  /** How it reaches PostgreSQL. Default: directly. */
  readonly through?: 'pgbouncer' | 'delay'
  /** The command that starts it, or the address of a running server. */
  readonly program: readonly string[] | URL
  readonly variables?: Readonly<Record<string, string>>
  /** The name of its baseline, a contestant with the same store. */
  readonly against: string
  /** How much of the comparison it takes part in, see comparison.ts. */
  readonly scope: 'full' | 'sizes' | 'basic'
}

export const TASKPORT = [process.execPath, join(import.meta.dir, '../app/main.ts')]
export const FLOOR = 'floor'
export const CONSTANT = 'constant JSON'
export const THROUGH_PGBOUNCER = ' through PgBouncer'
export const OVER_DELAY = ' over 5 ms'
const FASTIFY = 'Fastify + pg, Node'
const HONO = 'Hono + postgres, Bun'
export const POCKETBASE = 'PocketBase'
export const PEERS = [FASTIFY, HONO, POCKETBASE]

export const taskport = (store: StoreKind): Contestant => {
  const [data, against] =
    store === 'memory' ? (['requests', CONSTANT] as const) : (['taskport', FLOOR] as const)
  const scope = store === 'memory' ? 'basic' : 'full'
  return { name: 'taskport', store, data, program: TASKPORT, against, scope }
}

const floorProgram = onBun(import.meta.resolve('./contestants/floor.ts'))

export const floor = (store: StoreKind): Contestant => {
  const program = floorProgram
  return { name: FLOOR, store, data: 'plain', program, against: FLOOR, scope: 'full' }
}

/** All contestants, in the order in which they are measured. */
export async function contestants(): Promise<Contestant[]> {
  const fastifyProgram = await onNode(import.meta.resolve('./contestants/fastify.ts'))
  const honoProgram = onBun(import.meta.resolve('./contestants/hono.ts'))
  const constantProgram = onBun(import.meta.resolve('./contestants/constant.ts'))
  const address = process.env['BENCH_URL']
  const peer = { against: FLOOR, scope: 'sizes' } as const
  return [
    floor('postgres'),
    taskport('postgres'),
    { ...peer, name: FASTIFY, store: 'postgres', data: 'plain', program: fastifyProgram },
    { ...peer, name: HONO, store: 'postgres', data: 'plain', program: honoProgram },
    ...(address ? [atAddress(new URL(address))] : []),
    ...throughPgBouncer(),
    ...overDelay(),
    floor('sqlite'),
    taskport('sqlite'),
    ...onPocketBase(),
    // Shows the cost of the log.
    {
      ...taskport('sqlite'),
      name: 'taskport without logs',
      variables: { LOG_LEVEL: 'silent' },
      against: 'taskport',
      scope: 'basic',
    },
    {
      name: CONSTANT,
      store: 'memory',
      data: 'none',
      program: constantProgram,
      against: CONSTANT,
      scope: 'basic',
    },
    taskport('memory'),
  ]
}

/** PgBouncer in transaction mode, without prepared statements. Taskport detects that by itself. */
function throughPgBouncer(): Contestant[] {
  if (!isInstalled('pgbouncer')) return []
  const against = `${FLOOR}${THROUGH_PGBOUNCER}`
  const common = { through: 'pgbouncer', against, scope: 'basic' } as const
  return [
    { ...floor('postgres'), ...common, name: against, variables: { FLOOR_PREPARES: 'never' } },
    { ...taskport('postgres'), ...common, name: `taskport${THROUGH_PGBOUNCER}` },
  ]
}

/** Every answer of PostgreSQL takes 5 ms longer. */
function overDelay(): Contestant[] {
  const against = `${FLOOR}${OVER_DELAY}`
  const common = { through: 'delay', against, scope: 'basic' } as const
  return [
    { ...floor('postgres'), ...common, name: against },
    { ...taskport('postgres'), ...common, name: `taskport${OVER_DELAY}` },
  ]
}

function onPocketBase(): Contestant[] {
  if (!isInstalled('pocketbase')) return []
  const common = { store: 'sqlite', data: 'pocketbase', against: FLOOR, scope: 'sizes' } as const
  return [{ ...common, name: POCKETBASE, program: SERVE_POCKETBASE }]
}

export function isInstalled(program: 'pocketbase' | 'pgbouncer'): boolean {
  // Debian keeps servers in a directory that is not on every PATH.
  return Bun.which(program, { PATH: `${process.env['PATH']}:/usr/sbin` }) !== null
}

/** The server at BENCH_URL. Its store is unknown, so the baseline is the floor on PostgreSQL. */
function atAddress(url: URL): Contestant {
  const common = { store: 'postgres', data: 'requests', against: FLOOR, scope: 'basic' } as const
  return { ...common, name: url.host, program: url }
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
