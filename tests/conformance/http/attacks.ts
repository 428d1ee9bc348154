import { describe, expect, test } from 'bun:test'
import { cursorAt } from '../../../adapters/http/tasks/list-request.ts'
import { readList, readTask } from '../../http/answers.ts'
import { type Client, JSON_TYPE, UNKNOWN } from './client.ts'

/** Malicious requests: each gets its documented response, and none causes an unexpected error. */
export function describeAttacks({
  ann,
  send,
  sendJson,
  create,
  newUser,
  expectError,
}: Client): void {
  describe('a forged cursor with a valid digest', () => {
    const KEY = '2026-01-31T09:30:00.000Z'
    test.each<[sort: string | undefined, key: string, id: string]>([
      [undefined, '', UNKNOWN],
      [undefined, '7', UNKNOWN],
      [undefined, '0000-01-01T00:00:00.000Z', UNKNOWN],
      [undefined, '2026-02-30T00:00:00.000Z', UNKNOWN],
      [undefined, '2026-01-31T24:00:00.000Z', UNKNOWN],
      [undefined, '2026-01-31T23:59:60.000Z', UNKNOWN],
      [undefined, '2026-01-31T09:30:00Z', UNKNOWN],
      [undefined, '2026-01-31T09:30:00.0000000Z', UNKNOWN],
      [undefined, `${KEY}'; drop table tasks; --`, UNKNOWN],
      [undefined, KEY, ''],
      [undefined, KEY, UNKNOWN.toUpperCase()],
      [undefined, KEY, UNKNOWN.replaceAll('-', '_')],
      ['order', KEY, UNKNOWN],
      ['order', '2147483648', UNKNOWN],
      ['order', '-2147483649', UNKNOWN],
      ['order', '1.5', UNKNOWN],
      ['order', '0x1', UNKNOWN],
    ])('is refused when the position is impossible: sort=%s, %s, %s', async (sort, key, id) => {
      const cursor = cursorAt(sort === undefined ? {} : { sort }, { key, id })
      const query = sort === undefined ? '' : `sort=${sort}&`
      for (const condition of [{}, { 'if-none-match': '*' }]) {
        const headers = { ...ann, ...condition }
        const response = await send('GET', `/tasks?${query}cursor=${cursor}`, headers)
        const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
        expect(details).toHaveLength(1)
        expect(details[0]).toStartWith('cursor: ')
      }
    })

    test.each([
      ['order', '-2147483648'],
      ['order', '2147483647'],
      ['order', '-0'],
      ['created_at', '0001-01-01T00:00:00.000Z'],
      ['-updated_at', '9999-12-31T23:59:59.999999Z'],
      ['-created_at', '2024-02-29T23:59:59.000001Z'],
    ])(
      'only sets where the page starts when the position is possible: %s, %s',
      async (sort, key) => {
        const cursor = cursorAt({ sort }, { key, id: UNKNOWN })
        const headers = await newUser()
        const response = await send('GET', `/tasks?sort=${sort}&cursor=${cursor}`, headers)
        expect(await readList(response)).toStrictEqual({ tasks: [], count: 0, next_cursor: null })
      },
    )
  })

  describe('a long list of entity tags', () => {
    const fill = (text: string) => text.repeat(Math.ceil(8000 / text.length)).slice(0, 8000)
    const LISTS = [fill('"v9",'), fill('"",'), fill(','), fill(' '), fill(', '), fill('W/"v1",')]
    const UNCLOSED = [
      fill('"v1"'),
      fill('"v1" '),
      fill('"v1",  x'),
      fill('W/'),
      fill('"'),
      fill('!'),
    ]

    test.each([...LISTS, ...UNCLOSED])('gets a response and changes nothing: %#', async (list) => {
      const { id } = await create('x')
      const endings = ['', ' "v1"', 'x', '"']
      for (const ending of endings) {
        const tags = `${list}${ending}`
        const read = await send('GET', `/tasks/${id}`, { ...ann, 'if-none-match': tags })
        expect([200, 304]).toContain(read.status)
        const body = { text: 'x' }
        const written = await sendJson('PATCH', `/tasks/${id}`, body, { 'if-match': tags })
        expect([200, 412, 422]).toContain(written.status)
      }
      const { version } = await readTask(await send('GET', `/tasks/${id}`, ann))
      expect(version).toBe(1)
    })

    test('matches by the last of thousands of tags', async () => {
      const { id } = await create('x')
      const tags = `${'"v9", '.repeat(1300)}"v1"`
      const read = await send('GET', `/tasks/${id}`, { ...ann, 'if-none-match': tags })
      expect(read.status).toBe(304)
      const patch = await sendJson('PATCH', `/tasks/${id}`, {}, { 'if-match': tags })
      expect(patch.status).toBe(200)
    })
  })

  const find = async (q: string, headers: object) =>
    (await readList(await send('GET', `/tasks?q=${encodeURIComponent(q)}`, headers))).tasks

  test.each([
    ['accents without a letter', '\u0301\u0308'],
    ['variation selectors', '\ufe0f\u200d'],
    ['private use', '\ue000\u{10fffd}'],
    ['nothing but U+0000', '\0\0'],
  ])('a search for %s finds nothing', async (_, q) => {
    const headers = await newUser()
    for (const text of ['zzz', `z${q.replaceAll('\0', ' ')}`]) await create(text, headers)
    expect(await find(q, headers)).toStrictEqual([])
  })

  test.each([
    ['U+0000 between letters', 'a\0b'],
    ['one character that stands for eighteen', '\ufdfa'.repeat(500)],
    ['a letter under hundreds of marks', `a${'\u0301'.repeat(499)}`],
    ['letters that are longer in upper case', 'ŉﬃß'.repeat(166)],
    ['the dotless and the dotted i', 'ıİiI'],
    ['a family of emoji', '👨‍👩‍👧‍👦'.repeat(50)],
    ['right to left, with overrides', '\u202eאבג\u202c مهمة'],
    ['wildcards of SQL', 'a%_[]*?\\'],
    ['quotes of SQL', `a'"; drop table tasks; --`],
    ['operators of search engines', 'a & b | !c <-> d:* NEAR(e) "f" -g'],
    ['the highest letter', '𱍊'],
  ])('a search for %s finds a task with this text', async (_, q) => {
    const headers = await newUser()
    const task = await create(q.replaceAll('\0', ' '), headers)
    await create('zzz', headers)
    expect(await find(q, headers)).toStrictEqual([task])
  })

  describe('bodies', () => {
    const DEPTH = 15_000
    const deep = `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`

    test.each([
      ['/tasks', `{"text":"x","more":${deep}}`, 201],
      ['/tasks', deep, 422],
      ['/tasks', `{"text":${deep}}`, 422],
      ['/tasks/batch', `{"atomic":true,"operations":${deep}}`, 422],
      ['/tasks/batch', `{"atomic":false,"operations":[{"op":"create","body":${deep}}]}`, 200],
      [`/tasks/${UNKNOWN}/move`, `{"to":${deep}}`, 422],
    ])('are read when they are deeply nested: %s %.40s…', async (path, body, status) => {
      for (const key of [{}, { 'idempotency-key': crypto.randomUUID() }]) {
        const response = await send('POST', path, { ...ann, ...JSON_TYPE, ...key }, body)
        expect(response.status).toBe(status)
      }
    })

    test.each([
      ['/tasks', '{"__proto__":{"text":"x"}}', ['text: is required']],
      [
        '/tasks',
        '{"constructor":{"text":"x"},"toString":1,"text":null}',
        ['text: must be a string'],
      ],
      [`/tasks/${UNKNOWN}/move`, '{"__proto__":{"to":"top"}}', null],
      [`/tasks/${UNKNOWN}/move`, '{"to":"constructor"}', ['to: must be top or bottom']],
      ['/tasks/batch', '{"__proto__":{"atomic":true},"operations":[{}]}', ['atomic: is required']],
      [
        '/tasks/batch',
        '{"atomic":true,"operations":[{"op":"__proto__"}]}',
        [
          'operations[0]: op: must be one of create, patch, delete, restore, move, create_list, patch_list, delete_list, move_list',
        ],
      ],
      [
        '/tasks/batch',
        '{"atomic":true,"operations":[{"__proto__":{"op":"create","body":{"text":"x"}}}]}',
        ['operations[0]: op: is required'],
      ],
    ])('lend no members of Object.prototype: %s %s', async (path, body, problems) => {
      const response = await send('POST', path, { ...ann, ...JSON_TYPE }, body)
      const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
      if (problems) expect(details).toStrictEqual(problems)
      expect(Object(Object.prototype).text).toBeUndefined()
    })

    test('ignores parameters named like members of Object.prototype', async () => {
      const query = '__proto__=1&constructor=1&toString=1&limit.__proto__=1&sort[]=1'
      expect((await send('GET', `/tasks?${query}`, ann)).status).toBe(200)
    })
  })
}
