import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readList, readTask } from '../../http/answers.ts'
import { readChanges } from '../../http/feed-answers.ts'
import { createClient } from './client.ts'
import type { ServiceUnderTest } from './service.ts'

/** Walks one path through the HTTP contract, to show that the parts of a service fit together. */
export function describeHttpSmoke(subject: ServiceUnderTest): void {
  describe(`HTTP in short on ${subject.name}`, () => {
    const client = createClient(subject)
    const { send, sendJson, create, newUser, expectError } = client

    beforeAll(() => client.open())

    afterAll(() => client.close())

    test('creates, lists, patches, batches and reports changes for one owner only', async () => {
      const ann = await newUser()
      const bob = await newUser()
      const milk = await create('Buy milk', ann)
      await create('Call home', ann)
      const path = `/tasks/${milk.id}`

      const first = await send('GET', '/tasks?limit=1', ann)
      const { tasks, count, next_cursor: cursor } = await readList(first)
      expect(tasks.map(({ text }) => text)).toStrictEqual(['Call home'])
      expect(count).toBe(2)
      const second = await readList(await send('GET', `/tasks?limit=1&cursor=${cursor}`, ann))
      expect(second).toStrictEqual({ tasks: [milk], count: 2, next_cursor: null })
      const found = await readList(await send('GET', '/tasks?q=ilk', ann))
      expect(found.tasks).toStrictEqual([milk])

      const start = await readChanges(await send('GET', '/tasks/changes', ann))
      expect(start.names.toSorted()).toStrictEqual(['Buy milk', 'Call home'])

      const ifMatch = { ...ann, 'if-match': '"v1"' }
      const patched = await sendJson('PATCH', path, { completed: true }, ifMatch)
      expect(await readTask(patched)).toMatchObject({ completed: true, version: 2 })
      const stale = await sendJson('PATCH', path, { completed: false }, ifMatch)
      expect(stale.headers.get('etag')).toBe('"v2"')
      await expectError(stale, 412, 'PRECONDITION_FAILED')

      const key = { ...ann, 'idempotency-key': 'a-key' }
      const operations = [
        { op: 'create', body: { text: 'Read' } },
        { op: 'move', id: milk.id, body: { to: 'top' }, if_match: '"v2"' },
      ]
      const batch = await sendJson('POST', '/tasks/batch', { atomic: true, operations }, key)
      expect(batch.status).toBe(200)
      const retried = await sendJson('POST', '/tasks/batch', { atomic: true, operations }, key)
      expect(retried.headers.get('idempotency-replayed')).toBe('true')
      expect(await retried.text()).toBe(await batch.text())
      const ordered = await readList(await send('GET', '/tasks?sort=order', ann))
      expect(ordered.tasks.map(({ text }) => text)).toStrictEqual(['Buy milk', 'Read', 'Call home'])

      for (const [method, body] of [['GET'], ['DELETE'], ['PATCH', '{}']] as const) {
        const headers = { ...bob, 'content-type': 'application/json' }
        await expectError(
          await send(method, path, headers, body),
          404,
          'NOT_FOUND',
          'Task not found',
        )
      }
      expect((await readList(await send('GET', '/tasks', bob))).tasks).toStrictEqual([])
      expect((await readChanges(await send('GET', '/tasks/changes', bob))).changes).toStrictEqual(
        [],
      )

      expect((await send('DELETE', path, ann)).status).toBe(204)
      const news = await readChanges(
        await send('GET', `/tasks/changes?cursor=${start.cursor}`, ann),
      )
      expect(news.names.toSorted()).toStrictEqual([`-${milk.id}`, 'Read'])
      expect((await send('POST', `${path}/restore`, ann)).status).toBe(200)
      expect((await send('GET', '/tasks')).status).toBe(401)
    })
  })
}
