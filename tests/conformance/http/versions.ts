import { describe, expect, test } from 'bun:test'
import { readList, readTask } from '../../http/answers.ts'
import { type Client, UNKNOWN } from './client.ts'

const BODY = { text: 'changed', completed: true }

/** Every way to change a task, with a body. */
const CHANGES: [method: string, path: string, body?: object][] = [
  ['PUT', '', BODY],
  ['PATCH', '', BODY],
  ['POST', '/move', { to: 'bottom' }],
  ['POST', '/restore'],
  ['DELETE', ''],
]

const isRestore = (path: string) => path === '/restore'

/** Versions and entity tags: no write overwrites a version that its sender has not seen. */
export function describeVersions(client: Client): void {
  const { ann, send, sendJson, create, newUser, expectError } = client

  const change = (
    [method, path, body]: (typeof CHANGES)[number],
    id: string,
    headers: Record<string, string>,
  ) =>
    body
      ? sendJson(method, `/tasks/${id}${path}`, body, headers)
      : send(method, `/tasks/${id}${path}`, { ...ann, ...headers })

  const tagOf = async (path: string, headers: object = ann) =>
    (await send('GET', path, headers)).headers.get('etag') ?? ''

  describe('ETag', () => {
    test('is the version wherever one task is returned', async () => {
      const created = await sendJson('POST', '/tasks', { text: 'x' })
      const { id } = await readTask(await send('GET', created.headers.get('location') ?? '', ann))
      await create('another')
      const answers = [
        [created, 1],
        [await send('GET', `/tasks/${id}`, ann), 1],
        [await sendJson('PATCH', `/tasks/${id}`, { text: 'y' }), 2],
        [await sendJson('PATCH', `/tasks/${id}`, { text: 'y' }), 2],
        [await sendJson('PUT', `/tasks/${id}`, BODY), 3],
        [await sendJson('POST', `/tasks/${id}/move`, { to: 'top' }), 4],
        [await send('POST', `/tasks/${id}/restore`, ann), 4],
        [await send('HEAD', `/tasks/${id}`, ann), 4],
      ] as const
      for (const [response, version] of answers) {
        expect(response.headers.get('etag')).toBe(`"v${version}"`)
        expect(response.headers.get('cache-control')).toBe('private, no-cache')
        const text = await response.text()
        if (text) expect(JSON.parse(text).version).toBe(version)
      }
    })

    test('of the list changes with every change of a task, and only then', async () => {
      const headers = await newUser()
      const tags = [await tagOf('/tasks', headers)]
      const changed = async (response: Response) => {
        expect(response.ok).toBe(true)
        tags.push(await tagOf('/tasks', headers))
      }
      const created = await sendJson('POST', '/tasks', { text: 'x' }, headers)
      await changed(created)
      const { id } = await readTask(created)
      const one = `/tasks/${id}`
      await create('another', headers)
      await changed(await sendJson('PATCH', one, { completed: true }, headers))
      await changed(await sendJson('POST', `${one}/move`, { to: 'top' }, headers))
      await changed(await send('DELETE', one, headers))
      await changed(await send('POST', `${one}/restore`, headers))
      await changed(await send('POST', '/tasks/clear-completed', headers))
      await changed(await send('DELETE', `${one}?permanent=true`, headers))
      expect(new Set(tags).size).toBe(tags.length)
      for (const tag of tags) expect(tag).toMatch(/^"l[^"]+"$/)

      const last = tags.at(-1) ?? ''
      const other = await create('x', headers)
      const now = await tagOf('/tasks', headers)
      expect(now).not.toBe(last)
      await sendJson('PATCH', `/tasks/${other.id}`, { text: 'x' }, headers)
      await sendJson('PATCH', `/tasks/${UNKNOWN}`, { text: 'x' }, headers)
      await send('POST', '/tasks/clear-completed', headers)
      await create('of another user')
      expect(await tagOf('/tasks', headers)).toBe(now)
    })
  })

  describe.each(CHANGES)('If-Match on %s %s', (...request) => {
    const current = [
      '"v1"',
      '*',
      ' * ',
      '"v9", "v1"',
      'W/"v9","x,y" ,, "v1" ,',
      '"","v1"',
      // What proxies that compress make of "v1".
      'W/"v1"',
      '"v1-gzip"',
      '"v9", W/"v1-br"',
      '"v1-zstd", "v9"',
      '"x", "v1-deflate"',
    ]
    test.each(current)('changes the task when it matches: %s', async (ifMatch) => {
      const { id } = await create('x')
      await create('another')
      expect((await change(request, id, { 'if-match': ifMatch })).ok).toBe(true)
    })

    const stale = [
      '"v2"',
      'W/"v2"',
      '"v2-gzip"',
      '"v1-x"',
      '"v01"',
      '"V1"',
      '"l1"',
      '"v10"',
      '"v99999999999999", "v0"',
    ]
    test.each(stale)('returns 412 when it does not match: %s', async (ifMatch) => {
      const task = await create('x')
      const response = await change(request, task.id, { 'if-match': ifMatch })
      expect(response.headers.get('etag')).toBe('"v1"')
      expect(response.headers.get('cache-control')).toBe('private, no-cache')
      await expectError(response, 412, 'PRECONDITION_FAILED')
      expect(await readTask(await send('GET', `/tasks/${task.id}`, ann))).toStrictEqual(task)
    })

    test.each(['', 'v1', '"v1', '"v1" "v2"', '*, "v1"', '"v 1"', ','])(
      'returns 422 when it has another form: %j',
      async (ifMatch) => {
        const { id } = await create('x')
        const response = await change(request, id, { 'if-match': ifMatch })
        const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
        expect(details).toStrictEqual(['If-Match: must be * or entity tags such as "v7"'])
      },
    )

    test('returns 404 when the task does not exist', async () => {
      for (const ifMatch of ['"v1"', '*'])
        await expectError(
          await change(request, UNKNOWN, { 'if-match': ifMatch }),
          404,
          'NOT_FOUND',
          'Task not found',
        )
    })

    test('lets one of 20 concurrent changes that expect the same version succeed', async () => {
      const { id } = await create('x')
      await create('another')
      const [method, path] = request
      if (isRestore(path)) await send('DELETE', `/tasks/${id}`, ann)
      const ifMatch = isRestore(path) ? '"v2"' : '"v1"'
      const racing = Array.from({ length: 20 }, () => change(request, id, { 'if-match': ifMatch }))
      const answers = await Promise.all(racing)
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
      const others = method === 'DELETE' ? 404 : 412
      expect(answers.filter(({ status }) => status === others)).toHaveLength(19)
    })
  })

  describe.each(CHANGES)('If-None-Match on %s %s', (...request) => {
    test.each(['*', ' * ', '"v1"', '"v9", W/"v1-gzip"'])(
      'returns 412 when it matches: %s',
      async (ifNoneMatch) => {
        const task = await create('x')
        const response = await change(request, task.id, { 'if-none-match': ifNoneMatch })
        expect(response.headers.get('etag')).toBe('"v1"')
        await expectError(response, 412, 'PRECONDITION_FAILED')
        expect(await readTask(await send('GET', `/tasks/${task.id}`, ann))).toStrictEqual(task)
      },
    )

    test.each(['"v2"', '"x"', 'W/"v9-br"', 'v1', ''])(
      'changes the task when it does not match: %j',
      async (ifNoneMatch) => {
        const { id } = await create('x')
        await create('another')
        expect((await change(request, id, { 'if-none-match': ifNoneMatch })).ok).toBe(true)
      },
    )

    test('is applied together with If-Match', async () => {
      const { id } = await create('x')
      const both = { 'if-match': '"v1", "v2"', 'if-none-match': '"v1"' }
      await expectError(await change(request, id, both), 412, 'PRECONDITION_FAILED')
    })

    test('returns 404 when the task does not exist', async () => {
      const response = await change(request, UNKNOWN, { 'if-none-match': '*' })
      await expectError(response, 404, 'NOT_FOUND', 'Task not found')
    })
  })

  test('If-None-Match does not prevent the creation of a task, which overwrites nothing', async () => {
    const response = await sendJson('POST', '/tasks', { text: 'x' }, { 'if-none-match': '*' })
    expect(response.status).toBe(201)
  })

  test('reports invalid fields before a stale version, and a wrong neighbour after it', async () => {
    const { id } = await create('x')
    const stale = { 'if-match': '"v9"' }
    const wrong = await sendJson('PUT', `/tasks/${id}`, {}, { 'if-match': 'v9' })
    const { details } = await expectError(wrong, 422, 'VALIDATION_ERROR')
    expect(details).toStrictEqual([
      'If-Match: must be * or entity tags such as "v7"',
      'text: is required',
      'completed: is required',
    ])
    const move = { before: UNKNOWN }
    await expectError(
      await sendJson('POST', `/tasks/${id}/move`, move, stale),
      412,
      'PRECONDITION_FAILED',
    )
    await expectError(
      await sendJson('POST', `/tasks/${UNKNOWN}/move`, move, stale),
      404,
      'NOT_FOUND',
    )
    await expectError(await sendJson('POST', `/tasks/${id}/move`, move), 422, 'VALIDATION_ERROR')
  })

  describe('the ETag of a list', () => {
    const URLS = [
      '/tasks',
      '/tasks?completed=true',
      '/tasks?completed=false',
      '/tasks?q=x',
      '/tasks?q=X',
      '/tasks?deleted=only',
      '/tasks?sort=order',
      '/tasks?limit=1',
      '/tasks?limit=2',
      '/tasks?limit=1&sort=order',
    ]

    test('is of one query, and on other queries no reason for a 304', async () => {
      const headers = await newUser()
      await create('x', headers)
      await create('x y', headers)
      const first = await readList(await send('GET', '/tasks?limit=1', headers))
      const urls = [...URLS, `/tasks?limit=1&cursor=${first.next_cursor}`]
      const tags = new Map<string, string>()
      for (const url of urls) tags.set(url, await tagOf(url, headers))
      expect(new Set(tags.values()).size).toBe(urls.length)
      for (const url of urls)
        for (const [of, tag] of tags) {
          const response = await send('GET', url, { ...headers, 'if-none-match': tag })
          expect(response.status).toBe(url === of ? 304 : 200)
        }
    })

    test.each([
      ['/tasks?limit=2&sort=order', '/tasks?sort=order&limit=2'],
      ['/tasks?q=a%20b', '/tasks?q=a+b'],
      ['/tasks', '/tasks?q=&unknown=1'],
    ])('does not depend on how the query is written: %s, %s', async (one, other) => {
      expect(await tagOf(one)).toBe(await tagOf(other))
    })
  })

  describe('If-None-Match', () => {
    const others = ['"x"', '"w", W/"x,y"']
    const PATHS = ['/tasks', '/tasks?limit=2&sort=order', 'a task'] as const

    async function pathOf(path: (typeof PATHS)[number]): Promise<string> {
      return path === 'a task' ? `/tasks/${(await create('x')).id}` : path
    }

    test.each(PATHS)('returns 304 without a body when nothing has changed (%s)', async (name) => {
      const path = await pathOf(name)
      const tag = await tagOf(path)
      const zipped = (coding: string) => tag.replace(/"$/, `-${coding}"`)
      const known = [
        tag,
        `W/${tag}`,
        zipped('gzip'),
        `"x", W/${zipped('br')}`,
        zipped('zstd'),
        '*',
        `"x",${tag}`,
        `W/"x" ,, ${tag} ,`,
      ]
      for (const method of ['GET', 'HEAD'])
        for (const ifNoneMatch of known) {
          const response = await send(method, path, { ...ann, 'if-none-match': ifNoneMatch })
          expect(response.status).toBe(304)
          expect(response.headers.get('etag')).toBe(tag)
          expect(response.headers.get('cache-control')).toBe('private, no-cache')
          expect(response.headers.get('content-type')).toBeNull()
          expect(response.headers.get('vary')).toBe('Origin')
          expect(await response.text()).toBe('')
        }
    })

    test.each(PATHS)(
      'returns the whole response when the tag differs or has another form (%s)',
      async (name) => {
        const path = await pathOf(name)
        const tag = await tagOf(path)
        const text = await (await send('GET', path, ann)).text()
        for (const ifNoneMatch of [
          ...others,
          '',
          `${tag} x`,
          `x, ${tag}`,
          tag.slice(1),
          tag.toUpperCase(),
        ]) {
          const response = await send('GET', path, { ...ann, 'if-none-match': ifNoneMatch })
          expect(response.status).toBe(200)
          expect(await response.text()).toBe(text)
        }
      },
    )

    test('is ignored when the request fails', async () => {
      const any = { ...ann, 'if-none-match': '*' }
      await expectError(await send('GET', `/tasks/${UNKNOWN}`, any), 404, 'NOT_FOUND')
      await expectError(await send('GET', '/tasks/x', any), 422, 'VALIDATION_ERROR')
      await expectError(await send('GET', '/tasks?limit=0', any), 422, 'VALIDATION_ERROR')
      await expectError(await send('GET', '/tasks?cursor=x', any), 422, 'VALIDATION_ERROR')
      expect((await send('GET', '/tasks', { 'if-none-match': '*' })).status).toBe(401)
    })
  })
}
