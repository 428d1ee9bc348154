import type { Owner } from '../../../core/owner.ts'
import type { TaskArchive } from '../../../core/ports.ts'
import { type Caller, writing } from './caller.ts'
import { idNumber, listId, owned, second, taskNumber } from './store.ts'

/** More than one part of any store. */
export const MANY = 2300

/** Creates a task with a retry key. */
export function remember(caller: Caller, key: string, n: number) {
  return caller.send([writing.create(n)], {
    retry: { key, fingerprint: 'same', rememberedSince: second(0) },
  })
}

/** Something of every kind: 4 tasks, one of them in the trash, a tombstone, 2 lists, a remembered call. */
export async function fill(caller: Caller): Promise<void> {
  await caller.createList(1)
  await caller.createList(2)
  await caller.createList(3)
  await caller.removeList(3)
  await caller.add(1, { list_id: listId(1), description: 'd'.repeat(1000), tags: ['t'] })
  await caller.add(2, { parent_id: idNumber(1) })
  await caller.create(3)
  await caller.create(4)
  await caller.patch(1, { completed: true })
  await caller.remove(3)
  await caller.erase(4)
  await remember(caller, 'key', 5)
}

/** Adds many tasks, every other one a subtask. */
export async function importMany(archive: TaskArchive, owner: Owner): Promise<void> {
  const all = Array.from({ length: MANY }, (_, n) =>
    taskNumber(n, n % 2 === 0 ? {} : { parent_id: idNumber(n - 1) }),
  )
  for (let from = 0; from < MANY; from += 500)
    await archive.add(owned(owner, all.slice(from, from + 500)))
}
