import { expect } from 'bun:test'
import { readError, readTask } from '../../http/answers.ts'
import { bearer } from '../../support/config.ts'
import type { Service, ServiceUnderTest } from './service.ts'

export const JSON_TYPE = { 'content-type': 'application/json' }
export const UNKNOWN = '01234567-89ab-4def-8123-456789abcdef'
export const TASK_MEMBERS = [
  'id',
  'text',
  'description',
  'completed',
  'due',
  'time_zone',
  'priority',
  'tags',
  'list_id',
  'parent_id',
  'recurrence',
  'successor_id',
  'order',
  'version',
  'created_at',
  'updated_at',
  'completed_at',
]
export const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
export const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** A body that is sent in chunks, without Content-Length. */
export function streamOf(text: string): ReadableStream<Uint8Array> {
  let rest = Buffer.from(text)
  return new ReadableStream({
    async pull(controller) {
      await Promise.resolve()
      if (rest.length === 0) return controller.close()
      controller.enqueue(new Uint8Array(rest.subarray(0, 10_000)))
      rest = rest.subarray(10_000)
    },
  })
}

export type Client = ReturnType<typeof createClient>

/** A client of the service under test. `open` starts the service. */
export function createClient(subject: ServiceUnderTest) {
  let service: Service | null = null
  let users = 0
  // Set in `open`, so that suites can refer to it before.
  const ann = { authorization: '' }

  async function send(method: string, path: string, headers = {}, body?: RequestInit['body']) {
    if (!service) throw new Error('The service is not open')
    return service.send(path, { method, headers, ...(body === undefined ? {} : { body }) })
  }

  const sendJson = (method: string, path: string, body: unknown, headers = {}) =>
    send(method, path, { ...ann, ...JSON_TYPE, ...headers }, JSON.stringify(body))

  return {
    ann,
    send,
    sendJson,
    hasSeveralProcesses: subject.hasSeveralProcesses === true,

    async open(): Promise<void> {
      service = await subject.open()
      Object.assign(ann, await bearer('ann'))
    },

    async close(): Promise<void> {
      await service?.close()
    },

    create: async (text: string, headers = {}) =>
      readTask(await sendJson('POST', '/tasks', { text }, headers)),

    /** The headers of a user without tasks. */
    newUser: () => bearer(`user-${users++}`),

    async expectError(response: Response, status: number, error: string, message?: string) {
      expect(response.status).toBe(status)
      expect(response.headers.get('content-type')).toBe('application/json')
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(response.headers.get('x-request-id')).toMatch(UUID_V7)
      const body = await readError(response)
      expect(body.error).toBe(error)
      if (message !== undefined) expect(body.message).toBe(message)
      expect(body.members).toStrictEqual(
        status === 422 ? ['error', 'message', 'details'] : ['error', 'message'],
      )
      return body
    },
  }
}
