import { createApiTokens } from './api-tokens.ts'
import { isListAsWanted, isTaskAsWanted } from './comparison.ts'
import { type DueOptions, type DueTask, dueToday, isOverdue } from './due.ts'
import { type ErrorCode, TaskportError } from './errors.ts'
import { type ChangeQuery, createFeed, type FeedEvent, type FeedOptions } from './feed.ts'
import { type Call, type CallOptions, createHttp, type HttpResponse } from './http.ts'
import { newKey } from './key.ts'
import { createTokens, type TokenSource } from './token.ts'
import type {
  BatchResults,
  ChangeList,
  ClearedTasks,
  CountedList,
  Health,
  List,
  ListCreate,
  ListMove,
  ListOfLists,
  ListPatch,
  ServiceInfo,
  Task,
  TaskBatch,
  TaskChange,
  TaskCreate,
  TaskList,
  TaskMove,
  TaskPatch,
  TaskQuery,
  TaskUpdate,
} from './types.ts'

export type { ApiToken, ApiTokenCreate, ApiTokenList, NewApiToken } from './types.ts'
export type {
  BatchResults,
  CallOptions,
  ChangeList,
  ChangeQuery,
  ClearedTasks,
  CountedList,
  DueOptions,
  DueTask,
  ErrorCode,
  FeedEvent,
  FeedOptions,
  Health,
  List,
  ListCreate,
  ListMove,
  ListOfLists,
  ListPatch,
  ServiceInfo,
  Task,
  TaskBatch,
  TaskChange,
  TaskCreate,
  TaskList,
  TaskMove,
  TaskPatch,
  TaskQuery,
  TaskUpdate,
  TokenSource,
}
export { dueToday, isOverdue, TaskportError }

export interface TaskportOptions {
  /** The service's URL, such as `https://tasks.example.com`. Empty for the page's own origin. */
  readonly url: string
  /** A token, or a function that fetches one. It is called for the first call, and after a 401. */
  readonly token?: TokenSource
  /** Time limit of a call with all its attempts. Default: 30 seconds. */
  readonly timeoutMs?: number
  /** Time limit of one attempt. Default: 10 seconds. */
  readonly attemptTimeoutMs?: number
  /** How often a failed call is retried. Default: 5. */
  readonly retries?: number
  /** Replaces the global `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/** Options of a call that changes a task or a list. */
export interface ChangeOptions extends CallOptions {
  /**
   * The task or list as you know it, or its version. If it has changed since, the call changes nothing and
   * rejects with `PRECONDITION_FAILED`, unless it already is as requested.
   */
  readonly ifMatch?: number | { readonly version: number } | undefined
}

/** Options of a call that creates something. */
export interface KeyOptions extends CallOptions {
  /** Identifies the call, so that you can repeat it later. Default: a new key for each call. */
  readonly idempotencyKey?: string | undefined
}

interface Known {
  readonly id: string
  readonly version: number
}

export type TaskportClient = ReturnType<typeof createTaskportClient>

/**
 * Creates a client for one user. All operations reject with a `TaskportError`. They are retried after a
 * lost connection, while the service is busy or down, and once with a new token.
 */
export function createTaskportClient(options: TaskportOptions) {
  const http = createHttp({
    url: options.url.replace(/\/+$/, ''),
    tokens: createTokens(options.token),
    // A browser's `fetch` must not be called as a method of another object.
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    timeoutMs: options.timeoutMs ?? 30_000,
    attemptTimeoutMs: options.attemptTimeoutMs ?? 10_000,
    retries: options.retries ?? 5,
  })
  const feed = createFeed(http)

  async function write<Value>(
    call: Call,
    { ifMatch, idempotencyKey, ...callOptions }: ChangeOptions & KeyOptions,
  ): Promise<Value> {
    const headers = {
      ...(ifMatch === undefined ? {} : { 'if-match': tagOf(ifMatch) }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    }
    return bodyOf(await http.send({ ...callOptions, ...call, headers }))
  }

  async function read<Value>(
    path: string,
    query: Call['query'],
    callOptions: CallOptions,
  ): Promise<Value> {
    return bodyOf(await http.send({ ...callOptions, method: 'GET', path, query }))
  }

  /** Reads what has the known version. Returns the same object if it is current. */
  async function refresh<Item, Old extends Known>(
    path: string,
    known: Old,
    callOptions: CallOptions,
  ): Promise<Item | Old> {
    const headers = { 'if-none-match': tagOf(known) }
    const accepts = (status: number) => status === 304
    const call = { ...callOptions, method: 'GET', path, headers, accepts }
    const response = await http.send(call)
    return response.status === 304 ? known : bodyOf<Item>(response)
  }

  /**
   * Sends a change of `path` that the service rejects with status `refusal` if it arrives twice. A rejected
   * change counts as made if the task or list is as wanted. (Browsers and runtimes may repeat requests too.)
   */
  async function writeOnce<Item>(
    call: Call,
    path: string,
    callOptions: ChangeOptions,
    refusal: number,
    isAsWanted: (item: Item) => boolean,
  ): Promise<Item> {
    try {
      return await write<Item>(call, callOptions)
    } catch (error) {
      if (!(error instanceof TaskportError) || error.status !== refusal) throw error
      const item = await read<Item>(path, {}, callOptions).catch(() => null)
      if (item === null || !isAsWanted(item)) throw error
      return item
    }
  }

  function change(method: string, id: string, body: TaskPatch, callOptions: ChangeOptions) {
    const path = pathOf(id)
    return writeOnce<Task>({ method, path, body }, path, callOptions, 412, (task) =>
      isTaskAsWanted(task, body),
    )
  }

  /** Deletes a task or a list. Succeeds if there is none. */
  async function remove(
    path: string,
    query: Call['query'],
    callOptions: ChangeOptions,
  ): Promise<void> {
    const accepts = (status: number) => status === 404
    await write({ method: 'DELETE', path, query, accepts }, callOptions)
  }

  const listTasks = (query: TaskQuery = {}, callOptions: CallOptions = {}): Promise<TaskList> =>
    read('/tasks', query, callOptions)

  return {
    /** Lists tasks. Returns one page if there is a `limit`, otherwise all of them. */
    listTasks,

    /** Iterates over all tasks, or those of a query, and fetches pages as needed. */
    async *eachTask(query: TaskQuery = {}, callOptions: CallOptions = {}): AsyncGenerator<Task> {
      for (let page = query; ; ) {
        const { tasks, next_cursor: cursor } = await listTasks({ limit: 100, ...page }, callOptions)
        yield* tasks
        if (!cursor) return
        page = { ...page, cursor }
      }
    },

    createTask(task: TaskCreate, { idempotencyKey = newKey(), ...callOptions }: KeyOptions = {}) {
      const call = { method: 'POST', path: '/tasks', body: task }
      return write<Task>(call, { ...callOptions, idempotencyKey })
    },

    getTask: (id: string, callOptions: CallOptions = {}): Promise<Task> =>
      read(pathOf(id), {}, callOptions),

    /** Gets the current task. Returns the same object that you pass if it has not changed. */
    refreshTask: <Old extends Known>(known: Old, callOptions: CallOptions = {}) =>
      refresh<Task, Old>(pathOf(known.id), known, callOptions),

    /** Sets text and completion, and the other members that are given. */
    updateTask: (id: string, task: TaskUpdate, callOptions: ChangeOptions = {}) =>
      change('PUT', id, task, callOptions),

    /** Changes the given fields of a task. */
    patchTask: (id: string, patch: TaskPatch, callOptions: ChangeOptions = {}) =>
      change('PATCH', id, patch, callOptions),

    /**
     * Moves a task to the trash. Succeeds if the task does not exist.
     *
     * @param callOptions.permanent deletes the task permanently instead.
     */
    deleteTask(
      id: string,
      {
        permanent,
        ...callOptions
      }: ChangeOptions & { readonly permanent?: boolean | undefined } = {},
    ): Promise<void> {
      return remove(pathOf(id), permanent ? { permanent } : {}, callOptions)
    },

    /** Restores a task from the trash. */
    restoreTask(id: string, callOptions: ChangeOptions = {}): Promise<Task> {
      const path = pathOf(id)
      const call = { method: 'POST', path: `${path}/restore` }
      return writeOnce<Task>(call, path, callOptions, 404, () => true)
    },

    /** Moves a task before or after another, or to the top or bottom. */
    moveTask(id: string, position: TaskMove, callOptions: ChangeOptions = {}): Promise<Task> {
      return write({ method: 'POST', path: `${pathOf(id)}/move`, body: position }, callOptions)
    },

    /** All lists in their order, each with the number of its open tasks. */
    listLists: (callOptions: CallOptions = {}): Promise<ListOfLists> =>
      read('/lists', {}, callOptions),

    createList(list: ListCreate, { idempotencyKey = newKey(), ...callOptions }: KeyOptions = {}) {
      const call = { method: 'POST', path: '/lists', body: list }
      return write<List>(call, { ...callOptions, idempotencyKey })
    },

    getList: (id: string, callOptions: CallOptions = {}): Promise<List> =>
      read(listPathOf(id), {}, callOptions),

    /** Gets the current list. Returns the same object that you pass if it has not changed. */
    refreshList: <Old extends Known>(known: Old, callOptions: CallOptions = {}) =>
      refresh<List, Old>(listPathOf(known.id), known, callOptions),

    /** Changes the name or the color of a list. */
    patchList(id: string, body: ListPatch, callOptions: ChangeOptions = {}): Promise<List> {
      const path = listPathOf(id)
      return writeOnce<List>({ method: 'PATCH', path, body }, path, callOptions, 412, (list) =>
        isListAsWanted(list, body),
      )
    },

    /** Deletes a list, and moves its tasks to the trash. Succeeds if the list does not exist. */
    deleteList: (id: string, callOptions: ChangeOptions = {}): Promise<void> =>
      remove(listPathOf(id), {}, callOptions),

    /** Moves a list before or after another, or to the top or bottom. */
    moveList(id: string, position: ListMove, callOptions: ChangeOptions = {}): Promise<List> {
      return write({ method: 'POST', path: `${listPathOf(id)}/move`, body: position }, callOptions)
    },

    /**
     * Sends up to 100 writes of tasks and lists in one call: all or none are made if `atomic`. `$0` stands for
     * the id of what operation 0 creates.
     */
    batchTasks(batch: TaskBatch, { idempotencyKey = newKey(), ...callOptions }: KeyOptions = {}) {
      const call = { method: 'POST', path: '/tasks/batch', body: batch }
      return write<BatchResults>(call, { ...callOptions, idempotencyKey })
    },

    /** Moves every completed task to the trash, in as many requests as that takes. */
    async clearCompleted(callOptions: CallOptions = {}): Promise<ClearedTasks> {
      for (let count = 0; ; ) {
        const call = { method: 'POST', path: '/tasks/clear-completed' }
        const cleared = await write<ClearedTasks>(call, callOptions)
        count += cleared.count
        if (!cleared.has_more) return { count, has_more: false }
      }
    },

    /** One page of changes. Without a cursor, the first pages are a snapshot. */
    listChanges: feed.page,

    /** Pages of changes, as soon as there are any. Without a cursor, the first ones are a snapshot. */
    changes: feed.pages,

    /** Changes one by one, as they happen, and `synced` whenever you are up to date. */
    events: feed.events,

    ...createApiTokens(http),

    /** The health of the service. Resolves even if it is unhealthy. */
    async healthCheck(callOptions: CallOptions = {}): Promise<Health> {
      const accepts = (status: number) => status === 503
      const call = { ...callOptions, method: 'GET', path: '/health', isPublic: true, accepts }
      return bodyOf(await http.send(call))
    },

    /** The name and the version of the service. Needs no token. */
    async serviceInfo(callOptions: CallOptions = {}): Promise<ServiceInfo> {
      return bodyOf(await http.send({ ...callOptions, method: 'GET', path: '/', isPublic: true }))
    },
  }
}

// The OpenAPI document defines each body.
function bodyOf<Value>({ body }: HttpResponse): Value {
  return body as Value
}

function pathOf(id: string): string {
  return `/tasks/${encodeURIComponent(id)}`
}

function listPathOf(id: string): string {
  return `/lists/${encodeURIComponent(id)}`
}

function tagOf(version: number | { readonly version: number }): string {
  return `"v${typeof version === 'number' ? version : version.version}"`
}
