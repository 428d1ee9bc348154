import { expect, test } from 'bun:test'
import { createMemoryStore } from '../../adapters/memory/repository.ts'
import { SlowRead } from '../../adapters/sqlite/fair-reads.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { observeRepository, type StoreEvent } from '../../app/observed-repository.ts'
import { TaskportError } from '../../core/errors.ts'
import { EVERYTHING } from '../../core/query.ts'
import { ann } from '../conformance/stores/store.ts'

const unavailable = (cause?: Error) => new TaskportError('unavailable', 'No answer', { cause })

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
