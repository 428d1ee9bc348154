import { describe, expect, test } from 'bun:test'
import type { Client } from '../client.ts'
import { createUser, TEXT } from './user.ts'

const EMOJI = '👍'
const LONE = '\ud800'

const DESCRIPTION =
  'description: must be up to 10000 characters (Unicode code points), with neither U+0000 nor a lone surrogate'
const PRIORITY = 'priority: must be one of none, low, medium, high'
const TAGS =
  'tags: must be an array of up to 20 tags, each 1 to 50 characters without control characters or white space at the ends, no two alike'
const LIST_ID = 'list_id: must be the id of one of your lists'
const PARENT_ID = 'parent_id: must be the id of another of your tasks'

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `tag ${n}`)

const ACCEPTED: readonly [string, object][] = [
  ['a description of 10000 characters', { description: 'x'.repeat(10_000) }],
  ['a description of 10000 emoji', { description: EMOJI.repeat(10_000) }],
  ['a description of white space', { description: ' \n' }],
  ['a description with control characters', { description: 'a\u0001\u001f\u007f\u0085b' }],
  ['a description that is not normalized', { description: 'e\u0301 \u212b \ufb01' }],
  ...['none', 'low', 'medium', 'high'].map((priority): [string, object] => [
    `the priority ${priority}`,
    { priority },
  ]),
  ['20 tags', { tags: numbered(20) }],
  ['tags of 50 emoji and of one character', { tags: [EMOJI.repeat(50), 'x'] }],
  ['tags with white space and punctuation inside', { tags: ['at home', '#a, b; "c"', '\u200b'] }],
  ['tags in an order of their own', { tags: ['b', 'C', 'a', 'É', 'e\u0301\u0301'] }],
  ['tags that differ in accents', { tags: ['e', 'é', 'è'] }],
  ['tags that differ in the dot of an i', { tags: ['ısı', 'isi', 'İsi'] }],
  ['tags that differ in width', { tags: ['a', 'ａ'] }],
]

// `toString` of a tag must not be used: a list with one tag looks like the tag.
const REFUSED: readonly [string, object, string][] = [
  ['a description of 10001 characters', { description: 'x'.repeat(10_001) }, DESCRIPTION],
  ['a description of 10001 emoji', { description: EMOJI.repeat(10_001) }, DESCRIPTION],
  ['a description with U+0000', { description: 'a\u0000' }, DESCRIPTION],
  ['a description with a lone high surrogate', { description: `${LONE}a` }, DESCRIPTION],
  ['a description with a lone low surrogate', { description: 'a\udc00' }, DESCRIPTION],
  ...[1, true, [], {}].map((description): [string, object, string] => [
    `the description ${JSON.stringify(description)}`,
    { description },
    DESCRIPTION,
  ]),
  ...['', 'High', 'urgent', 3, true, ['high'], {}].map((priority): [string, object, string] => [
    `the priority ${JSON.stringify(priority)}`,
    { priority },
    PRIORITY,
  ]),
  ['21 tags', { tags: numbered(21) }, TAGS],
  ...[
    '',
    ' a',
    'a ',
    '\u00a0a',
    'a\u3000',
    'a\u2028',
    'a\tb',
    'a\nb',
    'a\u0000',
    'a\u007f',
    'a\u0085b',
    LONE,
    `a${LONE}b`,
    '\udc00',
    'x'.repeat(51),
    EMOJI.repeat(51),
    1,
    null,
    ['a'],
  ].map((tag): [string, object, string] => [
    `the tag ${JSON.stringify(tag).slice(0, 20)}`,
    { tags: ['ok', tag] },
    TAGS,
  ]),
  ...[1, {}, { 0: 'a' }].map((tags): [string, object, string] => [
    `the tags ${JSON.stringify(tags)}`,
    { tags },
    TAGS,
  ]),
  ['tags in a string', { tags: 'a' }, TAGS],
  ...(
    [
      ['a', 'a'],
      ['Work', 'wORK'],
      ['é', 'E\u0301'],
      ['\u212b', '\u00e5'],
      ['straße', 'STRASSE'],
      ['STRAẞE', 'strasse'],
      ['İstanbul', 'i\u0307stanbul'],
      ['Σίσυφος', 'ΣΊΣΥΦΟΣ'],
      ['ς', 'σ'],
      ['ıΣ', 'ıς'],
      ['ﬁ', 'FI'],
      ['ŉ', 'ʼN'],
      ['ǆ', 'ǅ'],
      ['\u1e9e', 'ss'],
      ['\u03b1\u0345', '\u1fbc'],
      ['Ж', 'ж'],
      // The same letter, whose marks change places when it is normalized.
      ['\u03b1\u0345\u0301', '\u1fb4'],
    ] as const
  ).map((tags): [string, object, string] => [
    `the tags ${tags.join(' and ')}, which are alike`,
    { tags: ['other', ...tags] },
    TAGS,
  ]),
  ...['', 'x', 1, true, [], {}].flatMap((id): [string, object, string][] => [
    [`the list ${JSON.stringify(id)}`, { list_id: id }, LIST_ID],
    [`the parent ${JSON.stringify(id)}`, { parent_id: id }, PARENT_ID],
  ]),
]

/** Limits of the members of a task, at their edges, and the sentence for each that is wrong. */
export function describeLimits(client: Client): void {
  describe('limits of a task', () => {
    test.each(ACCEPTED)('POST, PATCH and PUT take %s', async (_, members) => {
      const user = await createUser(client)
      const task = await user.create(members)
      expect(task).toMatchObject(members)
      const other = await user.create()
      expect(await user.patch(other.id, members)).toMatchObject(members)
      const third = await user.create()
      const whole = { text: 'x', completed: false, ...members }
      expect(await user.put(third.id, whole)).toMatchObject(members)
      expect(await user.get(task.id)).toStrictEqual(task)
    })

    test.each(REFUSED)('POST, PATCH and PUT refuse %s', async (_, members, problem) => {
      const user = await createUser(client)
      const { id } = await user.create()
      const whole = { text: 'x', completed: false, ...members }
      for (const [method, path, body] of [
        ['POST', '/tasks', { text: 'x', ...members }],
        ['PATCH', `/tasks/${id}`, members],
        ['PUT', `/tasks/${id}`, whole],
      ] as const)
        expect(await user.problems(method, path, body)).toStrictEqual([problem])
      for (const [op, body] of [
        ['create', whole],
        ['patch', members],
      ] as const) {
        const [result] = await user.batch([{ op, id, body }])
        expect(result).toMatchObject({ status: 422, error: { details: [problem] } })
      }
      expect((await user.tasks()).tasks).toMatchObject([{ id, version: 1 }])
    })

    test('texts keep their limit and its sentence', async () => {
      const user = await createUser(client)
      await user.create({ text: EMOJI.repeat(500) })
      for (const text of [EMOJI.repeat(501), '', ' \u3000', 'a\u0000', LONE])
        expect(await user.problems('POST', '/tasks', { text })).toStrictEqual([`text: ${TEXT}`])
    })

    test('a spelling of a tag can be changed to another that is alike', async () => {
      const user = await createUser(client)
      const { id } = await user.create({ tags: ['Work', 'b'] })
      expect(await user.patch(id, { tags: ['work', 'b'] })).toMatchObject({
        tags: ['work', 'b'],
        version: 2,
      })
      expect(await user.patch(id, { tags: ['b', 'work'] })).toMatchObject({
        tags: ['b', 'work'],
        version: 3,
      })
    })

    test('a batch of 100 texts of 500 characters of four bytes fits into a request', async () => {
      const user = await createUser(client)
      const operation = { op: 'create', body: { text: EMOJI.repeat(500) } }
      const results = await user.batch(Array(100).fill(operation), true)
      expect(new Set(results.map(({ status }) => status))).toStrictEqual(new Set([201]))
    })
  })
}
