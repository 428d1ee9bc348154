import { OperatorError } from '../core/errors.ts'
import { isOwner } from '../core/owner.ts'
import type { OwnerContents, OwnerSummary } from '../core/ports.ts'
import {
  createProgress,
  describeBytes,
  NOT_CONFIRMED,
  withAdministration,
} from './administration.ts'
import type { Config } from './config.ts'
import { inColumns } from './table.ts'
import type { Terminal } from './terminal.ts'

export const USER_HELP = `Usage: taskport user list [--top 20] [--json]
       taskport user delete ID [--yes] [--json]

  list      list the users with the most tasks: their tasks outside the trash, those of them that are
            open, lists, about how many bytes they take, and the last write
  delete    delete everything of a user at once: tasks, the trash, lists, remembered calls and
            API tokens. Without --yes, only say what would be deleted

  --top N   list N users, at most 1000
  --yes     really delete
  --json    print JSON

The service may keep running. Clients of a deleted user must read everything again, and API tokens
end within 30 seconds. A user whose
sign-in is still valid can write again: disable the account at your sign-in service first.

Exit codes: 0 done, 1 an error, 2 nothing was deleted because --yes is missing.
`

const MAX_TOP = 1000
const DEFAULT_TOP = 20

export interface UserOptions {
  readonly top: string | undefined
  readonly yes: boolean
  readonly json: boolean
}

export function userCommand(
  config: Config,
  args: readonly string[],
  options: UserOptions,
  terminal: Terminal,
): Promise<number> {
  const [action, user, ...others] = args
  if (action === 'list' && user === undefined) return listUsers(config, options, terminal)
  if (action === 'delete' && user !== undefined && others.length === 0)
    return deleteUser(config, user, options, terminal)
  throw new OperatorError(USER_HELP)
}

async function listUsers(
  config: Config,
  { top = `${DEFAULT_TOP}`, json }: UserOptions,
  { print }: Terminal,
): Promise<number> {
  const count = Number(top)
  if (!/^\d+$/.test(top) || count < 1 || count > MAX_TOP)
    throw new OperatorError(`--top must be a number from 1 to ${MAX_TOP}, for example --top 20`)
  const { owners, largest } = await withAdministration(config, ({ largest }) => largest(count))
  const users = largest.map(({ owner, ...summary }) => ({ user: owner, ...summary }))
  if (json) print(`${JSON.stringify({ count: owners, users })}\n`)
  else print(`${tableOf(largest)}${users.length} of ${owners} users\n`)
  return 0
}

function tableOf(summaries: readonly OwnerSummary[]): string {
  const rows = [
    ['USER', 'TASKS', 'OPEN', 'LISTS', 'SIZE', 'LAST WRITE'],
    ...summaries.map(({ owner, tasks, open, lists, bytes, last_write }) => [
      owner,
      `${tasks}`,
      `${open}`,
      `${lists}`,
      describeBytes(bytes),
      last_write ?? 'never',
    ]),
  ]
  return inColumns(rows)
}

async function deleteUser(
  config: Config,
  user: string,
  { yes, json }: UserOptions,
  { print, printError }: Terminal,
): Promise<number> {
  if (!isOwner(user))
    throw new OperatorError('ID must be 1 to 255 characters, without control characters')
  return withAdministration(config, async (administration) => {
    const name = JSON.stringify(user)
    if (!yes) {
      const contents = await administration.contents(user)
      print(
        json
          ? `${JSON.stringify({ user, deleted: false, ...contents })}\n`
          : `user ${name} has ${describe(contents)}. Nothing was deleted: add --yes to delete them.\n`,
      )
      return NOT_CONFIRMED
    }
    const progress = createProgress(printError)
    const total = { tasks: 0, lists: 0, remembered_calls: 0, tokens: 0 }
    for (let hasMore = true; hasMore; ) {
      const part = await administration.deleteSome(user)
      hasMore = part.hasMore
      total.tasks += part.deleted.tasks
      total.lists += part.deleted.lists
      total.remembered_calls += part.deleted.remembered_calls
      total.tokens += part.deleted.tokens
      progress(`deleted ${describe(total)} of user ${name}`)
    }
    print(
      json
        ? `${JSON.stringify({ user, deleted: true, ...total })}\n`
        : `deleted ${describe(total)} of user ${name}\n`,
    )
    return 0
  })
}

function describe({ tasks, lists, remembered_calls, tokens }: OwnerContents): string {
  return `${tasks} tasks, ${lists} lists, ${remembered_calls} remembered calls and ${tokens} API tokens`
}
