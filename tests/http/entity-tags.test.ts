import { expect, test } from 'bun:test'
import { type Versions, versionsIn, versionTag } from '../../core/version.ts'

test('the tag of a version is strong, and is read as that version', () => {
  for (const version of [1, 7, 123_456]) {
    expect(versionTag(version)).toBe(`"v${version}"`)
    expect(versionsIn(versionTag(version))).toStrictEqual([version])
  }
})

test.each<[string, Versions | undefined]>([
  ['*', null],
  [' * ', null],
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
  ['"v1 "', undefined],
  ['""', []],
  ['"v999999999999999"', [999_999_999_999_999]],
  ['"v1000000000000000"', []],
  ['"a,b", "v1"', [1]],
  ['', undefined],
  ['v1', undefined],
  ['1', undefined],
  ['"v1', undefined],
  ['"v1" "v2"', undefined],
  ['*, "v1"', undefined],
  ['"v1", *', undefined],
  ['w/"v1"', undefined],
  ['"\u0000"', undefined],
])('%p → %p', (text, expected) => {
  expect(versionsIn(text)).toStrictEqual(expected)
})

test('a long text that is no list is refused as fast as it is read', () => {
  for (const text of ['"v1",'.repeat(20_000), `${' '.repeat(50_000)}x`, '"'.repeat(50_001)])
    versionsIn(text)
  expect(versionsIn(`${'"v1",'.repeat(20_000)}x`)).toBeUndefined()
})
