import { describe, expect, test } from 'bun:test'
import { compose } from '../../../app/compose.ts'
import { readList, readTask } from '../../http/answers.ts'
import { testConfig } from '../../support/config.ts'
import { type Client, UNKNOWN } from './client.ts'

interface Operation {
  readonly operationId: string
  readonly parameters?: { readonly name: string; readonly in: string; readonly example?: unknown }[]
  readonly requestBody?: {
    readonly content: Record<string, { readonly examples: Record<string, { value: unknown }> }>
  }
}

// Reads the operations from the OpenAPI document, so that a new operation is tested as well.
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

/** The requests of an operation by its document, with and without each condition. */
function requestsOf({ parameters = [], requestBody }: Operation) {
  const conditions = parameters.flatMap(({ name, in: place }) =>
    place === 'header' && name.startsWith('If-')
      ? ['*', '"v1"', '"v7"'].map((value) => ({ [name]: value }))
      : [],
  )
  const bodies = Object.entries(requestBody?.content ?? {}).flatMap(([type, { examples }]) =>
    Object.values(examples).map(({ value }) => ({
      headers: { 'content-type': type },
      body: JSON.stringify(value),
    })),
  )
  return [{}, ...conditions].flatMap((condition) =>
    (bodies.length > 0 ? bodies : [{ headers: {}, body: undefined }]).map(({ headers, body }) => ({
      headers: { ...headers, ...condition },
      body,
    })),
  )
}

/** No request can tell another user's task from one that does not exist. */
export function describeIsolation({ send, sendJson, newUser }: Client): void {
  type User = Awaited<ReturnType<typeof newUser>>

  describe('isolation', () => {
    /** Two new users. One of them has a task, and another task in the trash. */
    async function usersWithSecrets() {
      const [ann, bob] = [await newUser(), await newUser()]
      const task = await readTask(await sendJson('POST', '/tasks', { text: 'secret' }, ann))
      const trashed = await readTask(
        await sendJson('POST', '/tasks', { text: 'secret trash' }, ann),
      )
      await send('DELETE', `/tasks/${trashed.id}`, ann)
      return { ann, bob, task, trashed }
    }

    async function stateOf(user: User) {
      const live = await readList(await send('GET', '/tasks', user))
      const trash = await readList(await send('GET', '/tasks?deleted=only', user))
      return { live, trash }
    }

    /** Everything in a response, except what differs between any two responses. */
    async function contentOf(response: Response) {
      return {
        status: response.status,
        headers: {
          ...Object.fromEntries(response.headers),
          'x-request-id': '',
          ratelimit: '',
          date: '',
        },
        text: await response.text(),
      }
    }

    test('covers operations on one task, alone and in batches', () => {
      const names = onOneTask.map(({ operationId }) => operationId)
      for (const name of ['getTask', 'patchTask', 'deleteTask', 'restoreTask', 'moveTask'])
        expect(names).toContain(name)
      expect(batched).toContain('move')
      expect(onOneTask.flatMap(requestsOf).length).toBeGreaterThan(20)
    })

    test.each(onOneTask)(
      '$operationId returns the same 404 for a task of another user as for an unknown one',
      async ({ method, path, ...operation }) => {
        const { ann, bob, task, trashed } = await usersWithSecrets()
        const before = await stateOf(ann)
        for (const { headers, body } of requestsOf(operation)) {
          const ask = async (id: string) =>
            contentOf(await send(method, path.replace('{id}', id), { ...headers, ...bob }, body))
          const unknown = await ask(UNKNOWN)
          expect(unknown.status).toBe(404)
          expect(await ask(task.id)).toStrictEqual(unknown)
          expect(await ask(trashed.id)).toStrictEqual(unknown)
        }
        expect(await stateOf(ann)).toStrictEqual(before)
      },
    )

    test.each(operations.filter(({ method }) => method !== 'GET'))(
      '$operationId does not change the tasks of another user',
      async ({ path, method, ...operation }) => {
        const { ann, bob, task } = await usersWithSecrets()
        await sendJson('PATCH', `/tasks/${task.id}`, { completed: true }, ann)
        const before = await stateOf(ann)
        for (const { headers, body } of requestsOf(operation))
          await send(method, path.replace('{id}', task.id), { ...headers, ...bob }, body)
        expect(await stateOf(ann)).toStrictEqual(before)
      },
    )

    test.each(batched)(
      '%s in a batch returns the same for a task of another user as for an unknown one',
      async (op) => {
        const { ann, bob, task, trashed } = await usersWithSecrets()
        const before = await stateOf(ann)
        const bodies = [{ text: 'x' }, { to: 'top' }, {}]
        for (const atomic of [true, false])
          for (const body of bodies)
            for (const condition of [{}, { if_match: '"v1"' }, { if_match: '*' }]) {
              const ask = async (id: string) => {
                const operations = [{ op, id, body, ...condition }]
                return contentOf(
                  await sendJson('POST', '/tasks/batch', { atomic, operations }, bob),
                )
              }
              // A create ignores the id and makes another task each time.
              if (op.startsWith('create')) await ask(task.id)
              else {
                const unknown = await ask(UNKNOWN)
                expect(await ask(task.id)).toStrictEqual(unknown)
                expect(await ask(trashed.id)).toStrictEqual(unknown)
                expect(unknown.text).toMatch(/NOT_FOUND|VALIDATION_ERROR/)
              }
            }
        expect(await stateOf(ann)).toStrictEqual(before)
      },
    )

    test.each(['before', 'after'])(
      'refuses to move a task %s a task of another user',
      async (where) => {
        const { bob, task, trashed } = await usersWithSecrets()
        const own = await readTask(await sendJson('POST', '/tasks', { text: 'own' }, bob))
        const ask = async (id: string) =>
          contentOf(await sendJson('POST', `/tasks/${own.id}/move`, { [where]: id }, bob))
        const askInBatch = async (id: string) => {
          const operations = [{ op: 'move', id: own.id, body: { [where]: id } }]
          return contentOf(
            await sendJson('POST', '/tasks/batch', { atomic: false, operations }, bob),
          )
        }
        const unknown = await ask(UNKNOWN)
        expect(unknown.status).toBe(422)
        const unknownInBatch = await askInBatch(UNKNOWN)
        for (const id of [task.id, trashed.id]) {
          expect(await ask(id)).toStrictEqual(unknown)
          expect(await askInBatch(id)).toStrictEqual(unknownInBatch)
        }
      },
    )

    test('lists no task of another user, whatever the parameters', async () => {
      const { ann, bob } = await usersWithSecrets()
      await sendJson('POST', '/tasks', { text: 'secret too' }, ann)
      const { next_cursor: cursor } = await readList(await send('GET', '/tasks?limit=1', ann))
      expect(cursor).not.toBeNull()
      const { parameters = [] } =
        operations.find(({ operationId }) => operationId === 'listTasks') ?? {}
      const queries = parameters.flatMap(({ name, in: place, example }) =>
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
        const list = await readList(await send('GET', `/tasks?${query}`, bob))
        expect(list).toStrictEqual({ tasks: [], count: 0, next_cursor: null })
      }
    })

    test('keeps the Idempotency-Keys of users apart', async () => {
      const { ann, bob } = await usersWithSecrets()
      for (const [path, body] of [
        ['/tasks', { text: 'x' }],
        ['/tasks/batch', { atomic: true, operations: [{ op: 'create', body: { text: 'x' } }] }],
      ] as const) {
        const key = { 'idempotency-key': path }
        const ofAnn = await sendJson('POST', path, body, { ...ann, ...key })
        const ofBob = await sendJson('POST', path, body, { ...bob, ...key })
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
