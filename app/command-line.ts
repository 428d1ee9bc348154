import { parseArgs } from 'node:util'
import { createLogger } from '../adapters/pino/logger.ts'
import { version } from '../package.json'
import { openStore } from './compose.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { demoGreeting, demoSecret, demoToken, withSecret } from './demo.ts'
import { MigrationError, migrate, migrationStatus } from './migrations.ts'
import { serve, stopOnSignal } from './serve.ts'
import { serveAsWorker, startWorkers } from './workers.ts'

const USAGE = `taskport ${version}

  serve                 serve the API (without a command, too)
  migrate               apply pending migrations
  migrate --status      list migrations; exit code 1 if any is pending
  token [--user NAME]   print a token of demo mode, good for 30 days
  health                ask the server of this configuration for its health

Settings are environment variables; README.md lists them.
`

/** Where a command comes from and where its words go. */
export interface Terminal {
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Whether a person reads along. */
  readonly isTerminal: boolean
  print(text: string): void
  printError(text: string): void
}

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
  switch (command) {
    case 'serve':
      return serveCommand(config, terminal)
    case 'worker':
      return workerCommand(config)
    case 'migrate':
      return values.status ? statusCommand(config, terminal) : migrateCommand(config, terminal)
    case 'token':
      return tokenCommand(config, values.user, terminal)
    case 'health':
      return healthCommand(config, terminal)
    default:
      throw new UsageError(`Unknown command "${command}"\n\n${USAGE}`)
  }
}

async function serveCommand(config: Config, { print }: Terminal): Promise<null> {
  const log = createLogger({ level: config.logLevel, format: config.logFormat })
  const secret = config.demo ? await demoSecret(config.database) : undefined
  const complete = secret === undefined ? config : withSecret(config, secret)
  const service =
    config.workers === 1 ? await serve(complete, log) : await startWorkers(complete, log)
  stopOnSignal(service, log)
  const { host, workers } = config
  log.info({ host, port: service.port, store: config.database.kind, workers }, 'Serving')
  if (secret !== undefined)
    print(demoGreeting(addressOf(host, service.port), await demoToken(secret)))
  return null
}

/** One of the processes that `serve` starts where there are several; not for people. */
async function workerCommand(config: Config): Promise<null> {
  await serveAsWorker(config, createLogger({ level: config.logLevel, format: config.logFormat }))
  return null
}

/** An address that a browser on this machine opens. */
function addressOf(host: string, port: number): string {
  const isEveryAddress = host === '0.0.0.0' || host === '::'
  const name = isEveryAddress ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
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
    error instanceof ConfigError ||
    error instanceof MigrationError ||
    error instanceof UsageError
  )
    return error.message
  if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'))
    return `${error.message}\n\n${USAGE}`
  if (code === 'EADDRINUSE') return `${error.message}. Set PORT to a free one.`
  return `${error.stack}`
}
