import { Compile } from 'typebox/compile'
import type { Owner } from '../../core/owner.ts'
import { EVERYTHING, type Filters } from '../../core/query.ts'
import type { ExpectedVersions } from '../../core/requests.ts'
import { searchFor } from '../../core/search.ts'
import { TaskId } from '../../core/task.ts'
import type { TaskService } from '../../core/tasks.ts'
import { NamingError } from './results.ts'

/** The task that a caller named. */
interface NamedTask {
  readonly id: string
  /** The version that the words were found in. `any` if the caller gave an id. */
  readonly versions: ExpectedVersions
}

const id = Compile(TaskId)

// More would fill the context of a model, and the caller can use other words.
const MAX_MATCHES = 10

/**
 * Finds the task that a caller names, by its id or by words that occur in it. Never guesses.
 *
 * @param among which tasks the words are looked up in.
 * @throws NamingError if none or several tasks contain the words.
 */
export async function findTask(
  tasks: TaskService,
  owner: Owner,
  named: string,
  among: Partial<Filters> = {},
): Promise<NamedTask> {
  if (id.Check(named)) return { id: named, versions: 'any' }
  const search = searchFor(named)
  const query = { ...EVERYTHING, ...among, search, limit: MAX_MATCHES }
  const { tasks: found, count } = await tasks.list(owner, query)
  const [only] = found
  if (only === undefined) throw notFound(among)
  if (count === 1) return { id: only.id, versions: [only.version] }
  throw new NamingError(
    'ambiguous',
    `${count} tasks contain these words`,
    'Call the tool again with the id of the right task, or with more words. If you are not sure which task is meant, ask the user.',
    found.map(({ id, text, completed, due }) => ({ id, text, completed, due })),
  )
}

function notFound({ deleted, completed }: Partial<Filters>): NamingError {
  const kind = deleted ? 'deleted task' : completed === false ? 'open task' : 'task'
  const next = deleted
    ? 'Call list_tasks with deleted "only" to see which tasks can be restored.'
    : 'Use other words, or call list_tasks to find the id of the task.'
  return new NamingError('not_found', `No ${kind} contains these words`, next)
}
