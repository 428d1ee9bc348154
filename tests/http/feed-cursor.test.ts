import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { feedCursor, feedPosition } from '../../adapters/http/feed/request.ts'

const position = fc.record({
  epoch: fc.oneof(fc.constant(''), fc.stringMatching(/^[0-9a-f]{8}$/)),
  sequence: fc.oneof(
    fc.constant(-1),
    fc.maxSafeNat().map((number) => number % 1e15),
  ),
  since: fc.maxSafeNat().map((number) => number % 1e15),
  kind: fc.constantFrom('list' as const, 'task' as const),
  id: fc.uuid(),
})

test('a cursor is URL-safe and decodes to its position', () => {
  fc.assert(
    fc.property(position, (one) => {
      const cursor = feedCursor(one)
      expect(cursor).toMatch(/^[A-Za-z0-9_-]{1,160}$/)
      expect(feedPosition(cursor)).toStrictEqual(one)
    }),
  )
})

test('a cursor with one changed character is invalid', () => {
  const letter = fc.constantFrom(...'AZaz09-_')
  fc.assert(
    fc.property(position, fc.nat(), letter, (one, at, other) => {
      const cursor = feedCursor(one)
      const index = at % cursor.length
      const changed = `${cursor.slice(0, index)}${other}${cursor.slice(index + 1)}`
      if (changed !== cursor) expect(feedPosition(changed)).toBeNull()
    }),
    { numRuns: 2000 },
  )
})

test('a cursor from before the feed had lists is one among tasks', () => {
  expect(
    feedPosition(
      'ZXA4TnlETWRDTzI4NWMxZDJlM2YuNDIuMC5mZmZmZmZmZi1mZmZmLWZmZmYtZmZmZi1mZmZmZmZmZmZmZmY',
    ),
  ).toStrictEqual({
    epoch: '5c1d2e3f',
    sequence: 42,
    since: 0,
    kind: 'task',
    id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  })
})

test.each(['', '=', 'x', 'null', 'a'.repeat(100_000), 'bm90IGEgY3Vyc29y', '%00', 'ä'])(
  'text %# is not a cursor',
  (text) => expect(feedPosition(text)).toBeNull(),
)

test('a part of a cursor, or a cursor with something added, is invalid', () => {
  const cursor = feedCursor({
    epoch: '5c1d2e3f',
    sequence: 42,
    since: 7,
    kind: 'task',
    id: crypto.randomUUID(),
  })
  for (let length = 0; length < cursor.length; length++)
    expect(feedPosition(cursor.slice(0, length))).toBeNull()
  for (const text of [`${cursor}=`, `${cursor}A`, ` ${cursor}`, cursor + cursor])
    expect(feedPosition(text)).toBeNull()
})
