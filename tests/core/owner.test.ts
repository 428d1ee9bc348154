import { expect, test } from 'bun:test'
import { isOwner, type Owner } from '../../core/owner.ts'
import { ann } from '../conformance/stores/store.ts'

test.each([
  ['one character', 'a', true],
  ['255 emoji', '😀'.repeat(255), true],
  ['nothing', '', false],
  ['256 characters', 'a'.repeat(256), false],
  ['256 emoji', '😀'.repeat(256), false],
  ['a control character', 'a\u0000', false],
  ['a C1 control character', 'a\u0085', false],
  ['a line feed', 'a\n', false],
  ['a lone surrogate', 'a\ud800', false],
  ['a number', 5, false],
  ['nothing at all', undefined, false],
])('an owner is %s: %p → %p', (_, value, expected) => {
  expect(isOwner(value)).toBe(expected)
})

// Compiling is the test: no other string passes for an owner.
test('an owner is no plain string', () => {
  const whose = (owner: Owner) => owner
  // @ts-expect-error a string has not been checked
  expect(whose('ann')).toBe(ann)
})
