import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { ApiToken } from '../../core/api-token.ts'
import { List } from '../../core/list.ts'
import { Task } from '../../core/task.ts'

const task = Compile(Task)
const list = Compile(
  Type.Object({
    tasks: Type.Array(Task),
    count: Type.Integer(),
    next_cursor: Type.Union([Type.String(), Type.Null()]),
  }),
)
const item = Compile(Type.Object({ id: Type.String() }))
const countedLists = Compile(
  Type.Object({
    lists: Type.Array(Type.Object({ ...List.properties, open: Type.Integer() })),
    count: Type.Integer(),
  }),
)
const apiTokens = Compile(Type.Object({ tokens: Type.Array(ApiToken) }))
const error = Compile(
  Type.Object({
    error: Type.String(),
    message: Type.String(),
    details: Type.Optional(Type.Array(Type.String())),
  }),
)

/** Reads the task in a response. Throws if the body is something else. */
export async function readTask(response: Response): Promise<Task> {
  return task.Parse(await response.json())
}

/** Reads the list in a response. Throws if the body is something else. */
export async function readList(
  response: Response,
): Promise<{ tasks: Task[]; count: number; next_cursor: string | null }> {
  return list.Parse(await response.json())
}

/** Reads a task or a list in a response. Throws if the body is something else. */
export async function readItem(response: Response) {
  return item.Parse(await response.json())
}

/** Reads all lists in a response. Throws if the body is something else. */
export async function readCountedLists(response: Response) {
  return countedLists.Parse(await response.json())
}

/** Reads all API tokens in a response. Throws if the body is something else. */
export async function readTokens(response: Response) {
  return apiTokens.Parse(await response.json())
}

/** Reads the error in a response, with details or an empty list. Throws if it is something else. */
export async function readError(response: Response) {
  const body = error.Parse(await response.json())
  return { members: Object.keys(body), details: [], ...body }
}
