import { expect, test } from 'bun:test'
import { createMemoryStore } from '../../adapters/memory/repository.ts'
import { SlowRead } from '../../adapters/sqlite/fair-reads.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { observeRepository, type StoreEvent } from '../../app/observed-repository.ts'
import { TaskportError } from '../../core/errors.ts'
import { EVERYTHING } from '../../core/query.ts'
import { ann, idNumber } from '../conformance/stores/store.ts'

const unavailable = (cause?: Error) => new TaskportError('unavailable', 'No answer', { cause })

test('reports each read by its name', async () => {
  const operations: string[] = []
  const observed = observeRepository(
    createMemoryStore(newEpoch),
    () => true,
    (event) => operations.push(event.operation),
  )
  await observed.list(ann, EVERYTHING)
  await observed.get(ann, idNumber(1))
  await observed.lists(ann)
  await observed.getList(ann, idNumber(1))
  await observed.revision(ann)
  await observed.changes(ann, null, 1)
  expect(operations).toStrictEqual(['list', 'get', 'lists', 'get_list', 'revision', 'changes'])
})

test.each([
  ['unavailable', 'the store does not respond', unavailable()],
  ['slow', 'a list takes too long', unavailable(new SlowRead('2 s'))],
  ['failed', 'the store has a bug', new Error('bug')],
] as const)('reports %s when %s', async (outcome, _, error) => {
  const events: StoreEvent[] = []
  const failing = { ...createMemoryStore(newEpoch), list: () => Promise.reject(error) }
  const observed = observeRepository(
    failing,
    () => true,
    (event) => events.push(event),
  )
  await expect(observed.list(ann, EVERYTHING)).rejects.toBe(error)
  expect(events).toMatchObject([{ operation: 'list', outcome, error }])
})
