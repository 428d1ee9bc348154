import { describe, expect, test } from 'bun:test'
import { createMemoryRepository } from '../../adapters/memory/repository.ts'
import { TaskportError } from '../../core/errors.ts'
import { isOwner, type Owner } from '../../core/owner.ts'
import type { TaskRepository } from '../../core/ports.ts'
import { createTaskService } from '../../core/tasks.ts'
import { idNumber, ownerNamed, second } from '../contract/store.ts'

const ann = ownerNamed('ann')
const bob = ownerNamed('bob')

function createService(repository: TaskRepository = createMemoryRepository()) {
  let ids = 0xa
  let seconds = 0
  return createTaskService({
    repository,
    now: () => second(seconds++),
    newId: () => idNumber(ids++),
  })
}

/** A store that nothing may reach. */
const unreachable: TaskRepository = {
  list: () => Promise.reject(new Error('list was called')),
  get: () => Promise.reject(new Error('get was called')),
  insert: () => Promise.reject(new Error('insert was called')),
  update: () => Promise.reject(new Error('update was called')),
  remove: () => Promise.reject(new Error('remove was called')),
}

async function failure(promise: Promise<unknown>): Promise<TaskportError> {
  const reason = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(reason instanceof TaskportError)) throw new Error(`not a TaskportError: ${reason}`)
  return reason
}

describe('use cases', () => {
  test('a task lives from creation to removal', async () => {
    const service = createService()
    const created = await service.create(ann, { text: 'x' })
    expect(created).toMatchObject({ id: idNumber(0xa), created_at: second(0) })
    const patched = await service.patch(ann, created.id, { completed: true })
    expect(patched).toMatchObject({ completed: true, completed_at: second(1) })
    const replaced = await service.replace(ann, created.id, { text: 'y', completed: false })
    expect(replaced).toMatchObject({ text: 'y', completed: false, completed_at: null })
    expect(await service.get(ann, created.id)).toStrictEqual(replaced)
    expect(await service.list(ann)).toStrictEqual({ tasks: [replaced], count: 1 })
    await service.remove(ann, created.id)
    expect(await service.list(ann)).toStrictEqual({ tasks: [], count: 0 })
  })

  test('ids are taken in any letter case', async () => {
    const service = createService()
    const { id } = await service.create(ann, { text: 'x' })
    const upper = id.toUpperCase()
    expect(upper).not.toBe(id)
    expect((await service.get(ann, upper)).id).toBe(id)
    expect((await service.patch(ann, upper, { text: 'y' })).text).toBe('y')
    expect((await service.replace(ann, upper, { text: 'z', completed: true })).text).toBe('z')
    await service.remove(ann, upper)
  })

  test("another owner's task and no task are told alike", async () => {
    const service = createService()
    const { id } = await service.create(ann, { text: 'x' })
    for (const run of [
      (which: string) => service.get(bob, which),
      (which: string) => service.patch(bob, which, { text: 'y' }),
      (which: string) => service.replace(bob, which, { text: 'y', completed: true }),
      (which: string) => service.remove(bob, which),
    ])
      for (const which of [id, idNumber(99)])
        expect(await failure(run(which))).toMatchObject({
          code: 'not_found',
          message: 'Task not found',
          details: [],
        })
    expect((await service.get(ann, id)).text).toBe('x')
  })
})

describe('rules come before the store', () => {
  const service = createService(unreachable)

  test.each([
    ['create', () => service.create(ann, { text: '' }), ['text']],
    ['create from nothing', () => service.create(ann, undefined), ['body']],
    ['create from a list', () => service.create(ann, []), ['body']],
    ['get', () => service.get(ann, 'x'), ['id']],
    ['remove', () => service.remove(ann, ''), ['id']],
    [
      'patch',
      () => service.patch(ann, 'x', { text: null, completed: 'no' }),
      ['id', 'text', 'completed'],
    ],
    ['patch with a good id', () => service.patch(ann, idNumber(1), { text: 5 }), ['text']],
    ['patch with a good body', () => service.patch(ann, 'x', {}), ['id']],
    ['replace', () => service.replace(ann, 'x', { completed: null }), ['id', 'text', 'completed']],
    ['replace by nothing', () => service.replace(ann, 'x', null), ['id', 'body']],
  ])('%s names every wrong field once', async (_, run, fields) => {
    const { code, details } = await failure(run())
    expect(code).toBe('invalid')
    expect(details.map((detail) => detail.split(': ')[0])).toStrictEqual(fields)
  })
})

test.each([
  ['one character', 'a', true],
  ['255 emoji', '😀'.repeat(255), true],
  ['nothing', '', false],
  ['256 characters', 'a'.repeat(256), false],
  ['256 emoji', '😀'.repeat(256), false],
  ['a control character', 'a\u0000', false],
  ['a C1 control character', 'a\u0085', false],
  ['a line feed', 'a\n', false],
  ['a lone surrogate', 'a\ud800', false],
  ['a number', 5, false],
  ['nothing at all', undefined, false],
])('an owner is %s: %p → %p', (_, value, expected) => {
  expect(isOwner(value)).toBe(expected)
})

// Compiling is the test: no other string passes for an owner.
test('an owner is no plain string', () => {
  const list = (owner: Owner) => createService().list(owner)
  // @ts-expect-error a string has not been checked
  expect(list('ann')).resolves.toBeDefined()
})
