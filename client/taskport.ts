import { type ErrorCode, TaskportError } from './errors.ts'
import { createFeed, type FeedEvent, type FeedOptions } from './feed.ts'
import { type Call, type CallOptions, createHttp, type HttpResponse } from './http.ts'
import { createTokens, type TokenSource } from './token.ts'
import type {
  BatchResults,
  ChangeList,
  ClearedTasks,
  Health,
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

export type {
  BatchResults,
  CallOptions,
  ChangeList,
  ClearedTasks,
  ErrorCode,
  FeedEvent,
  FeedOptions,
  Health,
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
export { TaskportError }

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

/** Options of a call that changes a task. */
export interface ChangeOptions extends CallOptions {
  /**
   * The task as you know it, or its version. If the task has changed since, the call changes nothing and
   * rejects with `PRECONDITION_FAILED`, unless the task already is as requested.
   */
  readonly ifMatch?: number | { readonly version: number } | undefined
}

/** Options of a call that creates something. */
export interface KeyOptions extends CallOptions {
  /** Identifies the call, so that you can repeat it later. Default: a new key for each call. */
  readonly idempotencyKey?: string | undefined
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

  /**
   * Sends a change that the service rejects with status `refusal` if it arrives twice. A rejected change
   * counts as made if the task is as wanted. (Browsers and runtimes may repeat requests too.)
   */
  async function writeOnce(
    call: Call & { readonly task: string },
    { ifMatch, ...callOptions }: ChangeOptions,
    refusal: number,
    isAsWanted: (task: Task) => boolean,
  ): Promise<Task> {
    try {
      return await write<Task>(call, { ...callOptions, ifMatch })
    } catch (error) {
      if (!(error instanceof TaskportError) || error.status !== refusal) throw error
      const task = await read<Task>(call.task, {}, callOptions).catch(() => null)
      if (task === null || !isAsWanted(task)) throw error
      return task
    }
  }

  function change(method: string, id: string, wanted: TaskPatch, callOptions: ChangeOptions) {
    const path = pathOf(id)
    return writeOnce({ method, path, task: path, body: wanted }, callOptions, 412, (task) => {
      const { text = task.text, completed = task.completed } = wanted
      return task.text === text && task.completed === completed
    })
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
    async refreshTask<Known extends { readonly id: string; readonly version: number }>(
      known: Known,
      callOptions: CallOptions = {},
    ): Promise<Task | Known> {
      const headers = { 'if-none-match': tagOf(known) }
      const accepts = (status: number) => status === 304
      const call = { ...callOptions, method: 'GET', path: pathOf(known.id), headers, accepts }
      const response = await http.send(call)
      return response.status === 304 ? known : bodyOf<Task>(response)
    },

    /** Sets text and completion. */
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
    async deleteTask(
      id: string,
      {
        permanent,
        ...callOptions
      }: ChangeOptions & { readonly permanent?: boolean | undefined } = {},
    ): Promise<void> {
      const query = permanent ? { permanent } : {}
      const accepts = (status: number) => status === 404
      await write({ method: 'DELETE', path: pathOf(id), query, accepts }, callOptions)
    },

    /** Restores a task from the trash. */
    restoreTask(id: string, callOptions: ChangeOptions = {}): Promise<Task> {
      const task = pathOf(id)
      return writeOnce(
        { method: 'POST', path: `${task}/restore`, task },
        callOptions,
        404,
        () => true,
      )
    },

    /** Moves a task before or after another, or to the top or bottom. */
    moveTask(id: string, position: TaskMove, callOptions: ChangeOptions = {}): Promise<Task> {
      return write({ method: 'POST', path: `${pathOf(id)}/move`, body: position }, callOptions)
    },

    /** Sends up to 100 writes in one call: all or none are made if `atomic`. */
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

    /** Pages of changes, as soon as there are any. Without a cursor, the first ones are a snapshot. */
    changes: feed.pages,

    /** Changes one by one, as they happen, and `synced` whenever you are up to date. */
    events: feed.events,

    /** The health of the service. Resolves even if it is unhealthy. */
    async healthCheck(callOptions: CallOptions = {}): Promise<Health> {
      const accepts = (status: number) => status === 503
      const call = { ...callOptions, method: 'GET', path: '/health', isPublic: true, accepts }
      return bodyOf(await http.send(call))
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

function tagOf(version: number | { readonly version: number }): string {
  return `"v${typeof version === 'number' ? version : version.version}"`
}

// Not `randomUUID`, which is missing on pages without TLS.
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
