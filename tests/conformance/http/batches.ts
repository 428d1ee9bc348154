import { describe, expect, test } from 'bun:test'
import { readList, readTask } from '../../http/answers.ts'
import { type Client, JSON_TYPE, TASK_MEMBERS, UNKNOWN } from './client.ts'

interface Result {
  readonly status: number
  readonly task?: Record<string, unknown>
  readonly error?: { readonly error: string; readonly details?: string[] }
}

/** Several operations in one request. */
export function describeBatches(client: Client): void {
  const { ann, send, sendJson, create, newUser, expectError } = client

  const batch = (operations: unknown, atomic: unknown = false, headers = {}) =>
    sendJson('POST', '/tasks/batch', { atomic, operations }, headers)

  async function resultsOf(response: Response): Promise<Result[]> {
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('etag')).toBeNull()
    const body = Object(await response.json())
    expect(Object.keys(body)).toStrictEqual(['results'])
    return body.results
  }

  const textsOf = async (headers: object) => {
    const { tasks } = await readList(await send('GET', '/tasks?sort=order', headers))
    return tasks.map(({ text }) => text)
  }

  describe('batchTasks', () => {
    test.each([true, false])('runs the operations in order when atomic is %p', async (atomic) => {
      const headers = await newUser()
      const { id } = await create('a', headers)
      const operations = [
        { op: 'create', body: { text: 'b', id: UNKNOWN } },
        { op: 'patch', id: id.toUpperCase(), if_match: '"v1"', body: { completed: true } },
        { op: 'move', id, body: { to: 'top' }, if_match: '"v2"' },
        { op: 'delete', id, if_match: '*' },
        { op: 'restore', id },
        { op: 'patch', id, body: {} },
      ]
      const results = await resultsOf(await batch(operations, atomic, headers))
      expect(results.map(({ status }) => status)).toStrictEqual([201, 200, 200, 204, 200, 200])
      expect(results[3]).toStrictEqual({ status: 204 })
      const versions = results.map(({ task }) => task?.['version'])
      expect(versions).toStrictEqual([1, 2, 3, undefined, 5, 5])
      for (const { task } of results)
        if (task) expect(Object.keys(task)).toStrictEqual(TASK_MEMBERS)
      expect(results[0]?.task).toMatchObject({ text: 'b', completed: false })
      expect(results[5]?.task).toStrictEqual(
        await readTask(await send('GET', `/tasks/${id}`, headers)),
      )
      expect(await textsOf(headers)).toStrictEqual(['a', 'b'])
    })

    const NO_ID = 'id: must be a UUID, written as 8-4-4-4-12 hexadecimal digits'
    const failures = (id: string): [object, number, string, string][] => [
      [{ op: 'patch', id: UNKNOWN, body: {} }, 404, 'NOT_FOUND', 'Task not found'],
      [{ op: 'delete', id: UNKNOWN }, 404, 'NOT_FOUND', 'Task not found'],
      [
        { op: 'delete', id, if_match: '"v9"' },
        412,
        'PRECONDITION_FAILED',
        'The task has changed since you read it',
      ],
      [
        { op: 'move', id, body: { before: id } },
        422,
        'VALIDATION_ERROR',
        'before: must be the id of another of your tasks',
      ],
      [{ op: 'create' }, 422, 'VALIDATION_ERROR', 'body: must be a JSON object'],
      [{ op: 'create', body: {} }, 422, 'VALIDATION_ERROR', 'text: is required'],
      [{ op: 'delete' }, 422, 'VALIDATION_ERROR', NO_ID],
      [
        { op: 'replace', id },
        422,
        'VALIDATION_ERROR',
        'op: must be one of create, patch, delete, restore, move, create_list, patch_list, delete_list, move_list',
      ],
      [
        { op: 'delete', id, if_match: 'v1' },
        422,
        'VALIDATION_ERROR',
        'if_match: must be * or entity tags such as "v7"',
      ],
    ]
    const KINDS = failures('').map((_, kind) => kind)

    test.each(KINDS)(
      'returns a result for each operation when one fails (failure %d)',
      async (kind) => {
        const headers = await newUser()
        const { id } = await create('a', headers)
        const [operation, status, error, problem] = failures(id)[kind] ?? []
        const results = await resultsOf(
          await batch(
            [
              { op: 'create', body: { text: 'b' } },
              operation,
              { op: 'create', body: { text: 'c' } },
            ],
            false,
            headers,
          ),
        )
        expect(results.map((result) => result.status)).toStrictEqual([201, Number(status), 201])
        expect(results[1]?.error).toMatchObject({ error })
        if (status === 422) expect(results[1]?.error?.details).toStrictEqual([`${problem}`])
        else expect(results[1]?.error).toStrictEqual(Object({ error, message: problem }))
        expect(await textsOf(headers)).toStrictEqual(['c', 'b', 'a'])
      },
    )

    test.each(KINDS)(
      'changes nothing when one operation of an atomic batch fails (failure %d)',
      async (kind) => {
        const headers = await newUser()
        const { id } = await create('a', headers)
        const tag = (await send('GET', '/tasks', headers)).headers.get('etag')
        const [operation, status, error, problem] = failures(id)[kind] ?? []
        const response = await batch(
          [{ op: 'create', body: { text: 'b' } }, operation, { op: 'delete', id: UNKNOWN }],
          true,
          headers,
        )
        expect(response.status).toBe(Number(status))
        expect(response.headers.get('etag')).toBeNull()
        expect(await response.json()).toMatchObject({
          error,
          details: [`operations[1]: ${problem}`],
        })
        expect(await textsOf(headers)).toStrictEqual(['a'])
        expect((await send('GET', '/tasks', headers)).headers.get('etag')).toBe(tag)
      },
    )

    const one = { op: 'create', body: { text: 'x' } }
    const OPERATIONS = 'operations: must be an array of 1 to 100 operations'
    test.each<[unknown, string[]]>([
      [{}, ['atomic: is required', 'operations: is required']],
      [[], ['body: must be a JSON object']],
      [{ atomic: 'true', operations: [one] }, ['atomic: must be true or false']],
      [{ atomic: true, operations: [] }, [OPERATIONS]],
      [{ atomic: true, operations: one }, [OPERATIONS]],
      [{ atomic: true, operations: Array(101).fill(one) }, [OPERATIONS]],
      [{ atomic: null, operations: null }, ['atomic: must be true or false', OPERATIONS]],
    ])('returns 422 when the body is not a batch: %#', async (body, problems) => {
      const headers = await newUser()
      const response = await sendJson('POST', '/tasks/batch', body, headers)
      const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
      expect(details.toSorted()).toStrictEqual(problems)
      expect(await textsOf(headers)).toStrictEqual([])
    })

    test('reads if_match like If-Match, except for a create, which ignores it', async () => {
      const headers = await newUser()
      const { id } = await create('a', headers)
      const results = await resultsOf(
        await batch(
          [
            { op: 'create', body: { text: 'b' }, if_match: 'v1' },
            { op: 'create', body: { text: 'c' }, if_match: 1 },
            { op: 'patch', id, body: {}, if_match: 1 },
            { op: 'patch', id, body: { text: '' }, if_match: 'v1' },
            { op: 'patch', id: 'x', body: {}, if_match: 'v1' },
            { op: 'patch', id, body: {}, if_match: 'W/"v2", "v2-gzip"' },
            { op: 'patch', id, body: {}, if_match: 'W/"v1"' },
            { op: 'patch', id, body: {}, if_match: '"v2", "v1-br"' },
          ],
          false,
          headers,
        ),
      )
      const form = 'if_match: must be * or entity tags such as "v7"'
      const type = 'if_match: must be a string'
      expect(results.map(({ status }) => status)).toStrictEqual([
        201, 422, 422, 422, 422, 412, 200, 200,
      ])
      expect(results.slice(0, 3).map(({ error }) => error?.details?.[0])).toStrictEqual([
        undefined,
        type,
        type,
      ])
      expect(results[3]?.error?.details).toStrictEqual([
        form,
        expect.stringMatching(/^text: must be 1 to 500 characters/),
      ])
      expect(results[4]?.error?.details).toStrictEqual([NO_ID, form])
    })

    test('takes up to 100 operations', async () => {
      const headers = await newUser()
      const results = await resultsOf(await batch(Array(100).fill(one), true, headers))
      expect(results).toHaveLength(100)
      expect(await textsOf(headers)).toHaveLength(100)
    })

    test.each([[null], [1], ['create'], [[]]])(
      'returns 422 for an operation that is not an object with an op: %j',
      async (operation) => {
        const [result] = await resultsOf(await batch([operation]))
        expect(result).toMatchObject({ status: 422, error: { error: 'VALIDATION_ERROR' } })
      },
    )

    test('returns 400, 401, 413 and 415 like any request with a body', async () => {
      const headers = { ...ann, ...JSON_TYPE }
      expect((await send('POST', '/tasks/batch', headers, '{')).status).toBe(400)
      expect((await send('POST', '/tasks/batch', headers)).status).toBe(400)
      expect((await send('POST', '/tasks/batch', ann, '{}')).status).toBe(415)
      expect((await send('POST', '/tasks/batch', JSON_TYPE, '{}')).status).toBe(401)
      // Last, because a proxy may close the connection after it.
      expect((await send('POST', '/tasks/batch', headers, 'x'.repeat(300_000))).status).toBe(413)
    })
  })
}
