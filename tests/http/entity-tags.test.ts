import { expect, test } from 'bun:test'
import { matches, readIfMatch, versionTag } from '../../adapters/http/middleware/entity-tags.ts'
import { compose } from '../../app/compose.ts'
import type { ExpectedVersions } from '../../core/requests.ts'
import { bearer, testConfig } from '../support/config.ts'

const MEGABYTE = 1_000_000

test('the tag of a version is strong and is read as that version', () => {
  for (const version of [1, 7, 123_456]) {
    expect(versionTag(version)).toBe(`"v${version}"`)
    expect(readIfMatch(versionTag(version), 'If-Match', [])).toStrictEqual([version])
  }
})

test.each<[string, ExpectedVersions | undefined]>([
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
])(
  'an If-Match of %p expects the versions %p; undefined when it has another form',
  (text, expected) => {
    for (const name of ['If-Match', 'if_match'] as const) {
      const problems: string[] = []
      const versions = readIfMatch(text, name, problems)
      if (expected !== undefined) expect(versions).toStrictEqual(expected)
      const problem = `${name}: must be * or entity tags such as "v7"`
      expect(problems).toStrictEqual(expected === undefined ? [problem] : [])
    }
  },
)

test('without an If-Match the caller expects no version', () => {
  for (const absent of [null, undefined]) expect(readIfMatch(absent, 'If-Match', [])).toBeNull()
})

test('refuses a long text that is not a list of tags', () => {
  for (const text of [`${' '.repeat(50_000)}x`, '"'.repeat(50_001), `${'"v1",'.repeat(20_000)}x`]) {
    const problems: string[] = []
    readIfMatch(text, 'If-Match', problems)
    expect(problems).toHaveLength(1)
  }
})

// Reading in quadratic time would not end.
test.each(['"v9",', '"v9"', '"v9" ,', '"",', ',', ' ', ' ,', 'W/"', '"', 'W/', '"v1", x'])(
  'reads a megabyte of %j in linear time',
  (part) => {
    const list = part.repeat(MEGABYTE / part.length)
    for (const text of [list, `"v1"${list}`, `${list}"v1"`, `"v1",${list}x`]) {
      matches('"v1"', text)
      const versions = readIfMatch(text, 'If-Match', [])
      if (!Array.isArray(versions)) throw new Error('No list was read')
      expect(new Set(versions).isSubsetOf(new Set([1, 9]))).toBe(true)
    }
  },
)

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
