import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { compose } from '../../app/compose.ts'
import { bearer, testConfig } from '../support/config.ts'
import { readList, readTask } from './answers.ts'
import type { Service, ServiceUnderTest } from './service.ts'

const UNKNOWN = '01234567-89ab-4def-8123-456789abcdef'
const JSON_TYPE = { 'content-type': 'application/json' }

interface Operation {
  readonly operationId: string
  readonly parameters?: { readonly name: string; readonly in: string; readonly example?: unknown }[]
  readonly requestBody?: { readonly content: Record<string, { readonly example: unknown }> }
}

// Every operation on tasks, as the document has them: a new one is tested when it is there.
const { http } = await compose(testConfig(), () => {})
const document = Object(
  await (await http.handle(new Request('http://localhost/openapi.json'))).json(),
)
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries<Operation>(Object(methods))
    .filter(() => path.startsWith('/tasks'))
    .map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
)
const onOneTask = operations.filter(({ path }) => path.includes('{id}'))
const batched: string[] = document.components.schemas.TaskOperation.properties.op.enum

/** Each way to send an operation, with and without its conditions, as its document says. */
function waysOf({ parameters = [], requestBody }: Operation) {
  const conditions = parameters.flatMap(({ name, in: place }) =>
    place === 'header' && name.startsWith('If-')
      ? ['*', '"v1"', '"v7"'].map((value) => ({ [name]: value }))
      : [],
  )
  const bodies = Object.entries(requestBody?.content ?? {}).map(([type, { example }]) => ({
    headers: { 'content-type': type },
    body: JSON.stringify(example),
  }))
  return [{}, ...conditions].flatMap((condition) =>
    (bodies.length > 0 ? bodies : [{ headers: {} }]).map((sent) => ({
      ...sent,
      headers: { ...sent.headers, ...condition },
    })),
  )
}

/** That nobody can tell another's task from one that does not exist, whatever they try. */
export function describeIsolation(subject: ServiceUnderTest): void {
  describe(`isolation on ${subject.name}`, () => {
    let service: Service
    let ann: { authorization: string }
    let bob: { authorization: string }
    let users = 0

    beforeAll(async () => {
      service = await subject.open()
    })

    afterAll(() => service.close())

    const post = (path: string, body: unknown, headers: object) =>
      service.send(path, {
        method: 'POST',
        headers: { ...JSON_TYPE, ...headers },
        body: JSON.stringify(body),
      })

    /** Two users whom no other test knows, one with a task and another one in the trash. */
    async function withSecrets() {
      users++
      ann = await bearer(`ann-${users}`)
      bob = await bearer(`bob-${users}`)
      const task = await readTask(await post('/tasks', { text: 'secret' }, ann))
      const trashed = await readTask(await post('/tasks', { text: 'secret trash' }, ann))
      await service.send(`/tasks/${trashed.id}`, { method: 'DELETE', headers: ann })
      return { task, trashed }
    }

    async function stateOf(headers: { authorization: string }) {
      const live = await readList(await service.send('/tasks', { headers }))
      const trash = await readList(await service.send('/tasks?deleted=only', { headers }))
      return { live, trash }
    }

    async function answerOf(response: Response) {
      return {
        status: response.status,
        headers: { ...Object.fromEntries(response.headers), 'x-request-id': '', date: '' },
        text: await response.text(),
      }
    }

    test('there are operations on one task, alone and in batches', () => {
      const names = onOneTask.map(({ operationId }) => operationId)
      for (const name of ['getTask', 'patchTask', 'deleteTask', 'restoreTask', 'moveTask'])
        expect(names).toContain(name)
      expect(batched).toContain('move')
      expect(onOneTask.flatMap(waysOf).length).toBeGreaterThan(20)
    })

    test.each(onOneTask)('$operationId answers alike', async (operation) => {
      const { task, trashed } = await withSecrets()
      const before = await stateOf(ann)
      for (const way of waysOf(operation)) {
        const ask = async (id: string) => {
          const path = operation.path.replace('{id}', id)
          const headers = { ...way.headers, ...bob }
          return answerOf(await service.send(path, { ...way, method: operation.method, headers }))
        }
        const unknown = await ask(UNKNOWN)
        expect(unknown.status).toBe(404)
        expect(await ask(task.id)).toStrictEqual(unknown)
        expect(await ask(trashed.id)).toStrictEqual(unknown)
      }
      expect(await stateOf(ann)).toStrictEqual(before)
    })

    test.each(operations.filter(({ method }) => method !== 'GET'))(
      '$operationId reaches nobody else’s tasks',
      async ({ path, method, ...operation }) => {
        const { task } = await withSecrets()
        const done = {
          method: 'PATCH',
          headers: { ...ann, ...JSON_TYPE },
          body: '{"completed":true}',
        }
        await service.send(`/tasks/${task.id}`, done)
        const before = await stateOf(ann)
        for (const way of waysOf(operation)) {
          const headers = { ...way.headers, ...bob }
          await service.send(path.replace('{id}', task.id), { ...way, method, headers })
        }
        expect(await stateOf(ann)).toStrictEqual(before)
      },
    )

    test.each(batched)('%s answers alike in a batch', async (op) => {
      const { task, trashed } = await withSecrets()
      const before = await stateOf(ann)
      const bodies = [{ text: 'x' }, { to: 'top' }, {}]
      for (const atomic of [true, false])
        for (const body of bodies)
          for (const condition of [{}, { if_match: '"v1"' }, { if_match: '*' }]) {
            const ask = async (id: string) =>
              answerOf(
                await post(
                  '/tasks/batch',
                  { atomic, operations: [{ op, id, body, ...condition }] },
                  bob,
                ),
              )
            // What creates takes no id, and makes another task each time.
            if (op === 'create') await ask(task.id)
            else {
              const unknown = await ask(UNKNOWN)
              expect(await ask(task.id)).toStrictEqual(unknown)
              expect(await ask(trashed.id)).toStrictEqual(unknown)
              expect(unknown.text).toMatch(/NOT_FOUND|VALIDATION_ERROR/)
            }
          }
      expect(await stateOf(ann)).toStrictEqual(before)
    })

    test.each(['before', 'after'])(
      'nobody else’s task is a neighbour to move %s',
      async (where) => {
        const { task, trashed } = await withSecrets()
        const own = await readTask(await post('/tasks', { text: 'own' }, bob))
        const ask = async (id: string) =>
          answerOf(await post(`/tasks/${own.id}/move`, { [where]: id }, bob))
        const inBatch = async (id: string) => {
          const operations = [{ op: 'move', id: own.id, body: { [where]: id } }]
          return answerOf(await post('/tasks/batch', { atomic: false, operations }, bob))
        }
        const unknown = await ask(UNKNOWN)
        expect(unknown.status).toBe(422)
        const unknownInBatch = await inBatch(UNKNOWN)
        for (const id of [task.id, trashed.id]) {
          expect(await ask(id)).toStrictEqual(unknown)
          expect(await inBatch(id)).toStrictEqual(unknownInBatch)
        }
      },
    )

    test('no list, however it is asked for, has another’s task', async () => {
      await withSecrets()
      await post('/tasks', { text: 'secret too' }, ann)
      const { next_cursor: cursor } = await readList(
        await service.send('/tasks?limit=1', { headers: ann }),
      )
      expect(cursor).not.toBeNull()
      const parameters = operations.find(
        ({ operationId }) => operationId === 'listTasks',
      )?.parameters
      const queries = (parameters ?? []).flatMap(({ name, in: place, example }) =>
        place === 'query' && name !== 'cursor'
          ? [`${name}=${encodeURIComponent(`${example}`)}`]
          : [],
      )
      expect(queries.length).toBeGreaterThan(4)
      for (const query of [
        ...queries,
        'q=secret',
        `limit=1&cursor=${cursor}`,
        `cursor=${cursor}`,
      ]) {
        const list = await readList(await service.send(`/tasks?${query}`, { headers: bob }))
        expect(list).toStrictEqual({ tasks: [], count: 0, next_cursor: null })
      }
    })

    test('another’s Idempotency-Key is nobody’s', async () => {
      await withSecrets()
      for (const [path, body] of [
        ['/tasks', { text: 'x' }],
        ['/tasks/batch', { atomic: true, operations: [{ op: 'create', body: { text: 'x' } }] }],
      ] as const) {
        const keyed = { 'idempotency-key': path }
        const ofAnn = await post(path, body, { ...ann, ...keyed })
        const ofBob = await post(path, body, { ...bob, ...keyed })
        expect(ofBob.status).toBe(ofAnn.status)
        expect(ofBob.headers.get('idempotency-replayed')).toBeNull()
        const ids = [await ofAnn.text(), await ofBob.text()].map(
          (text) => /"id":"([^"]+)"/.exec(text)?.[1],
        )
        expect(new Set(ids).size).toBe(2)
      }
      expect((await stateOf(bob)).live.count).toBe(2)
    })
  })
}
