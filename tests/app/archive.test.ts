import { describe, expect, test } from 'bun:test'
import { SQL } from 'bun'
import postgres from 'postgres'
import { exportItems } from '../../app/archive.ts'
import type { TaskArchive } from '../../core/ports.ts'
import type { Task } from '../../core/task.ts'
import { idNumber, listId, ownerNamed, second, taskNumber } from '../conformance/stores/store.ts'
import { createPythonTable } from '../postgres/python-table.ts'
import { createDatabase } from '../support/postgres.ts'
import { directoryPerTest } from '../support/process.ts'
import { createArchiveCommand, lineOf, lines, listLine } from './archive-command.ts'

const directory = directoryPerTest()
const { sqlite, taskport } = createArchiveCommand(directory)

describe('moving tasks between stores', () => {
  test('preserves every byte when tasks move from SQLite to PostgreSQL and back', async () => {
    const database = await createDatabase()
    const owners = ['ann', 'Ann', 'zoë', '😀'.repeat(255)].map(ownerNamed).toSorted()
    const tasks = owners.flatMap((user_id, index) =>
      Array.from({ length: 700 }, (_, n) => ({
        user_id,
        ...taskNumber(n, {
          text: `${'😀 "\\\n\u0001\u2028'.repeat(1 + (n % 50))}${n}`,
          completed: n % 2 === 0,
          completed_at: n % 4 === 0 ? `2026-02-28T23:59:59.${100 + n}Z` : null,
          created_at: `202${index}-01-31T09:30:00.${100 + (n % 10)}Z`,
        }),
      })),
    )
    const file = tasks.map((task) => `${JSON.stringify(task)}\n`).join('')

    expect(await taskport(['import'], sqlite('first'), [file])).toMatchObject({ exitCode: 0 })
    const first = await taskport(['export'], sqlite('first'))
    expect(await taskport(['import'], database.url, [first.out])).toMatchObject({ exitCode: 0 })
    const second = await taskport(['export'], database.url)
    expect(await taskport(['import'], sqlite('last'), [second.out])).toMatchObject({ exitCode: 0 })
    const last = await taskport(['export'], sqlite('last'))

    expect(first.error).toBe('exported 2800 tasks and lists; API tokens are not exported\n')
    expect(first.out.split('\n').toSorted()).toStrictEqual(file.split('\n').toSorted())
    expect(second.out.length).toBe(first.out.length)
    expect(last.out).toBe(first.out)
    const ofOneUser = await taskport(['export', '--user', 'zoë'], database.url)
    expect(ofOneUser.out).toBe(
      file
        .split(/(?<=\n)/)
        .filter((line) => line.includes('zoë'))
        .join(''),
    )
    await database.drop()
  }, 30_000)

  test('preserves lists, subtasks, the trash and every member of a task', async () => {
    const database = await createDatabase()
    const list = listId(1)
    const recurrence = { rule: 'FREQ=WEEKLY;BYDAY=MO', from: 'completion' } as const
    const whole: Partial<Task> = {
      description: 'Oats 😀\n"and" \\ milk',
      due: '2026-02-02T09:30',
      time_zone: 'Europe/Berlin',
      priority: 'high',
      tags: ['Home', 'straße'],
      recurrence,
    }
    const trashed = { deleted_at: second(50), updated_at: second(50) }
    const file = [
      listLine(1, { name: 'Größe "1"', color: '#1E90ff', order: -7, version: 3 }),
      listLine(2),
      lineOf(1, { ...whole, list_id: list }),
      lineOf(2, { description: 'only this' }),
      lineOf(3, { tags: ['only this'] }),
      lineOf(4, {
        completed: true,
        completed_at: second(9),
        due: '2026-02-02',
        successor_id: idNumber(9),
        undo: { recurrence, copies: [idNumber(7)] },
      }),
      lineOf(5, { list_id: listId(3), ...trashed }),
      lineOf(6, { ...whole, list_id: list, parent_id: idNumber(1) }),
      lineOf(8, { parent_id: idNumber(5), ...trashed, deleted_with_parent: true }),
    ].join('')
    let input = file
    for (const url of [sqlite('first'), database.url, sqlite('last')]) {
      const { error } = await taskport(['import'], url, [input])
      expect(error).toEndWith('imported 9 tasks and lists, already there 0\n')
      input = (await taskport(['export'], url)).out
      expect(input).toBe(file)
    }
    await database.drop()
  })

  test("exports the Python service's rows with times truncated to milliseconds", async () => {
    const database = await createDatabase()
    const sql = postgres(database.url, { max: 1 })
    await createPythonTable(sql, {
      name: 'times without zone',
      timeType: 'timestamp',
      indexes: true,
      defaults: true,
    })
    await sql.end()
    const refused = await taskport(['export'], database.url)
    expect(refused).toMatchObject({ exitCode: 1, out: '' })
    expect(refused.error).toBe(
      'The database has pending migrations. Run `taskport migrate` first.\n',
    )
    await taskport(['migrate'], database.url)

    const exported = await taskport(['export'], database.url)
    expect(exported.error).toBe('exported 10000 tasks and lists; API tokens are not exported\n')
    expect(exported.out).toContain('"2024-02-29T23:59:59.000Z"')
    const imported = await taskport(['import'], sqlite('tasks'), [exported.out])
    expect(imported.error).toEndWith('imported 10000 tasks and lists, already there 0\n')
    expect((await taskport(['export'])).out.length).toBe(exported.out.length)

    // Importing did not change the original rows, which have microseconds.
    const again = await taskport(['import'], database.url, [exported.out])
    expect(again.error).toBe('imported 0 tasks and lists, already there 10000\n')
    await using check = new SQL(database.url, { max: 1 })
    const [row] = await check`
      select count(*)::int as count from tasks where extract(microseconds from created_at)::int % 1000 <> 0`
    expect(row.count).toBeGreaterThan(9000)
    await database.drop()
  }, 30_000)
})

describe('export', () => {
  test('reads the next page only after the previous one is written', async () => {
    const calls: string[] = []
    const archive: TaskArchive = {
      async read(section, _, after) {
        calls.push(`read ${section}`)
        return section !== 'tasks' || after?.id === idNumber(3)
          ? []
          : [{ user_id: ownerNamed('ann'), ...taskNumber(3) }]
      },
      add: async () => 0,
    }
    const written = Promise.withResolvers<void>()
    const done = exportItems(
      archive,
      null,
      () => {
        calls.push('write')
        return written.promise
      },
      (count) => calls.push(`${count}`),
    )
    // An export that does not wait for the write would read on now.
    await Bun.sleep(0)
    expect(calls).toStrictEqual(['read lists', 'read tasks', 'write'])
    written.resolve()
    await done
    expect(calls.slice(3)).toStrictEqual(['1', 'read tasks', 'read subtasks'])
  })

  test('refuses a store without a schema and creates none', async () => {
    expect(await taskport(['export'])).toStrictEqual({
      exitCode: 1,
      out: '',
      error: 'The database has pending migrations. Run `taskport migrate` first.\n',
    })
    expect((await taskport(['migrate', '--status'])).out).toStartWith('pending')
  })

  test.each(['', 'a\u0007', 'x'.repeat(256)])('refuses the invalid user %j', async (name) => {
    const { exitCode, error } = await taskport(['export', '--user', name])
    expect(exitCode).toBe(1)
    expect(error).toContain('--user')
  })

  test('prints nothing for a user without tasks', async () => {
    await taskport(['import'], sqlite('tasks'), [lines(3)])
    const { exitCode, out } = await taskport(['export', '--user', 'Ann'])
    expect({ exitCode, out }).toStrictEqual({ exitCode: 0, out: '' })
  })
})

test.each(['export', 'import'])('%s refuses the memory store', async (command) => {
  const { exitCode, error } = await taskport([command], 'memory:')
  expect(exitCode).toBe(1)
  expect(error).toStartWith('DATABASE_URL=memory: has nothing to export')
})
