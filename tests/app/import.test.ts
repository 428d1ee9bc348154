import { describe, expect, test } from 'bun:test'
import { readdir } from 'node:fs/promises'
import { importItems } from '../../app/archive.ts'
import type { TaskArchive } from '../../core/ports.ts'
import { idNumber, taskNumber } from '../conformance/stores/store.ts'
import { migrationLines } from '../support/migrations.ts'
import { createDatabase } from '../support/postgres.ts'
import { directoryPerTest } from '../support/process.ts'
import { createArchiveCommand, lineOf, lines, listLine } from './archive-command.ts'

const directory = directoryPerTest()
const { sqlite, taskport } = createArchiveCommand(directory)

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
