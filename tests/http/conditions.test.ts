import { expect, test } from 'bun:test'
import { matches, readIfMatch } from '../../adapters/http/middleware/entity-tags.ts'
import { compose } from '../../app/compose.ts'
import { bearer, testConfig } from '../support/config.ts'

const MEGABYTE = 1_000_000

// What takes the square of a megabyte in steps does not end.
test.each(['"v9",', '"v9"', '"v9" ,', '"",', ',', ' ', ' ,', 'W/"', '"', 'W/', '"v1", x'])(
  'a megabyte of %j is read in the time of a long text',
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

test('for a 304 of the list the store is asked for its revision alone', async () => {
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
