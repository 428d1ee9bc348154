import { describe, expect, test } from 'bun:test'
import { createMemoryStore } from '../../adapters/memory/repository.ts'
import type { OperationRequest } from '../../core/batch.ts'
import { createSend } from '../../core/calling.ts'
import type { RetryKey } from '../../core/calls.ts'
import { type ErrorCode, TaskportError } from '../../core/errors.ts'
import type { TaskRepository } from '../../core/ports.ts'
import { EVERYTHING } from '../../core/query.ts'
import type { ExpectedVersions } from '../../core/requests.ts'
import { createTaskService } from '../../core/tasks.ts'
import { ann, bob, idNumber, second } from '../conformance/stores/store.ts'

const HOUR = 3600

function createService(
  options: {
    readonly repository?: TaskRepository
    readonly keepsTrash?: boolean
    readonly requireVersion?: boolean
    readonly maxTasks?: number
    readonly now?: () => string
  } = {},
) {
  let ids = 0xa
  let seconds = 0
  const store = createMemoryStore(() => 'epoch')
  const {
    repository = store,
    maxTasks = 1000,
    now = () => second(seconds++),
    keepsTrash = true,
    requireVersion = false,
  } = options
  const newId = () => idNumber(ids++)
  const send = createSend({ repository, now, newId, maxTasks })
  const { watch } = store
  return createTaskService({ repository, send, watch, newId, keepsTrash, requireVersion })
}

type Service = ReturnType<typeof createService>

/** A store that fails every call. */
const unreachable: TaskRepository = {
  list: () => Promise.reject(new Error('list was called')),
  get: () => Promise.reject(new Error('get was called')),
  lists: () => Promise.reject(new Error('lists was called')),
  getList: () => Promise.reject(new Error('getList was called')),
  revision: () => Promise.reject(new Error('revision was called')),
  write: () => Promise.reject(new Error('write was called')),
  changes: () => Promise.reject(new Error('changes was called')),
}

async function create(service: Service, text = 'x', owner = ann) {
  const { value } = await service.create(owner, { body: { text }, retry: null })
  return value
}

function patch(service: Service, id: string, body: unknown, versions: ExpectedVersions = null) {
  return service.change(ann, { op: 'patch', id, body, versions })
}

/** Reads the versions that an operation accepts from its member `versions`, as an adapter would. */
function readOperation(operation: unknown): OperationRequest {
  return { operation, versions: Object(operation).versions ?? null, problems: [] }
}

function batch(
  service: Service,
  operations: readonly unknown[],
  options: { readonly atomic: boolean; readonly retry?: RetryKey },
) {
  const { atomic, retry = null } = options
  return service.batch(ann, { body: { atomic, operations }, retry, readOperation })
}

const TRASH = { ...EVERYTHING, deleted: true }

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
  test('create, change, trash, restore and delete a task', async () => {
    const service = createService()
    const created = await create(service)
    expect(created).toMatchObject({ id: idNumber(0xa), created_at: second(0), version: 1 })
    const { id } = created
    const patched = await patch(service, id, { completed: true })
    expect(patched).toMatchObject({ completed: true, completed_at: second(1) })
    const body = { text: 'y', completed: false }
    const replaced = await service.change(ann, { op: 'replace', id, body, versions: [2] })
    expect(replaced).toMatchObject({ text: 'y', completed: false, completed_at: null, version: 3 })
    expect(await service.get(ann, id)).toStrictEqual(replaced)
    const revision = await service.revision(ann)
    expect(await service.list(ann, EVERYTHING)).toStrictEqual({
      tasks: [replaced],
      count: 1,
      next: null,
      revision,
      unknown: [],
    })
    await service.remove(ann, { id, versions: null })
    expect(await service.list(ann, EVERYTHING)).toMatchObject({ tasks: [], count: 0 })
    expect(await failure(service.get(ann, id))).toMatchObject(notFound)
    const restored = await service.change(ann, { op: 'restore', id, versions: null })
    expect(restored).toMatchObject({ text: 'y', version: 5 })
    await service.remove(ann, { id, versions: null, permanent: true })
    expect(await failure(service.change(ann, { op: 'restore', id, versions: null }))).toMatchObject(
      notFound,
    )
  })

  test('accept ids in any letter case', async () => {
    const service = createService()
    const { id } = await create(service)
    const upper = id.toUpperCase()
    expect(upper).not.toBe(id)
    expect((await service.get(ann, upper)).id).toBe(id)
    expect((await patch(service, upper, { text: 'y' })).text).toBe('y')
    await service.remove(ann, { id: upper, versions: null })
  })

  test("reject another owner's task like a missing one", async () => {
    const service = createService()
    const { id } = await create(service)
    const versions = [99]
    const destination = { to: 'top' }
    const body = { text: 'y', completed: true }
    for (const run of [
      (which: string) => service.get(bob, which),
      (which: string) => service.change(bob, { op: 'patch', id: which, body, versions }),
      (which: string) => service.change(bob, { op: 'replace', id: which, body, versions }),
      (which: string) =>
        service.change(bob, { op: 'move', id: which, body: destination, versions }),
      (which: string) => service.change(bob, { op: 'restore', id: which, versions }),
      (which: string) => service.remove(bob, { id: which, versions }),
      (which: string) => service.remove(bob, { id: which, versions, permanent: true }),
    ])
      for (const which of [id, idNumber(99)])
        expect(await failure(run(which))).toMatchObject(notFound)
    expect((await service.get(ann, id)).text).toBe('x')
  })

  test('reject a stale version with the current one', async () => {
    const service = createService()
    const { id } = await create(service)
    await patch(service, id, { text: 'y' }, [1])
    expect(await failure(patch(service, id, { text: 'z' }, [1]))).toMatchObject({
      code: 'stale',
      version: 2,
    })
    expect(await failure(service.remove(ann, { id, versions: [] }))).toMatchObject({
      code: 'stale',
      version: 2,
    })
  })

  test('name the neighbour that is not another task of the owner', async () => {
    const service = createService()
    const { id } = await create(service)
    const theirs = await create(service, 'x', bob)
    for (const name of ['before', 'after'])
      for (const neighbour of [id, theirs.id, idNumber(99)]) {
        const body = { [name]: neighbour }
        const error = await failure(service.change(ann, { op: 'move', id, body, versions: null }))
        expect(error).toMatchObject({
          code: 'invalid',
          details: [`${name}: must be the id of another of your tasks`],
        })
      }
  })

  test('skip the trash when it is switched off', async () => {
    const service = createService({ keepsTrash: false })
    for (const text of ['a', 'b', 'c']) await create(service, text)
    const { tasks } = await service.list(ann, EVERYTHING)
    const [first, second, third] = tasks.map(({ id }) => id)
    await service.remove(ann, { id: `${first}`, versions: null, permanent: false })
    const operations = [{ op: 'delete', id: second }]
    await batch(service, operations, { atomic: true })
    await patch(service, `${third}`, { completed: true })
    expect(await service.clearCompleted(ann)).toEqual({ count: 1, hasMore: false })
    expect(await service.list(ann, TRASH)).toMatchObject({ count: 0 })
  })

  test('clear completed tasks into the trash', async () => {
    const service = createService()
    const { id } = await create(service)
    await patch(service, id, { completed: true })
    expect(await service.clearCompleted(ann)).toEqual({ count: 1, hasMore: false })
    expect(await service.list(ann, TRASH)).toMatchObject({ count: 1 })
  })

  test('clear 500 completed tasks at once, and report that more remain', async () => {
    const service = createService()
    for (let made = 0; made < 501; made++)
      await patch(service, (await create(service)).id, { completed: true })
    expect(await service.clearCompleted(ann)).toEqual({ count: 500, hasMore: true })
    expect(await service.clearCompleted(ann)).toEqual({ count: 1, hasMore: false })
    expect(await service.list(ann, TRASH)).toMatchObject({ count: 501 })
  })

  test('refuse to create more tasks than a user can have, but restore them', async () => {
    const service = createService({ maxTasks: 2 })
    const first = await create(service)
    await create(service)
    const refusal = {
      code: 'invalid',
      details: ['tasks: you have the maximum number of tasks; delete some first'],
    }
    await expect(create(service)).rejects.toMatchObject(refusal)
    await create(service, 'x', bob)
    await service.remove(ann, { id: first.id, versions: null })
    const { value } = await batch(
      service,
      [1, 2].map(() => ({ op: 'create', body: { text: 'y' } })),
      { atomic: false },
    )
    expect(value).toMatchObject([{ outcome: { task: { text: 'y' } } }, { outcome: refusal }])
    await service.change(ann, { op: 'restore', id: first.id, versions: null })
    expect(await service.list(ann, EVERYTHING)).toMatchObject({ count: 3 })
    await expect(create(service)).rejects.toMatchObject(refusal)
  })

  test('reject a position that the feed no longer knows', async () => {
    const service = createService()
    await create(service)
    const page = await service.changes(ann, null, 10)
    expect(page.changes).toHaveLength(1)
    const lost = { ...page.next, epoch: 'other' }
    expect((await failure(service.changes(ann, lost, 10))).code).toBe('position_expired')
  })
})

describe('retried calls', () => {
  test('get the first result for a day', async () => {
    let seconds = 0
    const service = createService({ now: () => second(seconds) })
    const send = (fingerprint = 'same') =>
      service.create(ann, { body: { text: 'x' }, retry: { key: 'k', fingerprint } })
    const first = await send()
    expect(first.replayed).toBe(false)
    seconds = 24 * HOUR
    expect(await send()).toStrictEqual({ ...first, replayed: true })
    expect(await failure(send('other'))).toMatchObject({
      code: 'retry_key_reused',
      message: 'This key was used for a different request',
    })
    seconds++
    expect(await send('other')).toMatchObject({ replayed: false })
    expect(await service.list(ann, EVERYTHING)).toMatchObject({ count: 2 })
  })

  test('get every result of a batch again', async () => {
    const service = createService()
    const { id } = await create(service)
    const operations = [
      { op: 'create', body: { text: '' } },
      { op: 'create', body: { text: 'y' } },
      { op: 'patch', id, versions: [9], body: {} },
      { op: 'delete', id },
    ]
    const send = () =>
      batch(service, operations, { atomic: false, retry: { key: 'k', fingerprint: '' } })
    const first = await send()
    const again = await send()
    expect(again.replayed).toBe(true)
    expect(again.value).toMatchObject(first.value)
    expect(await service.list(ann, EVERYTHING)).toMatchObject({ count: 1 })
  })

  test('get the errors of a batch again in which no operation could be read', async () => {
    const service = createService()
    const send = (fingerprint: string) =>
      batch(service, [{}], { atomic: false, retry: { key: 'k', fingerprint } })
    expect(await send('same')).toMatchObject({ replayed: false })
    expect(await send('same')).toMatchObject({ replayed: true, value: [{ op: null }] })
    expect((await failure(send('other'))).code).toBe('retry_key_reused')
  })

  test.each<[string, boolean, boolean]>([
    ['no longer required', true, false],
    ['required meanwhile', false, true],
  ])('get every result of a batch again when versions are %s', async (_, atFirst, later) => {
    const repository = createMemoryStore(() => 'epoch')
    const before = createService({ repository, requireVersion: atFirst })
    const { id } = await create(before)
    const operations = [
      { op: 'patch', id, body: { text: 'y' } },
      { op: 'create', body: { text: '' } },
      { op: 'create', body: { text: 'z' } },
    ]
    const send = (service: Service) =>
      batch(service, operations, { atomic: false, retry: { key: 'k', fingerprint: '' } })
    const { value } = await send(before)
    const again = await send(createService({ repository, requireVersion: later }))
    expect(again.replayed).toBe(true)
    expect(again.value).toMatchObject(value)
  })

  test('are refused when they are read as a different number of writes than before', async () => {
    const service = createService()
    const retry = { key: 'k', fingerprint: '' }
    const create = { op: 'create', body: { text: 'x' } }
    await batch(service, [create], { atomic: false, retry })
    const again = batch(service, [create, create], { atomic: false, retry })
    expect((await failure(again)).code).toBe('retry_key_reused')
  })
})

describe('batches', () => {
  test('report the outcome of each operation in order', async () => {
    const service = createService()
    const { id } = await create(service)
    const operations = [
      { op: 'nothing' },
      { op: 'create', body: { text: 'y' } },
      { op: 'patch', id, versions: [9], body: {} },
      { op: 'move', id, body: { before: id } },
      { op: 'patch', id, body: { text: 'z' } },
      { op: 'delete', id },
      { op: 'delete', id },
    ]
    const { value, replayed } = await batch(service, operations, { atomic: false })
    expect(replayed).toBe(false)
    expect(value).toMatchObject([
      { op: null, outcome: { code: 'invalid' } },
      { op: 'create', outcome: { task: { text: 'y' } } },
      { op: 'patch', outcome: { code: 'stale', version: 1 } },
      { op: 'move', outcome: { code: 'invalid' } },
      { op: 'patch', outcome: { task: { text: 'z', version: 2 } } },
      { op: 'delete', outcome: { task: null } },
      { op: 'delete', outcome: notFound },
    ])
  })

  test('do not call the store when no operation can be read', async () => {
    const service = createService({ repository: unreachable })
    const { value } = await batch(service, [{}, 5], { atomic: false })
    expect(value).toMatchObject([
      { outcome: { code: 'invalid' } },
      { outcome: { code: 'invalid', details: ['operation: must be a JSON object'] } },
    ])
  })

  test.each<[string, object, ErrorCode, string[]]>([
    ['a broken rule', { op: 'create', body: { text: '' } }, 'invalid', ['text: must be 1 to 500']],
    ['a missing task', { op: 'delete', id: idNumber(99) }, 'not_found', ['Task not found']],
    [
      'two broken rules',
      { op: 'move', body: { to: 'x' } },
      'invalid',
      ['id: must be', 'to: must be'],
    ],
    [
      'a stale version',
      { op: 'delete', id: idNumber(0xa), versions: [9] },
      'stale',
      ['The task has changed'],
    ],
  ])(
    'fail as a whole when they are atomic, and name the operation: %s',
    async (_, failing, code, details) => {
      const service = createService()
      await create(service)
      const revision = await service.revision(ann)
      const operations = [{ op: 'create', body: { text: 'y' } }, failing]
      const error = await failure(batch(service, operations, { atomic: true }))
      expect(error).toMatchObject({ code, operation: 1 })
      const reasons = error.details.length > 0 ? error.details : [error.message]
      expect(reasons).toHaveLength(details.length)
      for (const [index, detail] of details.entries()) expect(reasons[index]).toStartWith(detail)
      expect(await service.revision(ann)).toBe(revision)
    },
  )
})

test('an outcome that is missing is a bug, not an error of the caller', async () => {
  const write = async () => ({ kind: 'applied', outcomes: [], replayed: false }) as const
  const service = createService({ repository: { ...unreachable, write } })
  const message = 'Unexpected outcome of patch: undefined'
  await expect(patch(service, idNumber(1), {})).rejects.toThrow(new Error(message))
})

describe('rules are checked before the store is called', () => {
  const service = createService({ repository: unreachable })
  const versions = null
  const problems = ['key: is too long']

  test.each([
    ['create', () => service.create(ann, { body: { text: '' }, retry: null }), ['text']],
    [
      'create without a body',
      () => service.create(ann, { body: undefined, retry: null }),
      ['body'],
    ],
    ['create from an array', () => service.create(ann, { body: [], retry: null }), ['body']],
    [
      "create with the caller's problems",
      () => service.create(ann, { body: { text: 5 }, retry: null, problems }),
      ['key', 'text'],
    ],
    ['get', () => service.get(ann, 'x'), ['id']],
    ['remove', () => service.remove(ann, { id: '', versions, problems }), ['id', 'key']],
    [
      'patch',
      () => patch(service, 'x', { text: null, completed: 'no' }),
      ['id', 'text', 'completed'],
    ],
    ['patch with a good id', () => patch(service, idNumber(1), { text: 5 }), ['text']],
    ['patch with a good body', () => patch(service, 'x', {}), ['id']],
    [
      'replace',
      () => service.change(ann, { op: 'replace', id: 'x', body: { completed: null }, versions }),
      ['id', 'text', 'completed'],
    ],
    [
      'replace by nothing',
      () => service.change(ann, { op: 'replace', id: 'x', body: null, versions }),
      ['id', 'body'],
    ],
    [
      'batch',
      () => service.batch(ann, { body: { operations: [] }, retry: null, problems, readOperation }),
      ['atomic', 'key', 'operations'],
    ],
  ])('%s names every wrong field once', async (_, run, fields) => {
    const { code, details } = await failure(run())
    expect(code).toBe('invalid')
    expect(details.map((detail) => `${detail.split(': ')[0]}`).toSorted()).toStrictEqual(
      fields.toSorted(),
    )
  })

  test('version_required comes before the store is called', async () => {
    const strict = createService({ repository: unreachable, requireVersion: true })
    const id = idNumber(1)
    expect((await failure(strict.remove(ann, { id, versions }))).code).toBe('version_required')
    const operations = [{ op: 'delete', id }]
    expect(await failure(batch(strict, operations, { atomic: true }))).toMatchObject({
      code: 'version_required',
      operation: 0,
    })
  })
})
