import { expect, test } from 'bun:test'
import { isOwner, type Owner } from '../../core/owner.ts'
import { ann } from '../conformance/stores/store.ts'

test.each([
  ['one character', 'a', true],
  ['255 emoji', '😀'.repeat(255), true],
  ['an empty string', '', false],
  ['256 characters', 'a'.repeat(256), false],
  ['256 emoji', '😀'.repeat(256), false],
  ['a control character', 'a\u0000', false],
  ['a C1 control character', 'a\u0085', false],
  ['a line feed', 'a\n', false],
  ['a lone surrogate', 'a\ud800', false],
  ['a number', 5, false],
  ['undefined', undefined, false],
])('isOwner decides on %s: %p → %p', (_, value, expected) => {
  expect(isOwner(value)).toBe(expected)
})

// The compiler runs this test: an unchecked string is not an owner.
test('the type refuses a plain string', () => {
  const identity = (owner: Owner) => owner
  // @ts-expect-error a string has not been checked
  expect(identity('ann')).toBe(ann)
})
