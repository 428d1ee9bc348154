import { parseArgs } from 'node:util'
import { TaskportError } from '../core/errors.ts'
import { version } from '../package.json'
import { addressOf } from './address.ts'
import { ArchiveError } from './archive.ts'
import { exportCommand, importCommand } from './archive-commands.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { asDemo, demoSecret, demoToken } from './demo.ts'
import { MigrationError, migrate, migrationStatus } from './migrations.ts'
import { openStore } from './store.ts'
import type { Terminal } from './terminal.ts'

const USAGE = `taskport ${version}

  serve                 serve the API (without a command, too)
  migrate               apply pending migrations
  migrate --status      list migrations; exit code 1 if any is pending
  export [--user NAME]  write the tasks of one user, or of all, to standard output
  import                add the tasks that standard input holds
  token [--user NAME]   print a token of demo mode, good for 30 days
  health                ask the server of this configuration for its health

Settings are environment variables; README.md lists them.
`

/** What a person did wrong at the command line, in words for that person. */
class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * Runs one command.
 *
 * @returns its exit code, or `null` where it goes on serving.
 */
export async function run(args: string[], terminal: Terminal): Promise<number | null> {
  try {
    return await runCommand(args, terminal)
  } catch (error) {
    terminal.printError(`${explain(error)}\n`)
    return 1
  }
}

async function runCommand(args: string[], terminal: Terminal): Promise<number | null> {
  const { values, positionals } = parseArgs({
    args,
    options: {
      status: { type: 'boolean', default: false },
      user: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
      version: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  const [command = 'serve', ...rest] = positionals
  if (values.help || values.version) {
    terminal.print(values.help ? USAGE : `${version}\n`)
    return 0
  }
  if (rest.length > 0) throw new UsageError(`Unknown argument "${rest[0]}"\n\n${USAGE}`)
  const config = readConfig(terminal.variables, terminal.isTerminal)
  // What only a server needs is loaded only there: the others are to start fast and stay small.
  switch (command) {
    case 'serve':
      return (await import('./serve-command.ts')).serveCommand(config, terminal)
    case 'worker':
      return (await import('./serve-command.ts')).workerCommand(config)
    case 'demo-worker':
      return (await import('./serve-command.ts')).workerCommand(asDemo(config))
    case 'migrate':
      return values.status ? statusCommand(config, terminal) : migrateCommand(config, terminal)
    case 'export':
      return exportCommand(config, values.user, terminal)
    case 'import':
      return importCommand(config, values.user, terminal)
    case 'token':
      return tokenCommand(config, values.user, terminal)
    case 'health':
      return healthCommand(config, terminal)
    default:
      throw new UsageError(`Unknown command "${command}"\n\n${USAGE}`)
  }
}

async function migrateCommand(config: Config, { print }: Terminal): Promise<number> {
  const store = await openStore(config)
  try {
    let applied = 0
    if (store.migrations)
      await migrate(store.migrations, (name) => {
        applied += 1
        print(`applied  ${name}\n`)
      })
    if (applied === 0) print('Nothing to do: every migration is applied.\n')
    return 0
  } finally {
    await store.close()
  }
}

async function statusCommand(config: Config, { print }: Terminal): Promise<number> {
  const store = await openStore(config)
  try {
    const status = store.migrations ? await migrationStatus(store.migrations) : []
    for (const { name, state } of status) print(`${state}  ${name}\n`)
    return status.some(({ state }) => state === 'pending') ? 1 : 0
  } finally {
    await store.close()
  }
}

async function tokenCommand(
  config: Config,
  user: string | undefined,
  { print }: Terminal,
): Promise<number> {
  if (!config.demo || config.database.kind !== 'sqlite')
    throw new UsageError(
      'Tokens come from your sign-in service. Only demo mode on SQLite makes its own: outside production, without BETTER_AUTH_SECRET, BETTER_AUTH_URL and JWKS_URL.',
    )
  print(`${await demoToken(await demoSecret(config.database), user)}\n`)
  return 0
}

async function healthCommand(config: Config, { print }: Terminal): Promise<number> {
  const address = `${addressOf(config.host, config.port)}/health`
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(2000) })
    print(`${await response.text()}\n`)
    return response.ok ? 0 : 1
  } catch {
    throw new UsageError(`Nothing answers at ${address}`)
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return `${error}`
  const code = 'code' in error ? error.code : undefined
  if (
    error instanceof ArchiveError ||
    error instanceof ConfigError ||
    error instanceof MigrationError ||
    error instanceof UsageError
  )
    return error.message
  // A store that is down, and why.
  if (error instanceof TaskportError)
    return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
  if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'))
    return `${error.message}\n\n${USAGE}`
  if (code === 'EADDRINUSE') return `${error.message}. Set PORT to a free one.`
  return `${error.stack}`
}
