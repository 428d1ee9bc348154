import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { TaskListQuery } from '../../core/query.ts'
import { isFound, searchFor, wordsOf } from '../../core/search.ts'
import { createRule } from '../../core/validation.ts'

describe('wordsOf', () => {
  test.each([
    ['Buy milk, buy MILK!', ['BUY', 'MILK']],
    ['Straße', ['STRASSE']],
    ['cafe\u0301 café', ['CAF\u00c9']],
    ['ὁδός ΟΔΟΣ', ['ὉΔΌΣ', 'ΟΔΟΣ']],
    ['İ i ı', ['İ', 'I']],
    ['i\u0307', ['İ']],
    ['ｆｕｌｌ　ﬁne ①', ['FULL', 'FINE', '1']],
    ['aᵇ', ['AB']],
    ['a_b-c.d', ['A', 'B', 'C', 'D']],
    ['3.14', ['3', '14']],
    ['🎉🎉party📞', ['🎉', 'PARTY', '📞']],
    ['👩‍💻 👍🏽', ['👩', '💻', '👍']],
    ['🇯🇵🇩🇪', ['🇯🇵', '🇩🇪']],
    ['दूध', ['दूध']],
    [' \u0301 — … ', []],
    ['😀'.repeat(3), ['😀']],
    ['𐐨'.repeat(100), ['𐐀'.repeat(64)]],
    ['x'.repeat(500), ['X'.repeat(64)]],
  ])('%p → %p', (text, expected) => {
    expect(wordsOf(text)).toStrictEqual(expected)
  })

  test('are the same whatever the normal form and the letter case', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        expect(wordsOf(text.normalize('NFD'))).toStrictEqual(wordsOf(text))
        expect(wordsOf(text.toUpperCase())).toStrictEqual(wordsOf(text))
      }),
    )
  })
})

test('a search has the words that are finished, and the last as a prefix', () => {
  expect(searchFor('Buy fresh buy mil')).toStrictEqual({ words: ['BUY', 'FRESH'], prefix: 'MIL' })
  expect(searchFor('milk ')).toStrictEqual({ words: [], prefix: 'MILK' })
})

test('what was typed of a text, up to anywhere in a word, finds it', () => {
  const word = fc.string({
    unit: fc.constantFrom('a', 'B', 'é', 'ß', 'я', '買', '7', '😀', 'ﬁ'),
    minLength: 1,
    maxLength: 8,
  })
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), fc.nat(), (words, end) => {
      const text = words.join(' ')
      const typed = Array.from(text)
      const beginning = typed.slice(0, 1 + (end % typed.length)).join('')
      if (wordsOf(beginning).length > 0)
        expect(isFound(wordsOf(text), searchFor(beginning))).toBe(true)
    }),
  )
})

test('what cannot be looked for is refused', () => {
  const rule = createRule('query', TaskListQuery)
  for (const q of ['a', '7', '😀', '🇯🇵', '買', ' -a- ', 'a'.repeat(500)])
    expect(rule.accepts({ q })).toBe(true)
  for (const q of ['', ' ', '-', '…!', '\u0301', '🇯', 'a'.repeat(501)])
    expect(rule.problems({ q })).toStrictEqual([
      'q: must be 1 to 500 characters, among them a letter, a digit or an emoji',
    ])
})
