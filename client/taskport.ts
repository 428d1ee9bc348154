import { type ErrorCode, TaskportError } from './errors.ts'
import { createFeed, type FeedEvent, type FeedOptions } from './feed.ts'
import { type Answer, type Call, type CallOptions, createHttp } from './http.ts'
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
// All that the package has.
export { TaskportError }

export interface TaskportOptions {
  /** Where the service is, such as `https://tasks.example.com`; empty for the page's own origin. */
  readonly url: string
  /** A token, or what fetches one: asked for the first call, and again after a 401. */
  readonly token?: TokenSource
  /** How long a call may take with all its attempts: 30 seconds, unless told otherwise. */
  readonly timeoutMs?: number
  /** How long one attempt may take: 10 seconds, unless told otherwise. */
  readonly attemptTimeoutMs?: number
  /** How often a call that failed is tried again: 5 times, unless told otherwise. */
  readonly retries?: number
  /** In place of the platform's own `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/** What a change can be told. */
export interface ChangeOptions extends CallOptions {
  /**
   * The task as you know it, or its version: if it has changed since, and is not what you want it to be
   * already, nothing happens and the call fails with `PRECONDITION_FAILED`.
   */
  readonly ifMatch?: number | { readonly version: number } | undefined
}

/** What a call that makes something can be told. */
export interface KeyOptions extends CallOptions {
  /** Names the call, so that it can be repeated later too. The client makes one if there is none. */
  readonly idempotencyKey?: string | undefined
}

export type TaskportClient = ReturnType<typeof createTaskportClient>

/**
 * Taskport's operations for one user. Each rejects with a `TaskportError`. What is safe to repeat is
 * repeated: after a lost connection, when the service is busy or down, and once with a new token.
 */
export function createTaskportClient(options: TaskportOptions) {
  const http = createHttp({
    url: options.url.replace(/\/+$/, ''),
    tokens: createTokens(options.token),
    // Called without an object: a browser's fetch insists on that.
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    timeoutMs: options.timeoutMs ?? 30_000,
    attemptTimeoutMs: options.attemptTimeoutMs ?? 10_000,
    retries: options.retries ?? 5,
  })
  const feed = createFeed(http)

  /** Sends a change. */
  async function write<Value>(
    call: Call,
    { ifMatch, idempotencyKey, ...rest }: ChangeOptions & KeyOptions,
  ): Promise<Value> {
    const headers = {
      ...(ifMatch === undefined ? {} : { 'if-match': tagOf(ifMatch) }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    }
    return bodyOf(await http.send({ ...rest, ...call, headers }))
  }

  async function read<Value>(
    path: string,
    query: Call['query'],
    rest: CallOptions,
  ): Promise<Value> {
    return bodyOf(await http.send({ ...rest, method: 'GET', path, query }))
  }

  /**
   * Sends a change that is refused, with `refusal`, when it comes twice; then it has been made, if the
   * task is as it should be. Not only this client repeats calls: browsers and runtimes do, unseen.
   */
  async function writeOnce(
    call: Call & { readonly task: string },
    { ifMatch, ...rest }: ChangeOptions,
    refusal: number,
    isAsWanted: (task: Task) => boolean,
  ): Promise<Task> {
    try {
      return await write<Task>(call, { ...rest, ifMatch })
    } catch (error) {
      if (!(error instanceof TaskportError) || error.status !== refusal) throw error
      const task = await read<Task>(call.task, {}, rest).catch(() => null)
      if (task === null || !isAsWanted(task)) throw error
      return task
    }
  }

  function change(method: string, id: string, wanted: TaskPatch, rest: ChangeOptions) {
    const path = pathOf(id)
    return writeOnce({ method, path, task: path, body: wanted }, rest, 412, (task) => {
      const { text = task.text, completed = task.completed } = wanted
      return task.text === text && task.completed === completed
    })
  }

  const listTasks = (query: TaskQuery = {}, rest: CallOptions = {}): Promise<TaskList> =>
    read('/tasks', query, rest)

  return {
    /** One page of your tasks; without a limit, all of them. */
    listTasks,

    /** All your tasks, or those of a query, fetched page by page while they are read. */
    async *eachTask(query: TaskQuery = {}, rest: CallOptions = {}): AsyncGenerator<Task> {
      for (let page = query; ; ) {
        const { tasks, next_cursor: cursor } = await listTasks({ limit: 100, ...page }, rest)
        yield* tasks
        if (!cursor) return
        page = { ...page, cursor }
      }
    },

    createTask(task: TaskCreate, { idempotencyKey = newKey(), ...rest }: KeyOptions = {}) {
      const call = { method: 'POST', path: '/tasks', body: task }
      return write<Task>(call, { ...rest, idempotencyKey })
    },

    getTask: (id: string, rest: CallOptions = {}): Promise<Task> => read(pathOf(id), {}, rest),

    /** The task as it is now: the very object that you have, as long as it has not changed. */
    async refreshTask<Known extends { readonly id: string; readonly version: number }>(
      known: Known,
      rest: CallOptions = {},
    ): Promise<Task | Known> {
      const headers = { 'if-none-match': tagOf(known) }
      const accepts = (status: number) => status === 304
      const call = { ...rest, method: 'GET', path: pathOf(known.id), headers, accepts }
      const answer = await http.send(call)
      return answer.status === 304 ? known : bodyOf<Task>(answer)
    },

    /** Sets text and completion. */
    updateTask: (id: string, task: TaskUpdate, rest: ChangeOptions = {}) =>
      change('PUT', id, task, rest),

    /** Sets what is there. */
    patchTask: (id: string, patch: TaskPatch, rest: ChangeOptions = {}) =>
      change('PATCH', id, patch, rest),

    /**
     * Moves a task to the trash. One that is not there is deleted already.
     *
     * @param rest.permanent whether it is gone for good, and not to the trash.
     */
    async deleteTask(
      id: string,
      { permanent, ...rest }: ChangeOptions & { readonly permanent?: boolean | undefined } = {},
    ): Promise<void> {
      const query = permanent ? { permanent } : {}
      const accepts = (status: number) => status === 404
      await write({ method: 'DELETE', path: pathOf(id), query, accepts }, rest)
    },

    /** Takes a task out of the trash. */
    restoreTask(id: string, rest: ChangeOptions = {}): Promise<Task> {
      const task = pathOf(id)
      return writeOnce({ method: 'POST', path: `${task}/restore`, task }, rest, 404, () => true)
    },

    /** Puts a task before or after another, or at an end. */
    moveTask(id: string, place: TaskMove, rest: ChangeOptions = {}): Promise<Task> {
      return write({ method: 'POST', path: `${pathOf(id)}/move`, body: place }, rest)
    },

    /** Does up to a hundred writes in one call, all or none of them where `atomic`. */
    batchTasks(batch: TaskBatch, { idempotencyKey = newKey(), ...rest }: KeyOptions = {}) {
      const call = { method: 'POST', path: '/tasks/batch', body: batch }
      return write<BatchResults>(call, { ...rest, idempotencyKey })
    },

    /** Moves every completed task to the trash. */
    clearCompleted(rest: CallOptions = {}): Promise<ClearedTasks> {
      return write({ method: 'POST', path: '/tasks/clear-completed' }, rest)
    },

    /** Pages of changes, the first a snapshot unless there is a cursor, each as soon as it is there. */
    changes: feed.pages,

    /** Changes one by one, as they happen; `synced` whenever that is all of them. */
    events: feed.events,

    /** Whether the service can do its work; an unhealthy one is an answer, not an error. */
    async healthCheck(rest: CallOptions = {}): Promise<Health> {
      const accepts = (status: number) => status === 503
      const call = { ...rest, method: 'GET', path: '/health', isPublic: true, accepts }
      return bodyOf(await http.send(call))
    },
  }
}

// The document says what each answer is.
function bodyOf<Value>({ body }: Answer): Value {
  return body as Value
}

function pathOf(id: string): string {
  return `/tasks/${encodeURIComponent(id)}`
}

function tagOf(version: number | { readonly version: number }): string {
  return `"v${typeof version === 'number' ? version : version.version}"`
}

// Not randomUUID, which a page without TLS does not have.
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
