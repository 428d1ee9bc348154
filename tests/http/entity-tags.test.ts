import { expect, test } from 'bun:test'
import { readIfMatch, versionTag } from '../../adapters/http/middleware/entity-tags.ts'
import type { ExpectedVersions } from '../../core/requests.ts'

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

test.each<[string, ExpectedVersions]>([
  ['*', 'any'],
  [' * ', 'any'],
  ['"v1"', [1]],
  ['"v1", "v2"', [1, 2]],
  ['"v1","v22" ,\t"v3"', [1, 22, 3]],
  [' "v1" ', [1]],
  ['W/"v1"', []],
  ['W/"v1", "v2"', [2]],
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
