import { describe, expect, test } from 'bun:test'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SQL } from 'bun'
import postgres from 'postgres'
import { exportItems, importItems } from '../../app/archive.ts'
import { run } from '../../app/command-line.ts'
import type { TaskArchive } from '../../core/ports.ts'
import type { Task } from '../../core/task.ts'
import {
  idNumber,
  listId,
  listNumber,
  ownerNamed,
  second,
  taskNumber,
} from '../conformance/stores/store.ts'
import { createPythonTable } from '../postgres/python-table.ts'
import { migrationLines } from '../support/migrations.ts'
import { createDatabase } from '../support/postgres.ts'
import { directoryPerTest } from '../support/process.ts'

const directory = directoryPerTest()

async function taskport(
  args: string[],
  url: string = sqlite('tasks'),
  input: Iterable<string | Uint8Array> = [],
) {
  const printed = { out: '', error: '' }
  const exitCode = await run(args, {
    variables: { DATABASE_URL: url },
    addEnvFile() {},
    isTerminal: false,
    print: (text) => {
      printed.out += text
    },
    write: async (text) => {
      printed.out += text
    },
    async *input() {
      for (const chunk of input) yield Buffer.from(chunk)
    },
    printError: (text) => {
      printed.error += text
    },
    onStopSignal() {},
  })
  return { exitCode, ...printed }
}

function sqlite(name: string): string {
  return `sqlite:${join(directory.path, name)}.db`
}

function lineOf(n: number, fields: Record<string, unknown> = {}): string {
  return `${JSON.stringify({ user_id: 'ann', ...taskNumber(n), ...fields })}\n`
}

function listLine(n: number, fields: Record<string, unknown> = {}): string {
  return `${JSON.stringify({ type: 'list', user_id: 'ann', ...listNumber(n), ...fields })}\n`
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, n) => lineOf(n)).join('')
}

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

describe('import', () => {
  test('creates the schema and reports the migrations', async () => {
    const { exitCode, out, error } = await taskport(['import'], sqlite('tasks'), [lines(3)])
    expect({ exitCode, out }).toStrictEqual({ exitCode: 0, out: '' })
    expect(error).toBe(`${migrationLines('applied')}imported 3 tasks and lists, already there 0\n`)
  })

  test('skips tasks that were imported before', async () => {
    await taskport(['import'], sqlite('tasks'), [lines(1234)])
    const before = (await taskport(['export'])).out
    const again = await taskport(['import'], sqlite('tasks'), [lines(1234)])
    expect(again.error).toBe('imported 0 tasks and lists, already there 1234\n')
    expect((await taskport(['export'])).out).toBe(before)
    const longer = await taskport(['import'], sqlite('tasks'), [lines(2000)])
    expect(longer.error).toBe('imported 766 tasks and lists, already there 1234\n')
    expect((await taskport(['export'])).out).toBe(lines(2000))
  })

  test.each([1, 2, 3, 7, 1000])('accepts input in chunks of %d bytes', async (size) => {
    const bytes = Buffer.from(lines(3) + lineOf(3, { text: 'é😀' }).trimEnd())
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
      bytes.subarray(n * size, (n + 1) * size),
    )
    const { error } = await taskport(['import'], sqlite('tasks'), pieces)
    expect(error).toEndWith('imported 4 tasks and lists, already there 0\n')
    expect((await taskport(['export'])).out).toBe(lines(3) + lineOf(3, { text: 'é😀' }))
  })

  test('accepts CRLF, empty lines, a byte order mark and any order of members', async () => {
    const { id, ...others } = taskNumber(0)
    const shuffled = JSON.stringify({ ...others, id, user_id: 'ann' })
    const input = `\ufeff${shuffled}\r\n\r\n\n  \n${lineOf(1)}\n`
    const { error } = await taskport(['import'], sqlite('tasks'), [input])
    expect(error).toEndWith('imported 2 tasks and lists, already there 0\n')
    expect((await taskport(['export'])).out).toBe(lines(2))
  })

  test.each(['without order and version', 'with them'])(
    'takes files of older versions %s',
    async (which) => {
      const { id, text, completed, created_at, updated_at, completed_at, ...others } = taskNumber(1)
      const { order, version } = others
      const old = { user_id: 'ann', id, text, completed, created_at, updated_at, completed_at }
      const line = JSON.stringify(which === 'with them' ? { ...old, order, version } : old)
      const { error } = await taskport(['import'], sqlite('tasks'), [line])
      expect(error).toEndWith('imported 1 tasks and lists, already there 0\n')
      expect((await taskport(['export'])).out).toBe(lineOf(1))
    },
  )

  test('takes the longest valid task with every character escaped', async () => {
    const text = '\u{10ffff}'
    const task = taskNumber(1, {
      text: text.repeat(500),
      description: text.repeat(10_000),
      tags: Array.from({ length: 20 }, (_, n) => `${text.repeat(48)}${n + 10}`),
    })
    const line = JSON.stringify({ user_id: text.repeat(255), ...task })
    const escaped = line.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`)
    const { error } = await taskport(['import'], sqlite('tasks'), [escaped])
    expect(error).toEndWith('imported 1 tasks and lists, already there 0\n')
    expect((await taskport(['export'])).out).toBe(`${line}\n`)
  })

  test('keeps its memory small when tasks are long: a batch then has fewer', async () => {
    const sizes: number[] = []
    const archive: TaskArchive = {
      read: async () => [],
      add: async (items) => sizes.push(items.length),
    }
    async function* input() {
      for (let n = 0; n < 500; n++)
        yield Buffer.from(lineOf(n, { description: 'x'.repeat(10_000) }))
    }
    await importItems(archive, input(), () => {})
    expect(sizes.length).toBe(3)
    expect(sizes.reduce((sum, size) => sum + size)).toBe(500)
  })

  test.each<[string, string, string]>([
    [
      'a rule that is not valid',
      lineOf(900, { due: '2026-01-31', recurrence: { rule: 'FREQ=HOURLY', from: 'due' } }),
      'recurrence: FREQ must be',
    ],
    [
      'a time zone without a due',
      lineOf(900, { time_zone: 'Europe/Berlin' }),
      'time_zone: needs a due',
    ],
  ])('names the lines of a batch with %s, and imports nothing of it', async (_, line, problem) => {
    const input = [lines(500), '\n', line, lineOf(901)]
    const { exitCode, error } = await taskport(['import'], sqlite('tasks'), input)
    expect(exitCode).toBe(1)
    expect(error).toContain(`\nlines 501 to 504: task ${idNumber(900)}: ${problem}`)
    expect(error).toContain(
      'imported 500 tasks and lists, already there 0; then the import stopped.',
    )
    expect((await taskport(['export'])).out).toBe(lines(500))
  })

  test('imports nothing from empty input, and exports nothing', async () => {
    const { exitCode, error } = await taskport(['import'])
    expect(exitCode).toBe(0)
    expect(error).toEndWith('imported 0 tasks and lists, already there 0\n')
    expect(await taskport(['export'])).toStrictEqual({
      exitCode: 0,
      out: '',
      error: 'exported 0 tasks and lists; API tokens are not exported\n',
    })
  })

  test.each<[string, string | Uint8Array, string]>([
    ['text that is not JSON', '{"user_id":"ann",\n', 'is not valid JSON'],
    ['a truncated line', lineOf(9).slice(0, -20), 'is not valid JSON'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22, 0x0a]), 'is not valid UTF-8'],
    ['an array', '[]\n', 'task: must be a JSON object'],
    ['null', 'null\n', 'task: must be a JSON object'],
    ['a missing owner', lineOf(9, { user_id: undefined }), 'user_id: is required'],
    ['an owner with U+0000', lineOf(9, { user_id: 'a\u0000' }), 'user_id: must be 1 to 255'],
    [
      'an owner with a lone surrogate',
      lineOf(9, { user_id: '\ud800' }),
      'user_id: must be 1 to 255',
    ],
    ['a missing id', lineOf(9, { id: undefined }), 'id: is required'],
    [
      'an upper-case id',
      lineOf(9, { id: Bun.randomUUIDv7().toUpperCase() }),
      'id: must be a UUID in lower',
    ],
    ['an id that is not a UUID', lineOf(9, { id: '1' }), 'id: must be a UUID in lower case'],
    ['an empty text', lineOf(9, { text: ' ' }), 'text: must be 1 to 500 characters'],
    [
      'a text that is too long',
      lineOf(9, { text: 'a'.repeat(501) }),
      'text: must be 1 to 500 characters',
    ],
    ['U+0000 in the text', lineOf(9, { text: 'a\u0000' }), 'text: must be 1 to 500 characters'],
    [
      'a string for a boolean',
      lineOf(9, { completed: 'true' }),
      'completed: must be true or false',
    ],
    [
      'a time without a time zone',
      lineOf(9, { created_at: '2026-01-31T00:00:00.000' }),
      'created_at: must be a time such as',
    ],
    [
      'a time zone other than UTC',
      lineOf(9, { created_at: '2026-01-31T00:00:00.000+01:00' }),
      'created_at: must be a time such as',
    ],
    [
      'microseconds',
      lineOf(9, { updated_at: '2026-01-31T00:00:00.000000Z' }),
      'updated_at: must be a time such as',
    ],
    [
      'a day that does not exist',
      lineOf(9, { created_at: '2026-02-30T00:00:00.000Z' }),
      'created_at: must be a time such as',
    ],
    [
      'a leap second',
      lineOf(9, { created_at: '2016-12-31T23:59:60.000Z' }),
      'created_at: must be a time such as',
    ],
    [
      'the year 0',
      lineOf(9, { created_at: '0000-01-01T00:00:00.000Z' }),
      'created_at: must be a time such as',
    ],
    [
      'an empty completion time',
      lineOf(9, { completed_at: '' }),
      'completed_at: must be null, or a time such as',
    ],
    ['an unknown type', lineOf(9, { type: 'task' }), 'type: is not known here'],
    ['a list without a name', listLine(9, { name: ' ' }), 'name: must be 1 to 100 characters'],
    ['a list with an unknown member', listLine(9, { colour: 'red' }), 'colour: is not known here'],
    ['a due that is not a day', lineOf(9, { due: 'tomorrow' }), 'due: must be a day such as'],
    ['an unknown priority', lineOf(9, { priority: 'urgent' }), 'priority: must be one of none,'],
    ['an unknown member', lineOf(9, { colour: 'red' }), 'colour: is not known here'],
    ['two invalid members', lineOf(9, { text: '', completed: 1 }), 'text: must be 1 to 500'],
    ['an oversized line without a line end', 'x'.repeat(270_000), 'is longer than 262144 bytes'],
    ['an oversized line', `${' '.repeat(262_144)}{}\n`, 'is longer than 262144 bytes'],
  ])('stops at %s and imports nothing of that batch', async (_, line, problem) => {
    const good = lines(1002)
    const input = [good, line, lineOf(5000)]
    const { exitCode, out, error } = await taskport(['import'], sqlite('tasks'), input)
    expect({ exitCode, out }).toStrictEqual({ exitCode: 1, out: '' })
    expect(error).toContain(`\nline 1003: ${problem}`)
    expect(error).toContain(
      '\nimported 1000 tasks and lists, already there 0; then the import stopped.',
    )
    expect(error).not.toContain('    at ')
    expect((await taskport(['export'])).out).toBe(lines(1000))
  })

  test('stores the most extreme valid tasks on PostgreSQL', async () => {
    const database = await createDatabase()
    const extremes = [
      lineOf(0, { created_at: '0001-01-01T00:00:00.000Z', updated_at: '9999-12-31T23:59:59.999Z' }),
      lineOf(1, { text: '\u{10ffff}'.repeat(500), user_id: '\u{10ffff}'.repeat(255) }),
      lineOf(2, { id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }),
      lineOf(3, { id: '00000000-0000-0000-0000-000000000000' }),
    ]
    const { error } = await taskport(['import'], database.url, extremes)
    expect(error).toEndWith('imported 4 tasks and lists, already there 0\n')
    const exported = (await taskport(['export'], database.url)).out.split(/(?<=\n)/)
    expect(exported.toSorted()).toStrictEqual(extremes.toSorted())
    await database.drop()
  })

  test('refuses --user', async () => {
    const { exitCode, error } = await taskport(['import', '--user', 'ann'])
    expect(exitCode).toBe(1)
    expect(error).toBe(
      'import takes no --user: each line of the input names its user, for example `taskport import < tasks.ndjson`\n',
    )
    expect(await readdir(directory.path)).toStrictEqual([])
  })
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
