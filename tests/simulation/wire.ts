import { expect } from 'bun:test'
import type { List } from '../../core/list.ts'
import type { Task } from '../../core/task.ts'
import type { Effect } from './intents.ts'
import type { Model } from './model.ts'
import type { Answer, Call } from './network.ts'

interface Operation {
  readonly op: string
  readonly id?: string
  readonly if_match?: string
  readonly body?: Readonly<Record<string, unknown>>
}

interface Result {
  readonly status: number
  readonly task?: Task
  readonly list?: List
}

/** Tells the model what a device's requests have done, as far as the device got responses. */
export function createWire(user: string, model: Model) {
  /** Which batch each key belongs to. A batch is repeated unchanged. */
  const bodies = new Map<string, string>()
  /** The key of the batch without a response. The next one waits for it. */
  let open: string | null = null

  function observeResult(key: string, operation: Operation, result: Result, of: readonly Result[]) {
    const { op, body = {} } = operation
    const { status, task, list } = result
    if (status >= 300) return
    const id = idOf(operation.id, of)
    const before = versionOf(operation.if_match)
    if (op === 'delete') model.deleted(user, key, id, before, false)
    else if (op === 'delete_list') model.listDeleted(user, id)
    else if (list) model.listDone(user, key, before, list, effectOf(op, body))
    else if (task)
      model.done(user, key, op === 'restore' ? task.version : before, task, effectOf(op, body))
    else throw new Error(`No task in the result of ${op}: ${status}`)
  }

  return {
    /** Checks a request before it is sent. */
    sending({ method, path, headers, body = '' }: Call): void {
      if (method === 'DELETE') expect(headers['if-match']).toMatch(/^"v\d+"$/)
      if (path !== '/tasks/batch') return
      const key = headers['idempotency-key'] ?? ''
      expect(key).toMatch(/^[0-9a-f]{32}$/)
      expect(bodies.get(key) ?? body).toBe(body)
      if (!bodies.has(key)) {
        // The batch before it was repeated until there was a response.
        expect(open).toBeNull()
        open = key
      }
      bodies.set(key, body)
      for (const { op, id, if_match } of operationsIn(body))
        if (id !== undefined && op !== 'restore') expect(if_match).toMatch(/^"v\d+"$/)
    },

    answered({ method, path, headers, body = '' }: Call, answer: Answer): void {
      if (method === 'DELETE') {
        const id = /^\/tasks\/([^?]+)\?permanent=true$/.exec(path)?.[1] ?? ''
        const before = versionOf(headers['if-match'])
        if (answer.status === 204) model.deleted(user, `${path} ${before}`, id, before, true)
        else if (answer.status === 404) model.erased(user, id)
        else expect([412, 503]).toContain(answer.status)
      }
      if (path !== '/tasks/batch') return
      if (answer.status === 503 || answer.status === 409) return
      expect(answer.status).toBe(200)
      if (open === headers['idempotency-key']) open = null
      // Safe: the response of a batch, whose shape the HTTP suite checks.
      const { results } = answer.body as { readonly results: readonly Result[] }
      const operations = operationsIn(body)
      expect(results).toHaveLength(operations.length)
      for (const [index, operation] of operations.entries())
        observeResult(
          headers['idempotency-key'] ?? '',
          operation,
          results[index] ?? { status: 0 },
          results,
        )
    },
  }
}

function operationsIn(body: string): readonly Operation[] {
  // Safe: the body of a batch.
  return (JSON.parse(body) as { readonly operations: readonly Operation[] }).operations
}

/** The id that an operation names, perhaps as what another operation has created. */
function idOf(id = '', results: readonly Result[]): string {
  if (!id.startsWith('$')) return id
  const { task, list } = results[Number(id.slice(1))] ?? {}
  return task?.id ?? list?.id ?? ''
}

function versionOf(tag = ''): number {
  return Number(/^"v(\d+)"$/.exec(tag)?.[1] ?? 0)
}

function effectOf(op: string, body: Readonly<Record<string, unknown>>): Effect {
  const { text, name, tags = [] } = body
  const marks = typeof text === 'string' ? text.split(' ') : []
  const isCreate = op === 'create' || op === 'create_list'
  return {
    creates: isCreate ? `${marks[0] ?? name}` : null,
    // Safe: the tags of a request.
    marks: [...marks, ...(tags as readonly string[])],
    members: Object.keys(body),
    restores: op === 'restore',
    completes: body['completed'] !== undefined,
  }
}
