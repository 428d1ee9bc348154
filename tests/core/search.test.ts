import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { TaskListQuery } from '../../core/query.ts'
import { fold, isFound, searchableText, searchFor } from '../../core/search.ts'
import { createReader } from '../../core/validation.ts'
import { problemsOf } from './problems.ts'

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom(
      ..."aB7 éßſςΣσİiıĐøŁｶﾞか\u3099\u0301\u0307\u0308\u0345दूधที่한하ᄀ\u064f\u05b8ﬁ①％＿＼%_\\-'’.،\u200d\u200b\ufeff\ufe0f👩💻👍🏽🇯🇵",
    ),
    maxLength: 12,
  }),
)

describe('fold', () => {
  test.each([
    ['letter case', 'Buy MILK', 'buy milk'],
    ['the German sharp s', 'Straße STRAẞE', 'strasse strasse'],
    ['the final sigma', 'ὁδός ΟΔΟΣ', 'οδοσ οδοσ'],
    ['the Turkish dotted and dotless i', 'İ i ı I i\u0307', 'i i i i i'],
    ['accents', 'cafe\u0301 caf\u00e9 Ångström', 'cafe cafe angstrom'],
    ['strokes', 'Đ đ Ø ø Ł ł', 'd d o o l l'],
    ['Arabic vowel marks', 'مُحَمَّد', 'محمد'],
    ['Hebrew points', 'שָׁלוֹם', 'שלום'],
    ['width and compatibility forms', 'ｆｕｌｌ　ﬁne ① aᵇ', 'full fine 1 ab'],
    ['half-width kana', 'ｶﾞﾗｽ', 'ガラス'],
    ['punctuation within words', "E-mail don't a_b-c.d 3.14", 'email dont abcd 314'],
    ['punctuation around words', '"Milk"—(now)! …', 'milknow'],
    ['invisible characters', 'foo\u200bbar \ufeffx\u00ady', 'foobar xy'],
    ['skin tones and variation selectors', '👍🏽 ❤️', '👍 ❤'],
    ['white space', ' a \t\n\u2003b\u3000', 'a b'],
    ['symbols', 'a+b = 100 %', 'a b 100'],
    ['characters outside the basic plane', '𐐀', '𐐨'],
  ])('folds %s', (_, given, expected) => {
    expect(fold(given)).toBe(expected)
  })

  test.each([
    ['the voicing of kana', 'ガラス ぱ'],
    ['vowel signs of Devanagari', 'दूध लाओ'],
    ['vowel signs and tone marks of Thai', 'ที่'.normalize('NFKD').normalize('NFC')],
    ['Hangul syllables', '한국어'],
    ['Chinese', '买牛奶'],
    ['emoji', '🎉🎉party📞'],
    ['flags', '🇯🇵🇩🇪'],
  ])('keeps %s', (_, given) => {
    expect(fold(given)).toBe(given)
  })

  test.each(['', ' ', '...', ' \u0301 — … ', '%', '_', '\\', '\u200b'])(
    'leaves nothing of %j, which has neither letter, digit nor emoji',
    (given) => {
      expect(fold(given)).toBe('')
    },
  )

  test('is idempotent', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(fold(fold(given))).toBe(fold(given))
      }),
      { numRuns: 2000 },
    )
  })

  test('leaves no character that patterns of SQL give a meaning', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(fold(given)).not.toMatch(/[%_\\]/)
      }),
      { numRuns: 2000 },
    )
  })

  test('leaves words separated by single spaces', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(fold(given)).not.toMatch(/^ | {2}| $/)
      }),
    )
  })

  test('returns the same whatever the normal form and the letter case', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(fold(given.normalize('NFC'))).toBe(fold(given))
        expect(fold(given.normalize('NFD'))).toBe(fold(given))
        // The Greek iota subscript is dropped as an accent, but capitals spell it as a letter.
        if (!given.normalize('NFD').includes('\u0345'))
          expect(fold(given.toUpperCase())).toBe(fold(given))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('searchableText', () => {
  test('has each word of text, description and tags once', () => {
    const task = {
      text: 'Buy milk',
      description: 'Fresh MILK\nand buy-back',
      tags: ['Fresh', 'home'],
    }
    expect(searchableText(task)).toBe('buy milk fresh and buyback home')
  })

  test('is empty when there are no words', () => {
    expect(searchableText({ text: '…', description: '-', tags: [] })).toBe('')
  })
})

describe('searchFor and isFound', () => {
  const isFoundIn = (given: string, typed: string) =>
    isFound(searchableText({ text: '…', description: given, tags: [] }), searchFor(typed))

  test('look for each word once', () => {
    expect(searchFor('Buy fresh buy mil')).toStrictEqual(['buy', 'fresh', 'mil'])
    expect(searchFor(' milk ')).toStrictEqual(['milk'])
    expect(searchFor(' … ')).toStrictEqual([])
  })

  // The paragraph on `q` of the task model, claim by claim.
  test.each([
    ['every word has to occur', 'buy milk', 'milk buy', true],
    ['a missing word', 'buy milk', 'buy fresh milk', false],
    ['anywhere in a word', 'buy milk', 'il', true],
    ['within a sentence without spaces', '今日はいい天気です', '天気', true],
    ['across a space', 'buy milk', 'buymilk', false],
    ['letter case', 'buy milk', 'MILK', true],
    ['ß as ss', 'Straße', 'STRASSE', true],
    ['ς as σ', 'ΟΔΟΣ', 'οδος', true],
    ['İ as i', 'İstanbul', 'istanbul', true],
    ['ı as i', 'KAPI', 'kapı', true],
    ['no accent for one', 'Café', 'cafe', true],
    ['an accent for none', 'cafe', 'Café', true],
    ['đ, ø and ł as d, o and l', 'đøł', 'dol', true],
    ['Arabic vowel marks', 'مُحَمَّد', 'محمد', true],
    ['Hebrew vowel marks', 'שָׁלוֹם', 'שלום', true],
    ['width', 'Ｍｉｌｋ', 'milk', true],
    ['punctuation within a word', 'E-mail', 'email', true],
    ['invisible characters', 'foo\u200bbar', 'foobar', true],
    ['the voicing of kana', 'ガラス', 'カラス', false],
    ['Indic vowel signs', 'दूध', 'दध', false],
    ['Thai vowel signs', 'ที่', 'ทา', false],
    ['part of a Hangul syllable', '한국어', '하', false],
    ['an emoji', 'Call 📞 mum', '📞', true],
    ['another emoji', 'Call 📞 mum', '📠', false],
    ['neither letter, digit nor emoji', '... !', '...', false],
  ])('compare %s: %j, %j', (_, given, typed, expected) => {
    expect(isFoundIn(given, typed)).toBe(expected)
  })

  test('find a text by any part of it', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'B', 'é', 'ß', 'я', '買', '7', '😀', 'ﬁ'),
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.nat(),
        (words, start, length) => {
          const given = words.join(' ')
          const points = Array.from(given)
          const from = start % points.length
          const typed = points.slice(from, from + 1 + (length % points.length)).join('')
          expect(isFoundIn(given, typed)).toBe(typed.trim() !== '')
        },
      ),
    )
  })
})

test('a search is 1 to 500 characters, whatever they are', () => {
  const read = createReader('query', TaskListQuery)
  for (const q of ['a', '7', '😀', '🇯🇵', '買', ' -a- ', ' ', '-', '\u0301', 'a'.repeat(500)])
    expect(problemsOf(read, { q })).toStrictEqual([])
  for (const q of ['', 'a'.repeat(501)])
    expect(problemsOf(read, { q })).toStrictEqual(['q: must be 1 to 500 characters'])
})
