import { Database } from 'bun:sqlite'
import { spawnSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { findNode } from './node.ts'

/** The machine and the versions of a run. */
export type Machine = Readonly<Record<string, string>>

export async function describeMachine(postgresVersion: string): Promise<Machine> {
  const processors = cpus()
  const database = new Database(':memory:')
  const sqlite = database.query<{ version: string }, []>('select sqlite_version() as version').get()
  database.close()
  return {
    commit: commit(),
    time: new Date().toISOString(),
    processors: `${processors.length} × ${processors[0]?.model}, shared by server, database and load generator`,
    'load before': loadavg()[0]?.toFixed(2) ?? '',
    memory: `${Math.round(totalmem() / 1024 ** 3)} GB`,
    system: `${type()} ${release()}`,
    Bun: Bun.version,
    Node: output(await findNode(), '--version'),
    PostgreSQL: postgresVersion,
    SQLite: `${sqlite?.version}`,
    wrk: output('wrk', '--version').split(' ')[1] ?? '',
    ...(Bun.which('pocketbase') !== null && {
      PocketBase: output('pocketbase', '--version').split(' ').at(-1) ?? '',
    }),
    ...(await versions('fastify', '@fastify/jwt', 'pg', 'hono', 'postgres')),
  }
}

function commit(): string {
  const git = ['-C', join(import.meta.dir, '..')]
  const id = output('git', ...git, 'rev-parse', '--short', 'HEAD')
  const changed = output('git', ...git, 'status', '--porcelain', 'adapters', 'app', 'core')
  return changed === '' ? id : `${id} with changes`
}

/** The first line that a program prints. Ignores the exit code, because `wrk --version` exits with 1. */
function output(program: string, ...args: string[]): string {
  const { stdout } = spawnSync(program, args, { encoding: 'utf8' })
  return (stdout ?? '').trim().split('\n')[0] ?? ''
}

async function versions(...names: string[]): Promise<Machine> {
  const packages = await Bun.file(join(import.meta.dir, '../package.json')).json()
  const all = { ...packages.dependencies, ...packages.devDependencies }
  return Object.fromEntries(names.map((name) => [name, `${all[name]}`]))
}
