import { parseArgs } from 'node:util'
import { newApiToken } from '../adapters/auth/api-token-format.ts'
import { createClock } from '../adapters/system/clock.ts'
import { createNewId } from '../adapters/system/ids.ts'
import type { ApiToken } from '../core/api-token.ts'
import { OperatorError, TaskportError } from '../core/errors.ts'
import { isOwner, type Owner } from '../core/owner.ts'
import { createTokenService, type TokenService } from '../core/tokens.ts'
import { type Config, readConfig } from './config.ts'
import { migrationStatus } from './migrations.ts'
import { openStore } from './store.ts'
import type { Terminal } from './terminal.ts'

const USAGE = `Usage: taskport token create --user ann --name ci --scopes read,write [--days 90]
       taskport token list --user ann
       taskport token revoke --user ann ID

Manages the API tokens of a user. The service may be running: it accepts a revoked token for up to 30 seconds
more.

  --user NAME    whose tokens: the \`sub\` of the tokens that the sign-in service issues
  --name NAME    what the token is for
  --scopes LIST  what the token may do: read, or read,write
  --days NUMBER  how long the token is valid; without it, until it is revoked
  --json         print JSON
  -h, --help     print this help

\`create\` prints the token to standard output, this once. Without create, list or revoke, \`taskport token\`
prints a token of demo mode.
`

const COMMANDS = ['create', 'list', 'revoke'] as const
type Command = (typeof COMMANDS)[number]

const DAY_MS = 86_400_000
const MAX_DAYS = 36_500

/** Whether arguments name one of these commands, and not demo mode's `token`. */
export function isTokenCommand([command, sub]: readonly string[]): boolean {
  return command === 'token' && COMMANDS.some((name) => name === sub)
}

/** @param args without `token`. */
export async function tokenCommands(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parse(args)
  if (values.help) {
    terminal.print(USAGE)
    return 0
  }
  const [command, ...ids] = positionals
  const owner = ownerOf(values.user)
  terminal.addEnvFile()
  const config = readConfig(terminal.variables, terminal.isTerminal)
  switch (COMMANDS.find((name) => name === command)) {
    case 'create': {
      expectOnly('create', values, ['name', 'scopes', 'days'], ids, 0)
      const body = bodyOf(values)
      return withTokens(config, async (tokens) => {
        const { token, text } = await tokens.create(owner, body)
        if (values.json) terminal.print(`${JSON.stringify({ ...token, token: text })}\n`)
        else {
          terminal.printError(`created ${describe(token)}\n`)
          terminal.print(`${text}\n`)
        }
      })
    }
    case 'list':
      expectOnly('list', values, [], ids, 0)
      return withTokens(config, async (tokens) => {
        const all = await tokens.all(owner)
        if (values.json) terminal.print(`${JSON.stringify({ tokens: all })}\n`)
        else terminal.print(tableOf(all))
      })
    case 'revoke': {
      expectOnly('revoke', values, [], ids, 1)
      const [id = ''] = ids
      return withTokens(config, async (tokens) => {
        await tokens.remove(owner, id)
        terminal.print(
          values.json
            ? `${JSON.stringify({ id: id.toLowerCase() })}\n`
            : `revoked ${id.toLowerCase()}: running services refuse it within 30 seconds\n`,
        )
      })
    }
    default:
      throw wrong('Name one of create, list and revoke')
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        user: { type: 'string' },
        name: { type: 'string' },
        scopes: { type: 'string' },
        days: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowPositionals: true,
    })
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : `${error}`)
  }
}

type Values = ReturnType<typeof parse>['values']

function wrong(problem: string): OperatorError {
  return new OperatorError(`${problem}\n\n${USAGE}`)
}

/** Refuses options and arguments that a command does not take. */
function expectOnly(
  command: Command,
  values: Values,
  taken: readonly ('name' | 'scopes' | 'days')[],
  ids: readonly string[],
  idCount: 0 | 1,
): void {
  for (const name of ['name', 'scopes', 'days'] as const)
    if (values[name] !== undefined && !taken.includes(name))
      throw wrong(`\`taskport token ${command}\` takes no --${name}`)
  if (ids.length < idCount)
    throw wrong('Name the id of the token, as `taskport token list` shows it')
  if (ids.length > idCount) throw wrong(`Unknown argument "${ids[idCount]}"`)
}

function ownerOf(user: string | undefined): Owner {
  if (!isOwner(user))
    throw wrong(
      '--user must be 1 to 255 characters, without control characters, for example --user ann',
    )
  return user
}

function bodyOf({ name, scopes, days }: Values): unknown {
  const expires_at = days === undefined ? null : daysFromNow(days)
  return { name, scopes: scopes?.split(',').map((scope) => scope.trim()), expires_at }
}

function daysFromNow(days: string): string {
  const number = /^\d{1,5}$/.test(days) ? Number(days) : 0
  if (number < 1 || number > MAX_DAYS)
    throw wrong(`--days must be a whole number from 1 to ${MAX_DAYS}, for example --days 90`)
  return new Date(Date.now() + number * DAY_MS).toISOString()
}

async function withTokens(
  config: Config,
  work: (tokens: TokenService) => Promise<void>,
): Promise<number> {
  const { tokens, migrations, close } = await openStore(config)
  try {
    if (!migrations)
      throw new OperatorError(
        'DATABASE_URL=memory: keeps tokens only in the running service. Name a database, for example DATABASE_URL=sqlite:./data/tasks.db',
      )
    const status = await migrationStatus(migrations)
    if (status.some(({ state }) => state === 'pending'))
      throw new OperatorError('The database has pending migrations. Run `taskport migrate` first.')
    await work(
      createTokenService({
        store: tokens,
        newSecret: newApiToken,
        newId: createNewId(),
        now: createClock(),
        onRemoved: () => {},
      }),
    )
    return 0
  } catch (error) {
    throw toOperatorError(error)
  } finally {
    await close()
  }
}

/** Explains what is wrong with the arguments. */
function toOperatorError(error: unknown): unknown {
  if (!(error instanceof TaskportError)) return error
  if (error.code === 'not_found') return new OperatorError('The user has no token with this id.')
  if (error.code === 'invalid') return new OperatorError(`${error.details.join('\n')}`)
  return error
}

function describe({ id, scopes, expires_at }: ApiToken): string {
  const end = expires_at === null ? 'never expires' : `expires at ${expires_at}`
  return `${id} (${scopes.join(',')}), which ${end}`
}

const HEADERS = ['ID', 'NAME', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED']

// A name may contain what a terminal would take for commands.
const CONTROL = /\p{C}/gu

function tableOf(tokens: readonly ApiToken[]): string {
  if (tokens.length === 0) return 'The user has no API tokens.\n'
  const rows = tokens.map(({ id, name, scopes, created_at, expires_at, last_used_at }) => [
    id,
    name.replace(CONTROL, '?'),
    scopes.join(),
    created_at,
    expires_at ?? 'never',
    last_used_at ?? 'never',
  ])
  const table = [HEADERS, ...rows]
  const widths = HEADERS.map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  )
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}
