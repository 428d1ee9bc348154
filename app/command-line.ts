import { parseArgs } from 'node:util'
import { OperatorError, TaskportError } from '../core/errors.ts'
import { version } from '../package.json'
import { addressOf, listenProblem } from './address.ts'
import { exportCommand, importCommand } from './archive-commands.ts'
import {
  BACKUP_HELP,
  backupCommand,
  FEEDS_HELP,
  feedsCommand,
  RESTORE_HELP,
  restoreCommand,
} from './backup-commands.ts'
import { type Config, readConfig } from './config.ts'
import { asDemo, demoAddresses, demoSecret, demoToken } from './demo.ts'
import { migrate, migrationStatus } from './migrations.ts'
import { outageReason } from './observe.ts'
import { openStore } from './store.ts'
import type { Terminal } from './terminal.ts'
import { isTokenCommand, tokenCommands } from './token-commands.ts'
import { USER_HELP, userCommand } from './user-commands.ts'

const USAGE = `taskport ${version}

Usage: taskport [COMMAND]

  serve                 start the server (the default)
  migrate               apply pending migrations
  migrate --status      list migrations; exit with 1 if any is pending
  migrate --foreign-writers
                        also let other programs write to the tables (PostgreSQL)
  export [--user NAME]  write all tasks, or those of one user, to standard output
  import                add the tasks from standard input
  backup FILE           write a copy of the SQLite database to a new file
  restore FILE          put a backup in the place of the SQLite database
  feeds renew           make all clients read everything again, after pg_restore
  user list             list the users with the most tasks
  user delete ID        delete everything of a user
  token [--user NAME]   print a demo-mode token, valid for 30 days
  token create|list|revoke
                        manage the API tokens of a user; see token create --help
  demo                  print the addresses that sign a browser in, in demo mode
  licenses              print the licenses of Taskport and of everything that it contains
  mcp [--user NAME]     serve an assistant over standard input and output (MCP)
  health                print the health of the running server; exit with 1 if it is unhealthy
  doctor [--json]       check the configuration, the store and all else; exit with 1 if there is a problem
  doctor --token        say why the token on standard input is refused, or for whom it is valid

  -h, --help            print this help, or more about backup, restore, feeds or user
  --version             print the version

Taskport is configured by environment variables, for example PORT=8080, or a file .env in the working
directory. docs/configuration.md lists them.
`

/** The help of commands that have their own. They also take further arguments. */
const HELP: ReadonlyMap<string, string> = new Map([
  ['backup', BACKUP_HELP],
  ['restore', RESTORE_HELP],
  ['feeds', FEEDS_HELP],
  ['user', USER_HELP],
])

/**
 * Runs one command.
 *
 * @returns its exit code, or `null` if it keeps serving.
 */
export async function run(args: string[], terminal: Terminal): Promise<number | null> {
  try {
    return await runCommand(args, terminal)
  } catch (error) {
    terminal.printError(`${messageOf(error)}\n`)
    return 1
  }
}

async function runCommand(args: string[], terminal: Terminal): Promise<number | null> {
  if (isTokenCommand(args)) return tokenCommands(args.slice(1), terminal)
  const { values, positionals } = parseArgs({
    args,
    options: {
      status: { type: 'boolean', default: false },
      'foreign-writers': { type: 'boolean', default: false },
      user: { type: 'string' },
      top: { type: 'string' },
      yes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      token: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      version: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  const [command = 'serve', ...rest] = positionals
  if (values.help || values.version) {
    terminal.print(values.help ? (HELP.get(command) ?? USAGE) : `${version}\n`)
    return 0
  }
  if (rest.length > 0 && !HELP.has(command))
    throw new OperatorError(`Unknown argument "${rest[0]}"\n\n${USAGE}`)
  if (command === 'licenses') {
    await terminal.write((await import('./notices.txt', { with: { type: 'text' } })).default)
    return 0
  }
  // Not below, because it reports an invalid configuration too.
  if (command === 'doctor') return (await import('./doctor.ts')).doctorCommand(values, terminal)
  terminal.addEnvFile()
  const config = readConfig(terminal.variables, terminal.isTerminal)
  // The server's modules are loaded only to serve, so that the other commands start fast.
  switch (command) {
    case 'serve':
      return (await import('./serve-command.ts')).serveCommand(config, terminal)
    case 'worker':
      return (await import('./serve-command.ts')).workerCommand(config, terminal)
    case 'demo-worker':
      return (await import('./serve-command.ts')).workerCommand(asDemo(config), terminal)
    case 'migrate':
      if (values.status) return statusCommand(config, terminal)
      return migrateCommand(config, values['foreign-writers'], terminal)
    case 'export':
      return exportCommand(config, values.user, terminal)
    case 'import':
      return importCommand(config, values.user, terminal)
    case 'backup':
      return backupCommand(config, rest, values, terminal)
    case 'restore':
      return restoreCommand(config, rest, values, terminal)
    case 'feeds':
      return feedsCommand(config, rest, values, terminal)
    case 'user':
      return userCommand(config, rest, { top: undefined, ...values }, terminal)
    case 'token':
      return tokenCommand(config, values.user, terminal)
    case 'demo':
      return demoCommand(config, terminal)
    case 'mcp':
      return (await import('./mcp-command.ts')).mcpCommand(config, values.user, terminal)
    case 'health':
      return healthCommand(config, terminal)
    default:
      throw new OperatorError(`Unknown command "${command}"\n\n${USAGE}`)
  }
}

async function migrateCommand(
  config: Config,
  foreignWriters: boolean,
  { print }: Terminal,
): Promise<number> {
  if (foreignWriters && config.database.kind !== 'postgres')
    throw new OperatorError(
      '--foreign-writers is for PostgreSQL: set DATABASE_URL, for example to postgres://user:password@localhost/tasks',
    )
  const store = await openStore(config)
  try {
    let applied = 0
    const onApplied = (name: string) => {
      applied += 1
      print(`applied  ${name}\n`)
    }
    if (store.migrations) await migrate(store.migrations, onApplied, { foreignWriters })
    if (applied === 0) print('Nothing to do: all migrations are applied.\n')
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
  const secret = await keptSecret(config, 'token')
  print(`${await demoToken(secret, user)}\n`)
  return 0
}

async function demoCommand(config: Config, { print }: Terminal): Promise<number> {
  const secret = await keptSecret(config, 'demo')
  if (config.port === 0)
    throw new OperatorError('Set PORT to the port of the running server, for example PORT=8000.')
  const { playground, docs } = demoAddresses(addressOf(config.host, config.port), secret)
  print(`${playground}\n${docs}\n`)
  return 0
}

/** The secret of demo mode, which is in a file only with SQLite. */
async function keptSecret(config: Config, command: string): Promise<string> {
  if (!config.demo || config.database.kind !== 'sqlite')
    throw new OperatorError(
      `Tokens come from your sign-in service. \`taskport ${command}\` only works in demo mode with SQLite: without BETTER_AUTH_SECRET, BETTER_AUTH_URL, JWKS_URL and NODE_ENV=production, for example with only DATABASE_URL=sqlite:./data/tasks.db set.`,
    )
  return demoSecret(config.database)
}

async function healthCommand(config: Config, { print }: Terminal): Promise<number> {
  const address = `${addressOf(config.host, config.port)}/health`
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(2000) })
    print(`${await response.text()}\n`)
    return response.ok ? 0 : 1
  } catch {
    throw new OperatorError(
      `No server responds at ${address}. Start the server with \`taskport serve\`, or set HOST and PORT to its address, for example PORT=8000.`,
    )
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `${error}`
  const code = 'code' in error ? error.code : undefined
  if (error instanceof OperatorError) return error.message
  if (error instanceof TaskportError) return outageReason(error)
  if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'))
    return `${error.message}\n\n${USAGE}`
  return listenProblem(error, 'PORT') ?? `${error.stack}`
}
