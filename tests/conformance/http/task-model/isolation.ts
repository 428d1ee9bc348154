import { describe, expect, test } from 'bun:test'
import { type Client, UNKNOWN } from '../client.ts'
import { contentOf, createUser, type User } from './user.ts'

/** A request that names an id that may be another user's. `own` is of the user who sends it. */
type Request = readonly [
  method: string,
  path: string,
  body?: (id: string, own: { readonly task: string; readonly list: string }) => unknown,
]

const inBatch = (operation: object) => ({ atomic: false, operations: [operation] })
const inAtomicBatch = (operation: object) => ({ atomic: true, operations: [operation] })

/** Every place of a request where the id of a list can stand. `{id}` is replaced in paths. */
const WITH_LISTS: readonly Request[] = [
  ['GET', '/lists/{id}'],
  ['HEAD', '/lists/{id}'],
  ['PATCH', '/lists/{id}', () => ({ name: 'taken' })],
  ['PATCH', '/lists/{id}', () => ({})],
  ['DELETE', '/lists/{id}'],
  ['POST', '/lists/{id}/move', () => ({ to: 'bottom' })],
  ['POST', '/lists/{id}/move', (id) => ({ before: id })],
  ['POST', '/lists/{own}/move', (id) => ({ before: id })],
  ['POST', '/lists/{own}/move', (id) => ({ after: id })],
  ['GET', '/tasks?list={id}'],
  ['GET', '/tasks?list={id}&deleted=only'],
  ['GET', '/tasks?list={id}&q=secret&limit=1'],
  ['POST', '/tasks', (id) => ({ text: 'x', list_id: id })],
  ['PATCH', '/tasks/{own}', (id) => ({ list_id: id })],
  ['PUT', '/tasks/{own}', (id) => ({ text: 'x', completed: true, list_id: id })],
  ...[inBatch, inAtomicBatch].flatMap((batch): Request[] =>
    [
      (id: string) => ({ op: 'patch_list', id, body: { name: 'taken' } }),
      (id: string) => ({ op: 'delete_list', id }),
      (id: string) => ({ op: 'delete_list', id, if_match: '"v1"' }),
      (id: string) => ({ op: 'move_list', id, body: { to: 'top' } }),
      (id: string, own: { readonly list: string }) => ({
        op: 'move_list',
        id: own.list,
        body: { after: id },
      }),
      (id: string) => ({ op: 'create', body: { text: 'x', list_id: id } }),
      (id: string, own: { readonly task: string }) => ({
        op: 'patch',
        id: own.task,
        body: { list_id: id },
      }),
    ].map((operation) => ['POST', '/tasks/batch', (id, own) => batch(operation(id, own))]),
  ),
]

/** Every new place of a request where the id of a task can stand. */
const WITH_TASKS: readonly Request[] = [
  ['GET', '/tasks?parent={id}'],
  ['GET', '/tasks?parent={id}&deleted=only'],
  ['POST', '/tasks', (id) => ({ text: 'x', parent_id: id })],
  ['PATCH', '/tasks/{own}', (id) => ({ parent_id: id })],
  ['PUT', '/tasks/{own}', (id) => ({ text: 'x', completed: true, parent_id: id })],
  ['PATCH', '/tasks/{id}', () => ({ description: 'x', completed: true })],
  ['PATCH', '/lists/{id}', () => ({ name: 'taken' })],
  ['POST', '/lists/{own}/move', (id) => ({ before: id })],
  ...[inBatch, inAtomicBatch].flatMap((batch): Request[] =>
    [
      (id: string) => ({ op: 'create', body: { text: 'x', parent_id: id } }),
      (id: string, own: { readonly task: string }) => ({
        op: 'patch',
        id: own.task,
        body: { parent_id: id },
      }),
      (id: string) => ({ op: 'patch', id, body: { completed: true } }),
    ].map((operation) => ['POST', '/tasks/batch', (id, own) => batch(operation(id, own))]),
  ),
]

/** No request can tell another user's list or task from one that does not exist. */
export function describeModelIsolation(client: Client): void {
  async function openUsers() {
    const [ann, bob] = [await createUser(client), await createUser(client)]
    const list = await ann.createList('secret list')
    const parent = await ann.create({
      text: 'secret parent',
      list_id: list.id,
      due: '2901-01-03',
      recurrence: { rule: 'FREQ=DAILY' },
    })
    const subtask = await ann.create({ text: 'secret subtask', parent_id: parent.id })
    const trashed = await ann.create({ text: 'secret trash', list_id: list.id })
    await ann.remove(trashed.id)
    const own = { list: (await bob.createList('own')).id, task: (await bob.create()).id }
    return { ann, bob, own, lists: [list.id], tasks: [parent.id, subtask.id, trashed.id] }
  }

  const stateOf = async (user: User) => [
    await user.lists(),
    await user.tasks(),
    await user.tasks('?deleted=only'),
    await user.changes(),
  ]

  async function expectSame([method, path, body]: Request, kind: 'lists' | 'tasks') {
    const users = await openUsers()
    const { ann, bob, own } = users
    const before = [await stateOf(ann), await stateOf(bob)]
    for (const headers of [{}, { 'if-match': '"v1"' }, { 'if-match': '*' }]) {
      const ask = async (id: string) => {
        const ownId = path.startsWith('/lists') ? own.list : own.task
        const at = path.replace('{id}', id).replace('{own}', ownId)
        return contentOf(await bob.ask(method, at, body?.(id, own), headers))
      }
      const unknown = await ask(UNKNOWN)
      if (path !== '/tasks/batch') expect([404, 422]).toContain(unknown.status)
      else expect(unknown.text).toMatch(/NOT_FOUND|VALIDATION_ERROR/)
      for (const id of users[kind]) expect(await ask(id)).toStrictEqual(unknown)
    }
    expect([await stateOf(ann), await stateOf(bob)]).toStrictEqual(before)
  }

  describe('isolation of lists and subtasks', () => {
    const named = (requests: readonly Request[]) =>
      requests.map((request) => {
        const [method, path, body] = request
        const what = body ? JSON.stringify(body('ID', { task: 'own', list: 'own' })) : ''
        return [`${method} ${path} ${what}`, request] as const
      })

    test.each(named(WITH_LISTS))('%s is the same for an unknown list', async (_, request) => {
      await expectSame(request, 'lists')
    })

    test.each(named(WITH_TASKS))('%s is the same for an unknown task', async (_, request) => {
      await expectSame(request, 'tasks')
    })

    test('no response to another user has anything of them', async () => {
      const { bob, lists, tasks } = await openUsers()
      const texts = await Promise.all(
        [
          '/lists',
          '/tasks',
          '/tasks?deleted=only',
          '/tasks?list=inbox&parent=none&sort=due',
          '/tasks?q=secret',
          '/tasks/changes',
        ].map(async (path) => (await bob.ask('GET', path)).text()),
      )
      for (const secret of ['secret', ...lists, ...tasks])
        expect(texts.join('\n')).not.toContain(secret)
    })

    test('the tags and counts of a user do not change with the lists of another', async () => {
      const { ann, bob } = await openUsers()
      const read = async () => [
        await contentOf(await bob.ask('GET', '/lists')),
        await contentOf(await bob.ask('GET', '/tasks?list=inbox')),
      ]
      const before = await read()
      await ann.createList('more')
      await ann.create()
      expect(await read()).toStrictEqual(before)
    })

    test('500 lists of one user leave another one room', async () => {
      const [ann, bob] = [await createUser(client), await createUser(client)]
      const create = { op: 'create_list', body: { name: 'x' } }
      for (let made = 0; made < 500; made += 100) await ann.batch(Array(100).fill(create), true)
      expect((await bob.createList()).version).toBe(1)
    })

    test('keeps the Idempotency-Keys of users apart', async () => {
      const { ann, bob } = await openUsers()
      const key = { 'idempotency-key': 'k' }
      const ids = new Set<string>()
      for (const user of [ann, bob]) {
        const response = await user.ask('POST', '/lists', { name: 'x' }, key)
        expect(response.headers.get('idempotency-replayed')).toBeNull()
        ids.add(Object(await response.json()).id)
      }
      expect(ids.size).toBe(2)
    })

    test('deleting a list and completing a task touch no other user', async () => {
      const { ann, bob, lists, tasks } = await openUsers()
      const before = await stateOf(bob)
      await ann.patch(`${tasks[0]}`, { completed: true })
      await ann.patch(`${tasks[0]}`, { completed: false })
      await ann.removeList(`${lists[0]}`)
      expect(await stateOf(bob)).toStrictEqual(before)
    })
  })
}
