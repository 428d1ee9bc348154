import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { bearer, ORIGIN } from '../support/config.ts'
import { readError, readList, readTask } from './answers.ts'
import type { Service, ServiceUnderTest } from './service.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const UNKNOWN = '01234567-89ab-4def-8123-456789abcdef'
const TASK_MEMBERS = ['id', 'text', 'completed', 'created_at', 'updated_at', 'completed_at']
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** A body whose length nobody announces. */
function streamOf(text: string): ReadableStream<Uint8Array> {
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

/** The HTTP contract, request by request, as a client sees it. */
export function describeHttpContract(subject: ServiceUnderTest): void {
  describe(`HTTP on ${subject.name}`, () => {
    let service: Service
    let ann: { authorization: string }
    let users = 0

    beforeAll(async () => {
      service = await subject.open()
      ann = await bearer('ann')
    })

    afterAll(() => service.close())

    const send = (method: string, path: string, headers = {}, body?: RequestInit['body']) =>
      service.send(path, { method, headers, ...(body === undefined ? {} : { body }) })

    const sendJson = (method: string, path: string, body: unknown, headers = {}) =>
      send(method, path, { ...ann, ...JSON_TYPE, ...headers }, JSON.stringify(body))

    const create = async (text: string, headers = {}) =>
      readTask(await sendJson('POST', '/tasks', { text }, headers))

    /** A user whom no other test knows. */
    const someone = () => bearer(`user-${users++}`)

    async function expectError(
      response: Response,
      status: number,
      error: string,
      message?: string,
    ) {
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
    }

    describe('operations', () => {
      test('createTask', async () => {
        const response = await sendJson('POST', '/tasks', { text: ' Buy milk ' })
        expect(response.status).toBe(201)
        expect(response.headers.get('content-type')).toBe('application/json')
        expect(response.headers.get('cache-control')).toBe('private, no-store')
        const task = await readTask(response)
        expect(Object.keys(task)).toStrictEqual(TASK_MEMBERS)
        expect(task.id).toMatch(UUID_V7)
        expect(task.created_at).toMatch(INSTANT)
        expect(task).toStrictEqual({
          id: task.id,
          text: ' Buy milk ',
          completed: false,
          created_at: task.created_at,
          updated_at: task.created_at,
          completed_at: null,
        })
        expect(response.headers.get('location')).toBe(`/tasks/${task.id}`)
      })

      test('createTask ignores other members', async () => {
        const headers = await someone()
        const sent = {
          text: 'x',
          user_id: 'bob',
          id: UNKNOWN,
          completed: true,
          created_at: '2001-01-01T00:00:00.000Z',
          completed_at: '2001-01-01T00:00:00.000Z',
          ['__proto__']: { completed: true },
        }
        const task = await readTask(await sendJson('POST', '/tasks', sent, headers))
        expect(task).toMatchObject({ completed: false, completed_at: null })
        expect(task.id).not.toBe(UNKNOWN)
        expect(task.created_at > '2026').toBe(true)
        const list = await readList(await send('GET', '/tasks', headers))
        expect(list.count).toBe(1)
      })

      test('ids rise with creation', async () => {
        const ids = []
        for (let n = 0; n < 20; n++) ids.push((await create('x')).id)
        expect(ids.toSorted()).toStrictEqual(ids)
      })

      test('listTasks: newest first, with a count', async () => {
        const headers = await someone()
        const texts = ['one', 'two', 'three']
        for (const text of texts) await create(text, headers)
        const response = await send('GET', '/tasks', headers)
        expect(response.status).toBe(200)
        expect(response.headers.get('cache-control')).toBe('private, no-store')
        const body = await readList(response)
        expect(Object.keys(body)).toStrictEqual(['tasks', 'count'])
        expect(body.count).toBe(3)
        expect(body.tasks.map(({ text }) => text)).toStrictEqual(texts.reverse())
        for (const task of body.tasks) expect(Object.keys(task)).toStrictEqual(TASK_MEMBERS)
      })

      test('listTasks of somebody without tasks', async () => {
        const body = await readList(await send('GET', '/tasks', await someone()))
        expect(body).toStrictEqual({ tasks: [], count: 0 })
      })

      test('getTask, in any letter case', async () => {
        const task = await create('x')
        for (const id of [task.id, task.id.toUpperCase()]) {
          const response = await send('GET', `/tasks/${id}`, ann)
          expect(response.status).toBe(200)
          expect(await readTask(response)).toStrictEqual(task)
        }
      })

      test('updateTask sets both members', async () => {
        const task = await create('x')
        const response = await sendJson('PUT', `/tasks/${task.id}`, { text: 'y', completed: true })
        expect(response.status).toBe(200)
        const updated = await readTask(response)
        expect(Object.keys(updated)).toStrictEqual(TASK_MEMBERS)
        expect(updated).toMatchObject({
          id: task.id,
          text: 'y',
          completed: true,
          created_at: task.created_at,
        })
        expect(updated.completed_at).toBe(updated.updated_at)
        expect(await readTask(await send('GET', `/tasks/${task.id}`, ann))).toStrictEqual(updated)
      })

      test('patchTask leaves what is absent', async () => {
        const task = await create('x')
        const done = await readTask(
          await sendJson('PATCH', `/tasks/${task.id}`, { completed: true }),
        )
        expect(done).toMatchObject({ text: 'x', completed: true })
        const renamed = await readTask(await sendJson('PATCH', `/tasks/${task.id}`, { text: 'y' }))
        expect(renamed).toMatchObject({
          text: 'y',
          completed: true,
          completed_at: done.completed_at,
        })
        const open = await readTask(
          await sendJson('PATCH', `/tasks/${task.id}`, { completed: false }),
        )
        expect(open).toMatchObject({ text: 'y', completed: false, completed_at: null })
      })

      test.each([
        ['PATCH', {}],
        ['PATCH', { text: 'x' }],
        ['PATCH', { completed: false }],
        ['PUT', { text: 'x', completed: false }],
      ])('%s %j that changes nothing is a no-op', async (method, body) => {
        const task = await create('x')
        const response = await sendJson(method, `/tasks/${task.id}`, body)
        expect(response.status).toBe(200)
        expect(await readTask(response)).toStrictEqual(task)
      })

      test('patchTask takes a merge patch', async () => {
        const task = await create('x')
        const response = await sendJson(
          'PATCH',
          `/tasks/${task.id}`,
          { text: 'y' },
          { 'content-type': 'application/merge-patch+json' },
        )
        expect(response.status).toBe(200)
      })

      test('deleteTask', async () => {
        const task = await create('x')
        const response = await send('DELETE', `/tasks/${task.id}`, ann)
        expect(response.status).toBe(204)
        expect(response.headers.get('content-type')).toBeNull()
        expect(await response.text()).toBe('')
        await expectError(
          await send('GET', `/tasks/${task.id}`, ann),
          404,
          'NOT_FOUND',
          'Task not found',
        )
      })

      test('of 20 racing deletes one gets 204 and the rest 404', async () => {
        const { id } = await create('x')
        const racing = Array.from({ length: 20 }, () => send('DELETE', `/tasks/${id}`, ann))
        const statuses = (await Promise.all(racing)).map(({ status }) => status).sort()
        expect(statuses).toStrictEqual([204, ...Array(19).fill(404)])
      })

      test('racing patches leave one of them, whole', async () => {
        const { id } = await create('x')
        const racing = Array.from({ length: 20 }, (_, n) =>
          sendJson('PATCH', `/tasks/${id}`, { text: `${n}`, completed: n % 2 === 0 }),
        )
        for (const response of await Promise.all(racing)) expect(response.status).toBe(200)
        const task = await readTask(await send('GET', `/tasks/${id}`, ann))
        expect(task.completed).toBe(Number(task.text) % 2 === 0)
        expect(task.completed_at === null).toBe(!task.completed)
      })

      test('healthCheck needs no token', async () => {
        const response = await send('GET', '/health')
        expect(response.status).toBe(200)
        const body = await response.json()
        expect(body).toStrictEqual({
          status: 'healthy',
          database: 'connected',
          version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        })
      })

      test.each(['/docs', '/openapi.json'])('GET %s needs no token', async (path) => {
        const response = await send('GET', path)
        expect(response.status).toBe(200)
        expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      })
    })

    describe('text', () => {
      const accepted = [
        ['one character', 'a'],
        ['500 emoji', '😀'.repeat(500)],
        ['white space around', '\u2003 a\n'],
        ['a zero width space', '\u200b'],
        ['a byte order mark', '\ufeff'],
        ['an unnormalised text', 'e\u0301'],
        ['control characters', 'a\u0001\u001f'],
      ]
      test.each(accepted)('is accepted and kept: %s', async (_, text) => {
        const response = await sendJson('POST', '/tasks', { text })
        expect(response.status).toBe(201)
        const task = await readTask(response)
        expect(task.text).toBe(text)
        expect((await readTask(await send('GET', `/tasks/${task.id}`, ann))).text).toBe(text)
      })

      const refused: [string, unknown][] = [
        ['none', undefined],
        ['null', null],
        ['a number', 1],
        ['a list', ['a']],
        ['empty', ''],
        ['501 characters', 'a'.repeat(501)],
        ['501 emoji', '😀'.repeat(501)],
        ['500 letters of two code points', 'e\u0301'.repeat(500)],
        ['spaces', '   '],
        [
          'every kind of white space',
          '\t\n\v\f\r \u0085\u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000',
        ],
        ['U+0000', 'a\0b'],
        ['a lone high surrogate', 'a\ud83d'],
        ['a lone low surrogate', '\ude00a'],
      ]
      test.each(refused)('is refused: %s', async (_, text) => {
        const { id } = await create('x')
        const answers = [
          await sendJson('POST', '/tasks', { text }),
          await sendJson('PUT', `/tasks/${id}`, { text, completed: true }),
          ...(text === undefined ? [] : [await sendJson('PATCH', `/tasks/${id}`, { text })]),
        ]
        for (const answer of answers) {
          const { details } = await expectError(answer, 422, 'VALIDATION_ERROR')
          expect(details).toHaveLength(1)
          expect(details[0]).toStartWith('text: ')
        }
        expect((await readTask(await send('GET', `/tasks/${id}`, ann))).text).toBe('x')
      })

      test('too long a text is told how long it may be', async () => {
        const answer = await sendJson('POST', '/tasks', { text: '' })
        const { details } = await expectError(answer, 422, 'VALIDATION_ERROR')
        expect(details[0]).toStartWith('text: must be 1 to 500 characters')
      })
    })

    describe('rules', () => {
      test.each([
        ['a string', 'true'],
        ['a number', 1],
        ['null', null],
      ])('completed is a boolean, not %s', async (_, completed) => {
        const { id } = await create('x')
        for (const answer of [
          await sendJson('PUT', `/tasks/${id}`, { text: 'x', completed }),
          await sendJson('PATCH', `/tasks/${id}`, { completed }),
        ]) {
          const { details } = await expectError(answer, 422, 'VALIDATION_ERROR')
          expect(details).toStrictEqual(['completed: must be true or false'])
        }
      })

      test('updateTask requires both members, and names both', async () => {
        const answer = await sendJson('PUT', `/tasks/${UNKNOWN}`, {})
        const { details } = await expectError(answer, 422, 'VALIDATION_ERROR')
        expect(details).toStrictEqual(['text: is required', 'completed: is required'])
      })

      test('every wrong field is named once, the path among them', async () => {
        const answer = await sendJson('PATCH', '/tasks/17', { text: '', completed: 'yes' })
        const { details } = await expectError(answer, 422, 'VALIDATION_ERROR')
        expect(details.map((detail) => detail.split(':')[0])).toStrictEqual([
          'id',
          'text',
          'completed',
        ])
      })

      test.each([[null], [[]], ['text'], [1], [true]])(
        'a body must be an object: %j',
        async (body) => {
          for (const [method, path] of [
            ['POST', '/tasks'],
            ['PUT', `/tasks/${UNKNOWN}`],
            ['PATCH', `/tasks/${UNKNOWN}`],
          ] as const) {
            const { details } = await expectError(
              await sendJson(method, path, body),
              422,
              'VALIDATION_ERROR',
            )
            expect(details).toStrictEqual(['body: must be a JSON object'])
          }
        },
      )

      test.each([
        'x',
        '1',
        `{${UNKNOWN}}`,
        `urn:uuid:${UNKNOWN}`,
        UNKNOWN.replaceAll('-', ''),
        `${UNKNOWN}0`,
        `${UNKNOWN}%0A`,
        `%20${UNKNOWN}`,
        '%E0%A4%A',
        'a%2Fb',
      ])('an id that is no UUID is refused: %s', async (id) => {
        for (const answer of [
          await send('GET', `/tasks/${id}`, ann),
          await send('DELETE', `/tasks/${id}`, ann),
          await sendJson('PATCH', `/tasks/${id}`, {}),
          await sendJson('PUT', `/tasks/${id}`, { text: 'x', completed: false }),
        ]) {
          const { details } = await expectError(answer, 422, 'VALIDATION_ERROR')
          expect(details).toHaveLength(1)
          expect(details[0]).toStartWith('id: ')
        }
      })

      test.each([
        UNKNOWN,
        UNKNOWN.toUpperCase(),
        '00000000-0000-0000-0000-000000000000',
        'ffffffff-ffff-ffff-ffff-ffffffffffff',
      ])('any version of a UUID is an id: %s', async (id) => {
        for (const answer of [
          await send('GET', `/tasks/${id}`, ann),
          await send('DELETE', `/tasks/${id}`, ann),
          await sendJson('PATCH', `/tasks/${id}`, {}),
          await sendJson('PUT', `/tasks/${id}`, { text: 'x', completed: false }),
        ])
          await expectError(answer, 404, 'NOT_FOUND', 'Task not found')
      })
    })

    describe('bodies', () => {
      const small = JSON.stringify({ text: 'x' })

      test.each([
        'application/json',
        'Application/JSON',
        'application/json; charset=utf-8',
        'application/json;charset="UTF-8";x=y',
        ' application/json ',
      ])('%s is JSON', async (type) => {
        const response = await send('POST', '/tasks', { ...ann, 'content-type': type }, small)
        expect(response.status).toBe(201)
      })

      test.each([
        ['text/plain', {}],
        ['application/x-www-form-urlencoded', {}],
        ['application/merge-patch+json', {}],
        ['application/jsonp', {}],
        ['application/json', { 'content-encoding': 'gzip' }],
        ['application/json', { 'content-encoding': 'identity' }],
      ])('%s %j is refused', async (type, headers) => {
        const response = await send(
          'POST',
          '/tasks',
          { ...ann, 'content-type': type, ...headers },
          small,
        )
        await expectError(response, 415, 'UNSUPPORTED_MEDIA_TYPE')
      })

      test('a body without a type is refused', async () => {
        const response = await send('POST', '/tasks', ann, new TextEncoder().encode(small))
        await expectError(response, 415, 'UNSUPPORTED_MEDIA_TYPE')
      })

      test.each([
        ['nothing', ''],
        ['white space', ' \n'],
        ['half an object', '{"text":'],
        ['something after the object', '{"text":"x"}}'],
        ['single quotes', "{'text':'x'}"],
        ['a million brackets', '['.repeat(60_000)],
      ])('%s is not JSON', async (_, body) => {
        const response = await send('POST', '/tasks', { ...ann, ...JSON_TYPE }, body)
        await expectError(response, 400, 'BAD_REQUEST')
      })

      test('no body at all', async () => {
        const response = await send('POST', '/tasks', { ...ann, ...JSON_TYPE })
        await expectError(response, 400, 'BAD_REQUEST')
      })

      test.each([
        ['a stray byte', [0xff]],
        ['an overlong slash', [0xc0, 0xaf]],
        ['an encoded surrogate', [0xed, 0xa0, 0x80]],
      ])('%s is not UTF-8', async (_, bytes) => {
        const body = new Uint8Array([...Buffer.from('{"text":"'), ...bytes, ...Buffer.from('"}')])
        const response = await send('POST', '/tasks', { ...ann, ...JSON_TYPE }, body)
        await expectError(response, 400, 'BAD_REQUEST')
      })

      const limit = 65_536
      const ofLength = (length: number) => `{"text":"x"${' '.repeat(length - 12)}}`

      test('a body of exactly the limit is taken, announced or not', async () => {
        const headers = { ...ann, ...JSON_TYPE }
        expect((await send('POST', '/tasks', headers, ofLength(limit))).status).toBe(201)
        const streamed = streamOf(ofLength(limit))
        expect((await send('POST', '/tasks', headers, streamed)).status).toBe(201)
      })

      test('a body over the limit is refused, announced or not', async () => {
        const headers = { ...ann, ...JSON_TYPE }
        await expectError(
          await send('POST', '/tasks', headers, ofLength(limit + 1)),
          413,
          'PAYLOAD_TOO_LARGE',
        )
        const streamed = streamOf(ofLength(limit + 1))
        await expectError(await send('POST', '/tasks', headers, streamed), 413, 'PAYLOAD_TOO_LARGE')
      })
    })

    describe('tokens', () => {
      test.each([
        ['none', undefined],
        ['another scheme', 'Basic YTpi'],
        ['no token', 'Bearer'],
        ['only spaces', 'Bearer   '],
        ['the token alone', 'eyJhbGciOiJIUzI1NiJ9.e30.x'],
      ])('%s: authentication required', async (_, authorization) => {
        const response = await send('GET', '/tasks', authorization ? { authorization } : {})
        expect(response.headers.get('www-authenticate')).toBe('Bearer')
        await expectError(response, 401, 'UNAUTHORIZED', 'Authentication required')
      })

      test.each(['x', 'x.y.z', 'a b', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.'])(
        'Bearer %s: invalid token',
        async (token) => {
          const response = await send('GET', '/tasks', { authorization: `Bearer ${token}` })
          expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
          await expectError(response, 401, 'UNAUTHORIZED', 'Invalid or expired token')
        },
      )

      test.each(['bearer', 'BEARER', 'bEaReR'])(
        'the scheme in any letter case: %s',
        async (scheme) => {
          const token = ann.authorization.slice('Bearer '.length)
          const response = await send('GET', '/tasks', { authorization: `${scheme} ${token}` })
          expect(response.status).toBe(200)
        },
      )

      test('a token anywhere else is not read', async () => {
        const token = ann.authorization.slice('Bearer '.length)
        for (const [path, headers] of [
          [`/tasks?access_token=${token}&token=${token}`, {}],
          ['/tasks', { cookie: `token=${token}; better-auth.session_token=${token}` }],
          ['/tasks', { 'x-access-token': token }],
        ] as const)
          expect((await send('GET', path, headers)).status).toBe(401)
      })
    })

    describe('the first of several errors is told', () => {
      const bad = { 'content-type': 'text/plain' }
      const announced = { ...bad, 'content-length': '70000' }
      test.each([
        ['route before token', 'POST', '/nowhere', bad, 'x', 404],
        ['method before token', 'PATCH', '/tasks', bad, 'x', 405],
        ['token before size', 'POST', '/tasks', bad, 'x'.repeat(70_000), 401],
        ['token before type', 'POST', '/tasks', bad, 'x', 401],
        ['token before JSON', 'POST', '/tasks', JSON_TYPE, '{', 401],
        ['token before rules', 'PUT', '/tasks/x', JSON_TYPE, '{}', 401],
      ])('%s', async (_, method, path, headers, body, status) => {
        expect((await send(method, path, headers, body)).status).toBe(status)
      })

      test.each([
        ['announced size before type', 'POST', '/tasks', announced, 'x'.repeat(70_000), 413],
        ['type before JSON', 'POST', '/tasks', bad, '{', 415],
        ['JSON before rules', 'PUT', '/tasks/x', JSON_TYPE, '{', 400],
        ['rules before the task', 'PUT', `/tasks/${UNKNOWN}`, JSON_TYPE, '{}', 422],
      ])('%s', async (_, method, path, headers, body, status) => {
        expect((await send(method, path, { ...ann, ...headers }, body)).status).toBe(status)
      })

      test('type before streamed size', async () => {
        const streamed = streamOf('x'.repeat(70_000))
        const response = await send('POST', '/tasks', { ...ann, ...bad }, streamed)
        expect(response.status).toBe(415)
      })
    })

    describe('routes and methods', () => {
      test.each([
        '/',
        '/nowhere',
        '/tasks/a/b',
        '/task',
        '/Tasks',
        '/docs/nowhere',
        '/favicon.ico',
      ])('an unknown route is not found, with or without a token: %s', async (path) => {
        for (const headers of [{}, ann])
          for (const method of ['GET', 'POST', 'OPTIONS'])
            await expectError(
              await send(method, path, headers),
              404,
              'NOT_FOUND',
              'Route not found',
            )
      })

      test.each([
        ['/tasks', ['PUT', 'PATCH', 'DELETE'], 'GET, HEAD, OPTIONS, POST'],
        [`/tasks/${UNKNOWN}`, ['POST'], 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'],
        ['/health', ['POST', 'PUT', 'PATCH', 'DELETE'], 'GET, HEAD, OPTIONS'],
        ['/docs', ['POST', 'DELETE'], 'GET, HEAD, OPTIONS'],
        ['/openapi.json', ['POST'], 'GET, HEAD, OPTIONS'],
      ])('%s takes no other method', async (path, methods, allow) => {
        for (const method of [...methods, 'PROPFIND'])
          for (const headers of [{}, ann]) {
            const response = await send(method, path, headers)
            expect(response.headers.get('allow')).toBe(allow)
            await expectError(response, 405, 'METHOD_NOT_ALLOWED')
          }
        const options = await send('OPTIONS', path)
        expect(options.status).toBe(204)
        expect(options.headers.get('allow')).toBe(allow)
      })

      test('HEAD answers like GET, without a body', async () => {
        const { id } = await create('x')
        for (const [path, status] of [
          ['/tasks', 200],
          [`/tasks/${id}`, 200],
          [`/tasks/${UNKNOWN}`, 404],
          ['/health', 200],
          ['/docs', 200],
          ['/openapi.json', 200],
        ] as const) {
          const response = await send('HEAD', path, ann)
          expect(response.status).toBe(status)
          expect(response.headers.get('x-request-id')).toMatch(UUID_V7)
          expect(await response.text()).toBe('')
        }
        expect((await send('HEAD', '/tasks')).status).toBe(401)
      })
    })

    describe('X-Request-ID', () => {
      test.each(['a', 'A-b_c.9', 'x'.repeat(128)])('is echoed: %s', async (id) => {
        for (const path of ['/health', '/tasks', '/nowhere'])
          expect(
            (await send('GET', path, { 'x-request-id': id })).headers.get('x-request-id'),
          ).toBe(id)
      })

      test.each(['', 'x'.repeat(129), 'a b', 'a\tb', '<script>', 'a,b', 'ä'])(
        'is replaced: %j',
        async (id) => {
          const response = await send('GET', '/health', { 'x-request-id': id })
          expect(response.headers.get('x-request-id')).toMatch(UUID_V7)
        },
      )

      test('is different for each request', async () => {
        const ids = await Promise.all(
          Array.from({ length: 20 }, async () =>
            (await send('GET', '/health')).headers.get('x-request-id'),
          ),
        )
        expect(new Set(ids).size).toBe(20)
      })
    })

    describe('CORS', () => {
      const corsHeaders = (response: Response) =>
        [...response.headers.keys()].filter((name) => name.startsWith('access-control-'))

      test('a listed origin may read every answer, errors too', async () => {
        for (const [path, headers] of [
          ['/health', {}],
          ['/tasks', ann],
          ['/tasks', {}],
          ['/nowhere', {}],
          ['/tasks/x', ann],
        ] as const) {
          const response = await send('GET', path, { ...headers, origin: ORIGIN })
          expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN)
          expect(response.headers.get('access-control-allow-credentials')).toBe('true')
          expect(response.headers.get('vary')).toContain('Origin')
          const exposed = response.headers.get('access-control-expose-headers')?.split(', ')
          expect(exposed).toStrictEqual([
            'X-Request-ID',
            'Location',
            'Retry-After',
            'ETag',
            'RateLimit',
            'RateLimit-Policy',
            'Link',
          ])
        }
      })

      test.each([
        'http://localhost:3001',
        'http://localhost',
        'https://localhost:3000',
        'http://localhost:3000.example.com',
        'HTTP://LOCALHOST:3000',
        'null',
      ])('another origin gets no CORS header: %s', async (origin) => {
        const plain = await send('GET', '/health', { origin })
        expect(corsHeaders(plain)).toStrictEqual([])
        expect(plain.headers.get('vary')).toBe('Origin')
        const preflight = await send('OPTIONS', '/tasks', {
          origin,
          'access-control-request-method': 'POST',
        })
        expect(corsHeaders(preflight)).toStrictEqual([])
      })

      test('a preflight needs no token', async () => {
        const response = await send('OPTIONS', `/tasks/${UNKNOWN}`, {
          origin: ORIGIN,
          'access-control-request-method': 'PATCH',
          'access-control-request-headers': 'authorization,content-type,x-request-id',
        })
        expect(response.status).toBe(204)
        expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN)
        expect(response.headers.get('access-control-allow-methods')).toContain('PATCH')
        expect(response.headers.get('access-control-allow-headers')).toBe(
          'authorization,content-type,x-request-id',
        )
        expect(Number(response.headers.get('access-control-max-age'))).toBeGreaterThan(0)
      })
    })
  })
}
