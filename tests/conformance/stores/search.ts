import { beforeEach, describe, expect, test } from 'bun:test'
import { searchFor } from '../../../core/search.ts'
import { type Caller, createCaller, writing } from './caller.ts'
import { ann, bob, openForEach, type StoreUnderTest } from './store.ts'

/** How a `TaskRepository` searches. */
export function describeSearch(store: StoreUnderTest): void {
  describe(`search on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(() => {
      tasks = createCaller(opened().repository, ann)
    })

    const find = (typed: string) => tasks.numbers({ search: searchFor(typed) })

    test.each([
      ['a word', 'Buy milk', 'milk', true],
      ['a word in another letter case', 'Buy MILK', 'mIlK', true],
      ['the beginning of a word', 'Buy milk', 'mil', true],
      ['the end of a word', 'Buy milk', 'ilk', true],
      ['the middle of a word', 'Buy milk', 'il', true],
      ['all words, in another order', 'Buy fresh milk', 'milk buy', true],
      ['parts of several words', 'Buy milk', 'ilk uy', true],
      ['a missing word', 'Buy milk', 'buy fresh milk', false],
      ['a word across a space', 'Buy milk', 'buymilk', false],
      ['words apart from their punctuation', '"Milk"—now!', '(now) milk,', true],
      ['a word without its hyphen', 'Send E-mail', 'email', true],
      ['a word with a hyphen that it does not have', 'Send email', 'e-mail', true],
      ['a word without its apostrophe', "Don't panic", 'dont', true],
      ['a number', 'Room 101', '10', true],
      ['a number without its comma', 'Pay 1,000', '1000', true],
      ['the German sharp s as two letters', 'STRASSE', 'straße', true],
      ['two letters as the German sharp s', 'Große Straße', 'grosse stra', true],
      ['the capital sharp s', 'STRAẞE', 'strasse', true],
      ['a composed letter as two code points', 'Caf\u00e9', 'cafe\u0301', true],
      ['two code points as a composed letter', 'Cafe\u0301', 'CAF\u00c9', true],
      ['a letter without its accent', 'Café', 'cafe', true],
      ['a letter with an accent it does not have', 'cafe', 'café', true],
      ['letters without their strokes', 'Đà Łódź smør', 'da lodz smor', true],
      ['a final sigma', 'ΟΔΟΣ', 'οδος', true],
      ['a sigma in the middle of a word', 'ὁδός', 'ὁδόσ', true],
      ['a Turkish dotted capital as a plain one', 'İstanbul', 'istan', true],
      ['a Turkish dotless letter as a plain one', 'Kapı', 'KAPI', true],
      ['full width', 'Ｍｉｌｋ　１２３', 'milk 12', true],
      ['a ligature', 'ﬁne', 'FI', true],
      ['Cyrillic', 'Купить Молоко', 'молок', true],
      ['Chinese', '买牛奶', '牛奶', true],
      ['Japanese inside a sentence', '今日はいい天気です', '天気', true],
      ['kana without their voicing', 'ガラス', 'カラス', false],
      ['half-width kana', 'ｶﾞﾗｽ', 'ガラス', true],
      ['Thai inside a sentence', 'วันนี้อากาศดี', 'อากาศ', true],
      ['Thai with other vowel signs', 'ที่', 'ทา', false],
      ['Devanagari without its vowel signs', 'दूध लाओ', 'दध', false],
      ['Devanagari', 'दूध लाओ', 'दूध', true],
      ['a Hangul syllable', '한국어', '한국', true],
      ['part of a Hangul syllable', '한국어', '하', false],
      ['Arabic without its vowel marks', 'مُحَمَّد', 'محمد', true],
      ['Hebrew without its points', 'שָׁלוֹם', 'שלום', true],
      ['an emoji', 'Call 📞 mum', '📞', true],
      ['another emoji', 'Call 📞 mum', '📠', false],
      ['an emoji beside a word', 'party🎉', 'party 🎉', true],
      ['an emoji without its skin tone', 'Done 👍🏽', '👍', true],
      ['an emoji without its variation', 'I ❤️ tea', '❤', true],
      ['a flag', 'Trip to 🇯🇵', '🇯🇵', true],
      ['another flag that shares a letter', 'Trip to 🇯🇵', '🇯🇴', false],
      ['a letter outside the basic plane', '𐐨𐐩', '𐐀', true],
      ['a word with an invisible character', 'foo\u200bbar', 'foobar', true],
      ['an underscore, a wildcard of SQL', 'milk', 'm_lk', false],
      ['a word of 100 letters', 'x'.repeat(100), 'x'.repeat(100), true],
      ['twelve words', 'a b c d e f g h i j k l', 'l k j i h g f e d c b a', true],
      [
        'twelve words of which one is missing',
        'a b c d e f g h i j k',
        'l k j i h g f e d c b a',
        false,
      ],
      ['more letters than a word has', 'milk', 'milks', false],
      ['quotes and a statement', "'; drop table tasks; --", "drop' table", true],
      ['neither letter, digit nor emoji', '... !', '...', false],
      ['a percent sign, a wildcard of SQL', '100 %', '%', false],
    ])('searches for %s', async (_, text, typed, isFound) => {
      await tasks.create(1, text)
      await tasks.create(2, '#')
      const page = await tasks.list({ search: searchFor(typed) })
      expect(page.tasks.map((task) => task.text)).toStrictEqual(isFound ? [text] : [])
      expect(page.count).toBe(isFound ? 1 : 0)
    })

    test('finds the new text and not the old one', async () => {
      await tasks.create(1, 'buy milk')
      await tasks.patch(1, { text: 'buy bread' })
      expect(await find('milk')).toStrictEqual([])
      expect(await find('bread')).toStrictEqual([1])
      expect(await find('buy')).toStrictEqual([1])
      await tasks.patch(1, { completed: true })
      await tasks.patch(1, { text: '...' })
      expect(await find('buy')).toStrictEqual([])
      await tasks.patch(1, { text: 'buy buy buy' })
      expect(await find('buy')).toStrictEqual([1])
    })

    test('does not find what an undone call would have written', async () => {
      await tasks.create(1, 'milk')
      const writes = [
        writing.create(2, 'bread'),
        writing.patch(1, { text: 'bread' }),
        writing.remove(9),
      ]
      await tasks.all(writes, { atomic: true })
      expect(await find('bread')).toStrictEqual([])
      expect(await find('milk')).toStrictEqual([1])
    })

    test('finds a task in the trash only there until it is restored', async () => {
      await tasks.create(1, 'milk')
      await tasks.remove(1)
      const search = searchFor('milk')
      expect(await tasks.list({ search })).toMatchObject({ tasks: [], count: 0 })
      expect(await tasks.list({ search, deleted: true })).toMatchObject({ count: 1 })
      expect(await tasks.numbers({ search, deleted: true })).toStrictEqual([1])
      await tasks.restore(1)
      expect(await find('milk')).toStrictEqual([1])
      expect(await tasks.list({ search, deleted: true })).toMatchObject({ tasks: [], count: 0 })
    })

    test("does not find another owner's tasks", async () => {
      const others = createCaller(opened().repository, bob)
      await others.create(1, 'milk')
      await tasks.create(1, 'bread')
      expect(await find('milk')).toStrictEqual([])
      expect(await others.numbers({ search: searchFor('milk') })).toStrictEqual([1])
    })

    test('pages, sorts, filters and counts what it finds', async () => {
      const texts = ['milk', 'bread', 'Milk and bread', 'milkshake', 'MILK', 'mil']
      for (const [n, text] of texts.entries()) await tasks.create(n, text)
      await tasks.patch(0, { completed: true })
      await tasks.patch(4, { completed: true })
      const search = searchFor('milk')
      expect(await tasks.numbers({ search })).toStrictEqual([4, 3, 2, 0])
      for (const sort of ['created_at', 'order'] as const) {
        const expected = sort === 'order' ? [4, 3, 2, 0] : [0, 2, 3, 4]
        const first = await tasks.list({ search, sort, limit: 3 })
        expect(first.count).toBe(4)
        const rest = await tasks.list({ search, sort, limit: 3, after: first.next })
        expect(rest).toMatchObject({ count: 4, next: null })
        const both = [...first.tasks, ...rest.tasks]
        expect(both.map(({ text }) => texts.indexOf(text))).toStrictEqual(expected)
      }
      expect(await tasks.list({ search, completed: true })).toMatchObject({ count: 2 })
      expect(await tasks.numbers({ search, completed: false })).toStrictEqual([3, 2])
    })

    test('finds a task once although several of its words match', async () => {
      await tasks.create(1, 'milk milkman milkshake mil mi m')
      expect(await find('m')).toStrictEqual([1])
      expect(await find('milk m')).toStrictEqual([1])
      expect(await tasks.list({ search: searchFor('m'), limit: 1 })).toMatchObject({
        count: 1,
        next: null,
      })
    })
  })
}
