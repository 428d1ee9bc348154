import { expect } from 'bun:test'
import { Compile } from 'typebox/compile'
import { List } from '../../../../core/list.ts'
import type { Task } from '../../../../core/task.ts'
import { readCountedLists, readError, readList, readTask } from '../../../http/answers.ts'
import type { Client } from '../client.ts'

export const LIST_MEMBERS = ['id', 'name', 'color', 'order', 'version', 'created_at', 'updated_at']

export const NO_ID = 'must be a UUID, written as 8-4-4-4-12 hexadecimal digits'
export const DUE =
  'due: must be a day such as 2026-01-31 or a local time such as 2026-01-31T09:30, without seconds or offset'
export const RECURRENCE =
  'recurrence: must be an object such as {"rule": "FREQ=WEEKLY;BYDAY=MO", "from": "due"}, where rule has at most 200 characters and from is due or completion'
export const TEXT =
  'must be 1 to 500 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate'

const list = Compile(List)

/** Reads the list of tasks in a response. Throws if the body is something else. */
export async function readOneList(response: Response): Promise<List> {
  return list.Parse(await response.json())
}

/** One operation's result in a batch. */
export interface Result {
  readonly status: number
  readonly task?: Task
  readonly list?: List
  readonly error?: { readonly error: string; readonly message: string; readonly details?: string[] }
}

export type User = Awaited<ReturnType<typeof createUser>>

/** A new user, whose requests expect success unless their names say otherwise. */
export async function createUser({ newUser, send, sendJson }: Client) {
  const headers = await newUser()

  const ask = (method: string, path: string, body?: unknown, more = {}) =>
    body === undefined
      ? send(method, path, { ...headers, ...more })
      : sendJson(method, path, body, { ...headers, ...more })

  async function successOf(status: number, ...request: Parameters<typeof ask>) {
    const response = await ask(...request)
    if (response.status !== status)
      throw new Error(`${request[0]} ${request[1]}: ${response.status} ${await response.text()}`)
    return response
  }

  const create = async (members: object = {}) =>
    readTask(await successOf(201, 'POST', '/tasks', { text: 'x', ...members }))

  const tasks = async (query = '') => readList(await successOf(200, 'GET', `/tasks${query}`))

  return {
    headers,
    ask,
    create,
    tasks,

    get: async (id: string) => readTask(await successOf(200, 'GET', `/tasks/${id}`)),
    patch: async (id: string, members: object) =>
      readTask(await successOf(200, 'PATCH', `/tasks/${id}`, members)),
    put: async (id: string, members: object) =>
      readTask(await successOf(200, 'PUT', `/tasks/${id}`, members)),
    remove: async (id: string, query = '') => {
      await successOf(204, 'DELETE', `/tasks/${id}${query}`)
    },
    restore: async (id: string) => readTask(await successOf(200, 'POST', `/tasks/${id}/restore`)),
    move: async (id: string, to: object) =>
      readTask(await successOf(200, 'POST', `/tasks/${id}/move`, to)),

    /** The texts of a list of tasks. */
    texts: async (query = '') => (await tasks(query)).tasks.map(({ text }) => text),

    createList: async (name = 'a', members: object = {}) =>
      readOneList(await successOf(201, 'POST', '/lists', { name, ...members })),
    getList: async (id: string) => readOneList(await successOf(200, 'GET', `/lists/${id}`)),
    patchList: async (id: string, members: object) =>
      readOneList(await successOf(200, 'PATCH', `/lists/${id}`, members)),
    moveList: async (id: string, to: object) =>
      readOneList(await successOf(200, 'POST', `/lists/${id}/move`, to)),
    removeList: async (id: string) => {
      await successOf(204, 'DELETE', `/lists/${id}`)
    },
    lists: async () => readCountedLists(await successOf(200, 'GET', '/lists')),

    async batch(operations: unknown, atomic = false, more = {}): Promise<Result[]> {
      const body = { atomic, operations }
      const response = await successOf(200, 'POST', '/tasks/batch', body, more)
      return Object(await response.json()).results
    },

    /** A page of the feed. */
    async changes(query = '') {
      const response = await successOf(200, 'GET', `/tasks/changes${query}`)
      const { changes, next_cursor: cursor, has_more: hasMore } = Object(await response.json())
      return { changes, cursor: `${cursor}`, hasMore }
    },

    /** The details of the 422 response to a request. */
    async problems(...request: Parameters<typeof ask>): Promise<string[]> {
      const response = await ask(...request)
      expect([response.status, request[1]]).toStrictEqual([422, request[1]])
      const { error, message, details } = await readError(response)
      expect({ error, message }).toStrictEqual({
        error: 'VALIDATION_ERROR',
        message: 'The request is not valid',
      })
      return details
    },
  }
}

/** Everything in a response, except what differs between any two responses. */
export async function contentOf(response: Response) {
  return {
    status: response.status,
    headers: { ...Object.fromEntries(response.headers), 'x-request-id': '', date: '' },
    text: await response.text(),
  }
}

/** Does something on one day, in UTC: again if midnight has passed meanwhile. */
export async function onOneDay<Value>(act: () => Promise<Value>) {
  for (;;) {
    const [before, value, after] = [dayAfter(0), await act(), dayAfter(0)]
    if (before === after) return { today: before, value }
  }
}

/** The day in UTC that comes some days after today. */
export function dayAfter(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}
