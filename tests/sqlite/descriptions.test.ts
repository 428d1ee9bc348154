import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { createCaller } from '../conformance/stores/caller.ts'
import { runMaintenance } from '../conformance/stores/maintenance.ts'
import { ann, second } from '../conformance/stores/store.ts'
import { openMigrated, temporaryFile } from './files.ts'

test('keeps a description until it is cleared, or its task is erased or purged', async () => {
  await using file = await temporaryFile()
  await using store = await openMigrated(file.path)
  const tasks = createCaller(store.repository, ann)
  using database = new Database(file.path)
  const kept = () => database.query('select description from descriptions order by id').values()

  for (const n of [1, 2, 3, 4]) await tasks.add(n, { description: `description ${n}` })
  expect(kept()).toHaveLength(4)
  await tasks.patch(1, { description: null })
  await tasks.erase(2)
  await tasks.remove(3, second(10))
  await tasks.patch(4, { description: 'changed' })
  expect(kept()).toStrictEqual([['description 3'], ['changed']])
  await runMaintenance(store.maintenance, { deleted: second(11) })
  expect(kept()).toStrictEqual([['changed']])
  await tasks.patch(4, { completed: true })
  expect(await tasks.numbers({ search: ['changed', 'task'] })).toStrictEqual([4])
})
