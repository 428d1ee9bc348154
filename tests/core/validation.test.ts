import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { Id } from '../../core/item.ts'
import { TaskCreate } from '../../core/task.ts'
import { createReader } from '../../core/validation.ts'
import { problemsOf } from './problems.ts'

const read = createReader('body', TaskCreate)

test('accepts exactly the texts that the contract allows', () => {
  const WHITE_SPACE =
    '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000'
  const unit = fc.oneof(
    fc.constantFrom(...WHITE_SPACE, '\0', '\ud800', '\udfff', '\ufeff', '\u200b', '😀', 'e\u0301'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  )
  const texts = fc.oneof(
    fc.array(unit, { maxLength: 8 }),
    fc
      .tuple(unit, fc.integer({ min: 498, max: 502 }))
      .map(([one, times]) => Array(times).fill(one)),
  )
  fc.assert(
    fc.property(texts, (units) => {
      const text = units.join('')
      const points = Array.from(text)
      const expected =
        points.length >= 1 &&
        points.length <= 500 &&
        points.some((point) => !WHITE_SPACE.includes(point)) &&
        !text.includes('\0') &&
        text.isWellFormed()
      expect(problemsOf(read, { text }).length).toBe(expected ? 0 : 1)
    }),
    { numRuns: 2000 },
  )
}, 30_000)

test('reports problems exactly for values that it refuses', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(read(value, []) === undefined).toBe(problemsOf(read, value).length > 0)
    }),
  )
})

test('names a single field by the name of its reader', () => {
  expect(problemsOf(createReader('id', Id), 'x')).toStrictEqual([
    'id: must be a UUID, written as 8-4-4-4-12 hexadecimal digits',
  ])
})
