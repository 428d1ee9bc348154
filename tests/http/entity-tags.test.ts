import { expect, test } from 'bun:test'
import {
  matches,
  readIfMatch,
  readPreconditions,
  versionTag,
} from '../../adapters/http/middleware/entity-tags.ts'
import { compose } from '../../app/compose.ts'
import type { ChangeRequest, ExpectedVersions } from '../../core/requests.ts'
import { bearer, testConfig } from '../support/config.ts'

const MEGABYTE = 1_000_000

test('the tag of a version is strong and reads back as that version', () => {
  for (const version of [1, 7, 123_456]) {
    expect(versionTag(version)).toBe(`"v${version}"`)
    expect(readIfMatch(versionTag(version), 'If-Match', [])).toStrictEqual([version])
  }
})

test('readIfMatch expects nothing when there is no text', () => {
  expect(readIfMatch(null, 'If-Match', [])).toBeNull()
  expect(readIfMatch(undefined, 'if_match', [])).toBeNull()
})

test.each<[string, ReturnType<typeof readIfMatch>]>([
  ['*', 'any'],
  [' * ', 'any'],
  ['"v1"', [1]],
  ['"v1", "v2"', [1, 2]],
  ['"v1","v22" ,\t"v3"', [1, 22, 3]],
  [' "v1" ', [1]],
  ['W/"v1"', [1]],
  ['W/"v1", "v2"', [1, 2]],
  ['"v1-gzip"', [1]],
  ['"x", W/"v2-br" , "v3-zstd",W/"v4","v5-deflate"', [2, 3, 4, 5]],
  ['"v1-lzma"', []],
  ['"v1-gzip-gzip"', []],
  ['"v1gzip"', []],
  ['"-gzip"', []],
  ['"v1-GZIP"', []],
  ['"other"', []],
  ['"other", "v3"', [3]],
  ['"v0"', []],
  ['"v01"', []],
  ['"V1"', []],
  ['""', []],
  ['"v999999999999999"', [999_999_999_999_999]],
  ['"v1000000000000000"', []],
  ['"a,b", "v1"', [1]],
])('readIfMatch reads %p as %p', (text, expected) => {
  const problems: string[] = []
  expect(readIfMatch(text, 'If-Match', problems)).toStrictEqual(expected)
  expect(problems).toStrictEqual([])
})

test.each([
  '"v1 "',
  '',
  'v1',
  '1',
  '"v1',
  '"v1" "v2"',
  '*, "v1"',
  '"v1", *',
  'w/"v1"',
  '"\u0000"',
  `${'"v1",'.repeat(20_000)}x`,
])('readIfMatch refuses %p', (text) => {
  for (const name of ['If-Match', 'if_match'] as const) {
    const problems: string[] = []
    readIfMatch(text, name, problems)
    expect(problems).toStrictEqual([`${name}: must be * or entity tags such as "v7"`])
  }
})

test.each<[Record<string, string>, ExpectedVersions, Required<ChangeRequest>['except']]>([
  [{}, null, []],
  [{ 'if-match': '"v1"' }, [1], []],
  [{ 'if-none-match': '*' }, null, 'any'],
  [{ 'if-none-match': ' * ', 'if-match': '"v1"' }, [1], 'any'],
  [{ 'if-none-match': '"v1", W/"v2-gzip"' }, null, [1, 2]],
  [{ 'if-none-match': '"v1"', 'if-match': '*' }, 'any', [1]],
  [{ 'if-none-match': '"v1"', 'if-match': '"v1","v2"' }, [1, 2], [1]],
  [{ 'if-none-match': '"other"', 'if-match': '"v1"' }, [1], []],
  [{ 'if-none-match': 'v1' }, null, []],
])('readPreconditions reads %p as %p except %p', (headers, versions, except) => {
  expect(readPreconditions(new Headers(headers))).toStrictEqual({ versions, except, problems: [] })
})

// Reading in quadratic time would not end.
test.each([
  '"v9",',
  '"v9"',
  'W/"v9-gzip",',
  '-gzip',
  '"-gzip-gzip",',
  '"v9" ,',
  '"",',
  ',',
  ' ',
  ' ,',
  'W/"',
  '"',
  'W/',
  '"v1", x',
])('reads a megabyte of %j in linear time', (part) => {
  const list = part.repeat(MEGABYTE / part.length)
  for (const text of [list, `"v1"${list}`, `${list}"v1"`, `"v1",${list}x`]) {
    matches('"v1"', text)
    const versions = readIfMatch(text, 'If-Match', [])
    if (!Array.isArray(versions)) throw new Error('No list was read')
    expect(new Set(versions).isSubsetOf(new Set([1, 9]))).toBe(true)
  }
})

test('a 304 of the list reads only the revision from the store', async () => {
  const asked: string[] = []
  const { http, close } = await compose(testConfig(), (event) => {
    if (event.type === 'store') asked.push(event.operation)
  })
  const ann = await bearer('ann')
  const get = async (ifNoneMatch: string) =>
    http.handle(
      new Request('http://localhost/tasks?q=milk&limit=5', {
        headers: { ...ann, 'if-none-match': ifNoneMatch },
      }),
    )
  const first = await get('"another"')
  const second = await get(first.headers.get('etag') ?? '')
  expect([first.status, second.status]).toStrictEqual([200, 304])
  expect(asked).toStrictEqual(['revision', 'list', 'revision'])
  await close()
})
