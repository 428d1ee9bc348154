import { describe, expect, test } from 'bun:test'
import { readList, readTask } from '../../http/answers.ts'
import { type Client, JSON_TYPE } from './client.ts'

/** The parts of a response that a retry must repeat. */
async function contentOf(response: Response) {
  const { status, headers } = response
  const kept = ['content-type', 'location', 'etag', 'cache-control'].map((name) =>
    headers.get(name),
  )
  return { status, headers: kept, body: await response.text() }
}

/** Idempotency keys: a request that is sent twice runs once. */
export function describeRetries({ send, sendJson, newUser, expectError }: Client): void {
  const BATCH = {
    atomic: false,
    operations: [
      { op: 'create', body: { text: 'x' } },
      { op: 'delete', id: 'x' },
    ],
  }
  const CREATE = { text: 'x' }
  const REQUESTS: [path: string, body: object][] = [
    ['/tasks', CREATE],
    ['/tasks/batch', BATCH],
    ['/tasks/batch', { ...BATCH, atomic: true, operations: BATCH.operations.slice(0, 1) }],
  ]

  const countOf = async (headers: object) =>
    (await readList(await send('GET', '/tasks', headers))).count

  describe.each(REQUESTS)('Idempotency-Key on POST %s %j', (path, body) => {
    test('runs once and returns the same response when the request is sent again', async () => {
      const headers = { ...(await newUser()), 'idempotency-key': 'a-key' }
      const first = await sendJson('POST', path, body, headers)
      expect(first.ok).toBe(true)
      expect(first.headers.get('idempotency-replayed')).toBeNull()
      const expected = await contentOf(first)
      const spaced = JSON.stringify(body, null, 2)
      for (const text of [JSON.stringify(body), spaced]) {
        const again = await send('POST', path, { ...headers, ...JSON_TYPE }, text)
        expect(again.headers.get('idempotency-replayed')).toBe('true')
        expect(await contentOf(again)).toStrictEqual(expected)
      }
      expect(await countOf(headers)).toBe(1)
    })

    test('runs once when requests are sent concurrently', async () => {
      const headers = { ...(await newUser()), 'idempotency-key': 'a-key' }
      const racing = Array.from({ length: 10 }, () => sendJson('POST', path, body, headers))
      const answers = await Promise.all(racing)
      const replayed = answers.filter(({ headers }) => headers.has('idempotency-replayed'))
      expect(replayed).toHaveLength(9)
      const bodies = await Promise.all(answers.map(contentOf))
      for (const answer of bodies) expect(answer).toStrictEqual(bodies[0] ?? answer)
      expect(await countOf(headers)).toBe(1)
    })

    test('returns 422 when the key was used for another request', async () => {
      const headers = { ...(await newUser()), 'idempotency-key': 'a-key' }
      await sendJson('POST', path, body, headers)
      const others: typeof REQUESTS = [
        [path, { ...body, more: 1 }],
        path === '/tasks' ? ['/tasks/batch', BATCH] : ['/tasks', CREATE],
      ]
      for (const [otherPath, otherBody] of others) {
        const response = await sendJson('POST', otherPath, otherBody, headers)
        expect(response.headers.get('idempotency-replayed')).toBeNull()
        const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
        expect(details).toStrictEqual(['Idempotency-Key: was already used for a different request'])
      }
      expect(await countOf(headers)).toBe(1)
    })

    test('belongs to one user', async () => {
      const key = { 'idempotency-key': 'a-key' }
      const [one, two] = [await newUser(), await newUser()]
      const first = await sendJson('POST', path, body, { ...one, ...key })
      const second = await sendJson('POST', path, { ...body, more: 1 }, { ...two, ...key })
      expect(second.ok).toBe(true)
      expect(second.headers.get('idempotency-replayed')).toBeNull()
      expect(await second.text()).not.toBe(await first.text())
      expect(await countOf(two)).toBe(1)
    })

    test.each(['!', 'x'.repeat(255), '"8e03978e-40d5-43dd-bc93-6894a57f9324"', 'a,b'])(
      'accepts the key %s',
      async (key) => {
        const headers = { ...(await newUser()), 'idempotency-key': key }
        for (const replayed of [null, 'true']) {
          const response = await sendJson('POST', path, body, headers)
          expect(response.headers.get('idempotency-replayed')).toBe(replayed)
        }
      },
    )

    test.each(['', 'x'.repeat(256), 'a b', 'a\tb', 'é'])(
      'returns 422 when the key is %j',
      async (key) => {
        const headers = { ...(await newUser()), 'idempotency-key': key }
        const { details } = await expectError(
          await sendJson('POST', path, {}, headers),
          422,
          'VALIDATION_ERROR',
        )
        expect(details[0]).toBe('Idempotency-Key: must be 1 to 255 visible ASCII characters')
        expect(details.length).toBeGreaterThan(1)
        expect(await countOf(headers)).toBe(0)
      },
    )
  })

  test('a key belongs to one operation, even if another one takes the same body', async () => {
    const headers = { ...(await newUser()), 'idempotency-key': 'a-key' }
    const both = { ...CREATE, atomic: true, operations: BATCH.operations.slice(0, 1) }
    expect((await sendJson('POST', '/tasks', both, headers)).status).toBe(201)
    const response = await sendJson('POST', '/tasks/batch', both, headers)
    await expectError(response, 422, 'VALIDATION_ERROR')
  })

  test('a retry returns the first response even if the task has changed since', async () => {
    const headers = await newUser()
    const keyed = { ...headers, 'idempotency-key': 'a-key' }
    const task = await readTask(await sendJson('POST', '/tasks', { text: 'x' }, keyed))
    await sendJson('PATCH', `/tasks/${task.id}`, { text: 'y' }, headers)
    await send('DELETE', `/tasks/${task.id}`, headers)
    const again = await sendJson('POST', '/tasks', { text: 'x' }, keyed)
    expect(again.headers.get('etag')).toBe('"v1"')
    expect(await readTask(again)).toStrictEqual(task)
    expect(await countOf(headers)).toBe(0)
  })

  test('a failed request does not use up its key', async () => {
    const headers = { ...(await newUser()), 'idempotency-key': 'a-key' }
    const refused = [
      await sendJson('POST', '/tasks', { text: '' }, headers),
      await sendJson('POST', '/tasks/batch', { ...BATCH, atomic: true }, headers),
    ]
    for (const response of refused) expect(response.status).toBe(422)
    const response = await sendJson('POST', '/tasks', { text: 'x' }, headers)
    expect(response.status).toBe(201)
    expect(response.headers.get('idempotency-replayed')).toBeNull()
  })
}
