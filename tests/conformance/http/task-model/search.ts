import { describe, expect, test } from 'bun:test'
import type { Client } from '../client.ts'
import { createUser } from './user.ts'

type Case = readonly [q: string, text: string]

const FOUND: readonly Case[] = [
  ['天気', '今日はいい天気です'],
  ['นม', 'ซื้อนมสด'],
  ['buy mil', 'Milk, buy'],
  ['STRASSE', 'Große Straße'],
  ['straße', 'STRASSE'],
  ['ΟΔΟΣ', 'οδος'],
  ['οδοσ', 'ΟΔΟΣ'],
  ['ΟΔΟΣ', 'οδοσήμανση'],
  ['istanbul', 'İstanbul'],
  ['ISTANBUL', 'ıstanbul'],
  ['cafe', 'Café'],
  ['café', 'CAFE\u0301'],
  ['Čapek', 'capek'],
  ['dong', 'đồng'],
  ['smorrebrod', 'Smørrebrød'],
  ['lodz', 'Łódź'],
  ['محمد', 'مُحَمَّد'],
  ['قل', 'ق\u06e1ل'],
  ['שלום', 'שָׁלוֹם'],
  ['ABC 123', 'ＡＢＣ １２３'],
  ['カタカナ', 'ｶﾀｶﾅ'],
  ['ガ', 'ｶﾞ'],
  ['office', 'oﬃce'],
  ['email', 'E-mail'],
  ['e-mail', 'email'],
  ['dont', 'don’t'],
  ["l'eau", 'leau'],
  ['usa', 'U.S.A'],
  ['zerowidth', 'zero\u200bwidth'],
  ['soft', 'so\u00adft'],
  ['👍', 'ok 👍🏽'],
  ['👍🏽', 'ok 👍'],
  ['🇯🇵', 'to 🇯🇵!'],
  ['한국', '한국어'],
  ['2', '(2)'],
]

const NOT_FOUND: readonly Case[] = [
  ['か', 'が'],
  ['は', 'ぱ'],
  ['कि', 'का'],
  ['นำ', 'นม'],
  ['하', '한'],
  ['buymilk', 'buy milk'],
  ['milk eggs', 'milk'],
  ['ä ö', 'a'],
  ['👎', '👍'],
]

/** What `q` finds. */
export function describeSearch(client: Client): void {
  const find = (q: string) => `?q=${encodeURIComponent(q)}`

  describe('q', () => {
    test.each(FOUND)('"%s" finds "%s" in a text, a description and a tag', async (q, text) => {
      const user = await createUser(client)
      await user.create({ text: 'other', description: 'other', tags: ['other'] })
      await user.create({ text, description: 'other' })
      await user.create({ text: 'in description', description: `first line\n${text}\nlast line` })
      await user.create({ text: 'in a tag', tags: ['first', text, 'last'] })
      const { tasks, count } = await user.tasks(`${find(q)}&sort=created_at`)
      expect(tasks.map((task) => task.text)).toStrictEqual([text, 'in description', 'in a tag'])
      expect(count).toBe(3)
    })

    test.each(NOT_FOUND)('"%s" does not find "%s"', async (q, text) => {
      const user = await createUser(client)
      await user.create({ text, description: text, tags: [text] })
      expect(await user.texts(find(q))).toStrictEqual([])
    })

    test('finds words in different members, but no word across them', async () => {
      const user = await createUser(client)
      const members = { text: 'Groceries', description: 'oat milk', tags: ['Home', 'Saturday'] }
      await user.create(members)
      for (const q of ['milk groc', 'SATURDAY oat groceries', 'home', 'satur ome'])
        expect(await user.texts(find(q))).toStrictEqual(['Groceries'])
      for (const q of ['groceriesoat', 'milkHome', 'homesaturday', 'milk eggs'])
        expect(await user.texts(find(q))).toStrictEqual([])
    })

    test('follows every change of a description and of tags', async () => {
      const user = await createUser(client)
      const { id } = await user.create({ description: 'first' })
      const hits = async () =>
        Promise.all(
          ['first', 'second', 'label'].map(async (q) => (await user.texts(find(q))).length),
        )
      expect(await hits()).toStrictEqual([1, 0, 0])
      await user.patch(id, { description: 'second' })
      expect(await hits()).toStrictEqual([0, 1, 0])
      await user.patch(id, { tags: ['Label'] })
      expect(await hits()).toStrictEqual([0, 1, 1])
      await user.put(id, { text: 'y', completed: true })
      expect(await hits()).toStrictEqual([0, 1, 1])
      await user.patch(id, { description: null, tags: null })
      expect(await hits()).toStrictEqual([0, 0, 0])
    })

    test('searches the trash with its descriptions and tags', async () => {
      const user = await createUser(client)
      const { id } = await user.create({ description: 'milk', tags: ['home'] })
      await user.remove(id)
      expect(await user.texts('?q=milk+home')).toStrictEqual([])
      expect(await user.texts('?q=milk+home&deleted=only')).toStrictEqual(['x'])
    })

    test.each([' ', '...', '\u0301', '\u200b', '—', '%', '_', '\ue000', '+'])(
      'finds nothing when it has no letter, digit or emoji: %j',
      async (q) => {
        const user = await createUser(client)
        await user.create({ text: q === ' ' ? 'a b' : `a ${q} b`, description: q, tags: ['...'] })
        expect(await user.tasks(find(q))).toStrictEqual({ tasks: [], count: 0, next_cursor: null })
      },
    )

    test('takes 500 characters', async () => {
      const user = await createUser(client)
      await user.create({ description: 'x'.repeat(600) })
      expect(await user.texts(find('x'.repeat(500)))).toStrictEqual(['x'])
      expect(await user.problems('GET', `/tasks${find('x'.repeat(501))}`)).toStrictEqual([
        'q: must be 1 to 500 characters',
      ])
    })
  })
}
