import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { fold, tagKey } from '../../client/offline/search.ts'
import * as search from '../../core/search.ts'
import * as task from '../../core/task.ts'

const TEXTS = [
  'Café',
  'E-mail',
  'Straße',
  'ΣΊΣΥΦΟΣ',
  'İstanbul ısı',
  'Łódź đøł',
  '今日はいい天気です',
  'ガギ が゙',
  'שָׁלוֹם',
  'مَرْحَبًا',
  'हिन्दी',
  'ภาษาไทย',
  'ＦＵＬＬ　ｗｉｄｔｈ',
  '👩🏽‍🚀 🇩🇪 1️⃣',
  "don't — stop… (now)",
  '한국어',
]

test('folds texts as the service does', () => {
  for (const text of TEXTS) expect(fold(text)).toBe(search.fold(text))
  for (let code = 0; code < 0x3_0000; code++)
    if (code < 0xd800 || code > 0xdfff) {
      const text = `a${String.fromCodePoint(code)}b`
      if (fold(text) !== search.fold(text)) expect(fold(text)).toBe(search.fold(text))
    }
  const text = fc.string({ unit: 'binary' })
  fc.assert(fc.property(text, (one) => fold(one) === search.fold(one)))
})

test('compares tags as the service does', () => {
  for (const text of TEXTS) expect(tagKey(text)).toBe(task.tagKey(text))
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (one) => tagKey(one) === task.tagKey(one)))
})
