import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { compose } from '../../app/compose.ts'
import { bearer, testConfig } from '../support/config.ts'
import { readList, readTask } from './answers.ts'
import type { Service, ServiceUnderTest } from './service.ts'

const UNKNOWN = '01234567-89ab-4def-8123-456789abcdef'

interface Operation {
  readonly operationId: string
  readonly requestBody?: { readonly content: Record<string, { readonly example: unknown }> }
}

// Every operation that names a task, as the document has them: a new one is tested when it is there.
const { http } = await compose(testConfig(), () => {})
const document = await (await http.handle(new Request('http://localhost/openapi.json'))).json()
const operations = Object.entries(Object(document).paths).flatMap(([path, methods]) =>
  Object.entries<Operation>(Object(methods))
    .filter(() => path.includes('{id}'))
    .map(([method, { operationId, requestBody }]) => ({ path, method, operationId, requestBody })),
)

/** That nobody can tell another's task from one that does not exist, whatever they try. */
export function describeIsolation(subject: ServiceUnderTest): void {
  describe(`isolation on ${subject.name}`, () => {
    let service: Service

    beforeAll(async () => {
      service = await subject.open()
    })

    afterAll(() => service.close())

    test('there are operations on one task', () => {
      expect(operations.map(({ operationId }) => operationId)).toContain('patchTask')
    })

    test.each(operations)('$operationId answers alike', async ({ path, method, requestBody }) => {
      const ann = await bearer('ann')
      const bob = await bearer('bob')
      const created = await service.send('/tasks', {
        method: 'POST',
        headers: { ...ann, 'content-type': 'application/json' },
        body: JSON.stringify({ text: 'secret' }),
      })
      const task = await readTask(created)

      for (const [type, { example }] of Object.entries(
        requestBody?.content ?? { '': { example: '' } },
      )) {
        const ask = async (id: string) => {
          const response = await service.send(path.replace('{id}', id), {
            method: method.toUpperCase(),
            headers: type === '' ? bob : { ...bob, 'content-type': type },
            ...(type === '' ? {} : { body: JSON.stringify(example) }),
          })
          const headers = Object.fromEntries(response.headers)
          return {
            status: response.status,
            headers: { ...headers, 'x-request-id': '', date: '' },
            bytes: await response.bytes(),
          }
        }
        const others = await ask(task.id)
        expect(others.status).toBe(404)
        expect(others).toStrictEqual(await ask(UNKNOWN))
      }

      const list = await readList(await service.send('/tasks', { headers: bob }))
      expect(list).toStrictEqual({ tasks: [], count: 0 })
      const kept = await service.send(`/tasks/${task.id}`, { headers: ann })
      expect(await readTask(kept)).toStrictEqual(task)
    })
  })
}
