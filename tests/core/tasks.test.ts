import { describe, expect, test } from 'bun:test'
import { createMemoryStore } from '../../adapters/memory/repository.ts'
import { type ErrorCode, TaskportError } from '../../core/errors.ts'
import type { TaskRepository } from '../../core/ports.ts'
import { createTaskService } from '../../core/tasks.ts'
import { ann, bob, idNumber, second } from '../conformance/stores/store.ts'

const HOUR = 3600

function createService(
  options: {
    readonly repository?: TaskRepository
    readonly keepsTrash?: boolean
    readonly requireVersion?: boolean
    readonly now?: () => string
  } = {},
) {
  let ids = 0xa
  let seconds = 0
  const store = createMemoryStore(() => 'epoch')
  return createTaskService({
    repository: store,
    watch: store.watch,
    now: () => second(seconds++),
    newId: () => idNumber(ids++),
    keepsTrash: true,
    requireVersion: false,
    ...options,
  })
}

type Service = ReturnType<typeof createService>

/** A store that nothing may reach. */
const unreachable: TaskRepository = {
  list: () => Promise.reject(new Error('list was called')),
  get: () => Promise.reject(new Error('get was called')),
  revision: () => Promise.reject(new Error('revision was called')),
  write: () => Promise.reject(new Error('write was called')),
  clearCompleted: () => Promise.reject(new Error('clearCompleted was called')),
  changes: () => Promise.reject(new Error('changes was called')),
}

async function create(service: Service, text = 'x', owner = ann) {
  const { value } = await service.create(owner, { text }, null)
  return value
}

function patch(service: Service, id: string, body: unknown, ifMatch: string | null = null) {
  return service.change(ann, { op: 'patch', id, body, ifMatch })
}

async function failure(promise: Promise<unknown>): Promise<TaskportError> {
  const reason = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(reason instanceof TaskportError)) throw new Error(`not a TaskportError: ${reason}`)
  return reason
}

const notFound = { code: 'not_found', message: 'Task not found', details: [] }

describe('use cases', () => {
  test('a task lives from creation to removal', async () => {
    const service = createService()
    const created = await create(service)
    expect(created).toMatchObject({ id: idNumber(0xa), created_at: second(0), version: 1 })
    const { id } = created
    const patched = await patch(service, id, { completed: true })
    expect(patched).toMatchObject({ completed: true, completed_at: second(1) })
    const body = { text: 'y', completed: false }
    const replaced = await service.change(ann, { op: 'replace', id, body, ifMatch: '"v2"' })
    expect(replaced).toMatchObject({ text: 'y', completed: false, completed_at: null, version: 3 })
    expect(await service.get(ann, id)).toStrictEqual(replaced)
    const revision = await service.revision(ann)
    expect(await service.list(ann, {}, null)).toStrictEqual({
      tasks: [replaced],
      count: 1,
      next: null,
      revision,
    })
    await service.remove(ann, { id, ifMatch: null })
    expect(await service.list(ann, {}, null)).toMatchObject({ tasks: [], count: 0 })
    expect(await failure(service.get(ann, id))).toMatchObject(notFound)
    const restored = await service.change(ann, { op: 'restore', id, ifMatch: null })
    expect(restored).toMatchObject({ text: 'y', version: 5 })
    await service.remove(ann, { id, ifMatch: null, permanent: true })
    expect(await failure(service.change(ann, { op: 'restore', id, ifMatch: null }))).toMatchObject(
      notFound,
    )
  })

  test('ids are taken in any letter case', async () => {
    const service = createService()
    const { id } = await create(service)
    const upper = id.toUpperCase()
    expect(upper).not.toBe(id)
    expect((await service.get(ann, upper)).id).toBe(id)
    expect((await patch(service, upper, { text: 'y' })).text).toBe('y')
    await service.remove(ann, { id: upper, ifMatch: null })
  })

  test("another owner's task and no task are told alike", async () => {
    const service = createService()
    const { id } = await create(service)
    const ifMatch = '"v99"'
    const place = { to: 'top' }
    const body = { text: 'y', completed: true }
    for (const run of [
      (which: string) => service.get(bob, which),
      (which: string) => service.change(bob, { op: 'patch', id: which, body, ifMatch }),
      (which: string) => service.change(bob, { op: 'replace', id: which, body, ifMatch }),
      (which: string) => service.change(bob, { op: 'move', id: which, body: place, ifMatch }),
      (which: string) => service.change(bob, { op: 'restore', id: which, ifMatch }),
      (which: string) => service.remove(bob, { id: which, ifMatch }),
      (which: string) => service.remove(bob, { id: which, ifMatch, permanent: true }),
    ])
      for (const which of [id, idNumber(99)])
        expect(await failure(run(which))).toMatchObject(notFound)
    expect((await service.get(ann, id)).text).toBe('x')
  })

  test('a stale version is told with the one that there is', async () => {
    const service = createService()
    const { id } = await create(service)
    await patch(service, id, { text: 'y' }, '"v1"')
    expect(await failure(patch(service, id, { text: 'z' }, '"v1"'))).toMatchObject({
      code: 'stale',
      version: 2,
    })
    expect(await failure(service.remove(ann, { id, ifMatch: '"other"' }))).toMatchObject({
      code: 'stale',
      version: 2,
    })
  })

  test('a neighbour that is none of the others is named', async () => {
    const service = createService()
    const { id } = await create(service)
    const theirs = await create(service, 'x', bob)
    for (const name of ['before', 'after'])
      for (const neighbour of [id, theirs.id, idNumber(99)]) {
        const body = { [name]: neighbour }
        const error = await failure(service.change(ann, { op: 'move', id, body, ifMatch: null }))
        expect(error).toMatchObject({
          code: 'invalid',
          details: [`${name}: must be the id of another of your tasks`],
        })
      }
  })

  test('nothing goes to the trash where there is none', async () => {
    const service = createService({ keepsTrash: false })
    for (const text of ['a', 'b', 'c']) await create(service, text)
    const { tasks } = await service.list(ann, {}, null)
    const [first, second, third] = tasks.map(({ id }) => id)
    await service.remove(ann, { id: `${first}`, ifMatch: null, permanent: false })
    const operations = [{ op: 'delete', id: second }]
    await service.batch(ann, { atomic: true, operations }, null)
    await patch(service, `${third}`, { completed: true })
    expect(await service.clearCompleted(ann)).toBe(1)
    expect(await service.list(ann, { deleted: 'only' }, null)).toMatchObject({ count: 0 })
  })

  test('what is cleared goes to the trash where there is one', async () => {
    const service = createService()
    const { id } = await create(service)
    await patch(service, id, { completed: true })
    expect(await service.clearCompleted(ann)).toBe(1)
    expect(await service.list(ann, { deleted: 'only' }, null)).toMatchObject({ count: 1 })
  })

  test('a position that the feed has no more of is told', async () => {
    const service = createService()
    await create(service)
    const page = await service.changes(ann, null, 10)
    expect(page.changes).toHaveLength(1)
    const lost = { ...page.next, epoch: 'other' }
    expect((await failure(service.changes(ann, lost, 10))).code).toBe('cursor_expired')
  })
})

describe('repeated calls', () => {
  test('get the first answer for a day', async () => {
    let seconds = 0
    const service = createService({ now: () => second(seconds) })
    const send = (fingerprint = 'same') =>
      service.create(ann, { text: 'x' }, { key: 'k', fingerprint })
    const first = await send()
    expect(first.replayed).toBe(false)
    seconds = 24 * HOUR
    expect(await send()).toStrictEqual({ ...first, replayed: true })
    expect(await failure(send('other'))).toMatchObject({
      code: 'invalid',
      details: ['Idempotency-Key: was used for another request already'],
    })
    seconds++
    expect(await send('other')).toMatchObject({ replayed: false })
    expect(await service.list(ann, {}, null)).toMatchObject({ count: 2 })
  })

  test('of a batch get every result again', async () => {
    const service = createService()
    const { id } = await create(service)
    const operations = [
      { op: 'create', body: { text: '' } },
      { op: 'create', body: { text: 'y' } },
      { op: 'patch', id, if_match: '"v9"', body: {} },
      { op: 'delete', id },
    ]
    const send = () =>
      service.batch(ann, { atomic: false, operations }, { key: 'k', fingerprint: '' })
    const first = await send()
    const again = await send()
    expect(again.replayed).toBe(true)
    expect(again.value).toMatchObject(first.value)
    expect(await service.list(ann, {}, null)).toMatchObject({ count: 1 })
  })
})

describe('batches', () => {
  test('tell what became of each operation, in order', async () => {
    const service = createService()
    const { id } = await create(service)
    const operations = [
      { op: 'nothing' },
      { op: 'create', body: { text: 'y' } },
      { op: 'patch', id, if_match: '"v9"', body: {} },
      { op: 'move', id, body: { before: id } },
      { op: 'patch', id, body: { text: 'z' } },
      { op: 'delete', id },
      { op: 'delete', id },
    ]
    const { value, replayed } = await service.batch(ann, { atomic: false, operations }, null)
    expect(replayed).toBe(false)
    expect(value).toMatchObject([
      { op: null, outcome: { code: 'invalid' } },
      { op: 'create', outcome: { text: 'y' } },
      { op: 'patch', outcome: { code: 'stale', version: 1 } },
      { op: 'move', outcome: { code: 'invalid' } },
      { op: 'patch', outcome: { text: 'z', version: 2 } },
      { op: 'delete', outcome: null },
      { op: 'delete', outcome: notFound },
    ])
  })

  test('without an operation that can be tried ask the store nothing', async () => {
    const service = createService({ repository: unreachable })
    const { value } = await service.batch(ann, { atomic: false, operations: [{}, 5] }, null)
    expect(value).toMatchObject([
      { outcome: { code: 'invalid' } },
      { outcome: { code: 'invalid', details: ['operation: must be a JSON object'] } },
    ])
  })

  test.each<[string, object, ErrorCode, string[]]>([
    ['a rule', { op: 'create', body: { text: '' } }, 'invalid', ['text: must be 1 to 500']],
    ['no task', { op: 'delete', id: idNumber(99) }, 'not_found', ['Task not found']],
    ['two rules', { op: 'move', body: { to: 'x' } }, 'invalid', ['id: must be', 'to: must be']],
    [
      'a version',
      { op: 'delete', id: idNumber(0xa), if_match: '"v9"' },
      'stale',
      ['The task has changed'],
    ],
  ])('that are atomic fail as a whole, and tell where: %s', async (_, failing, code, details) => {
    const service = createService()
    await create(service)
    const revision = await service.revision(ann)
    const operations = [{ op: 'create', body: { text: 'y' } }, failing]
    const error = await failure(service.batch(ann, { atomic: true, operations }, null))
    expect(error.code).toBe(code)
    expect(error.details).toHaveLength(details.length)
    for (const [index, detail] of details.entries())
      expect(error.details[index]).toStartWith(`operations[1]: ${detail}`)
    expect(await service.revision(ann)).toBe(revision)
  })
})

describe('rules come before the store', () => {
  const service = createService({ repository: unreachable })
  const ifMatch = null

  test.each([
    ['create', () => service.create(ann, { text: '' }, null), ['text']],
    ['create from nothing', () => service.create(ann, undefined, null), ['body']],
    ['create from a list', () => service.create(ann, [], null), ['body']],
    [
      'create with a key',
      () => service.create(ann, { text: 5 }, { key: '', fingerprint: '' }),
      ['Idempotency-Key', 'text'],
    ],
    ['get', () => service.get(ann, 'x'), ['id']],
    ['list', () => service.list(ann, { limit: 0, q: '' }, null), ['limit', 'q']],
    ['remove', () => service.remove(ann, { id: '', ifMatch: 'x' }), ['id', 'If-Match']],
    [
      'patch',
      () => patch(service, 'x', { text: null, completed: 'no' }),
      ['id', 'text', 'completed'],
    ],
    ['patch with a good id', () => patch(service, idNumber(1), { text: 5 }), ['text']],
    ['patch with a good body', () => patch(service, 'x', {}), ['id']],
    [
      'replace',
      () => service.change(ann, { op: 'replace', id: 'x', body: { completed: null }, ifMatch }),
      ['id', 'text', 'completed'],
    ],
    [
      'replace by nothing',
      () => service.change(ann, { op: 'replace', id: 'x', body: null, ifMatch }),
      ['id', 'body'],
    ],
    ['batch', () => service.batch(ann, { operations: [] }, null), ['atomic', 'operations']],
  ])('%s names every wrong field once', async (_, run, fields) => {
    const { code, details } = await failure(run())
    expect(code).toBe('invalid')
    expect(details.map((detail) => `${detail.split(': ')[0]}`).toSorted()).toStrictEqual(
      fields.toSorted(),
    )
  })

  test('a version is asked for before the store is, where it is required', async () => {
    const strict = createService({ repository: unreachable, requireVersion: true })
    const id = idNumber(1)
    expect((await failure(strict.remove(ann, { id, ifMatch }))).code).toBe('version_required')
    const operations = [{ op: 'delete', id }]
    expect(await failure(strict.batch(ann, { atomic: true, operations }, null))).toMatchObject({
      code: 'version_required',
      details: ['operations[0]: Say in if_match which version you expect'],
    })
  })
})
