import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  type Change,
  changePage,
  createListeners,
  type Feed,
  type FeedPosition,
  isNews,
  NO_FEED,
  revisionOf,
  startIn,
} from '../../core/feed.ts'
import { idNumber, second, taskNumber } from '../conformance/stores/store.ts'

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const feed: Feed = { epoch: 'a', sequence: 9, horizon: 5 }

function position(fields: Partial<FeedPosition> = {}): FeedPosition {
  return { epoch: 'a', sequence: 9, id: LAST_ID, since: 0, ...fields }
}

test.each<[string, boolean, Feed, FeedPosition]>([
  ['the end of the feed', true, feed, position()],
  ['the end of what was forgotten', true, feed, position({ sequence: 5 })],
  ['before the end of what was forgotten', false, feed, position({ sequence: 4 })],
  ['in the middle of what was forgotten', false, feed, position({ sequence: 5, id: idNumber(1) })],
  ['in the middle of the next', true, feed, position({ sequence: 6, id: idNumber(1) })],
  ['a snapshot from after it was forgotten', true, feed, position({ sequence: 1, since: 5 })],
  ['a snapshot from before', false, feed, position({ sequence: 1, since: 4 })],
  ['ahead of the feed', false, feed, position({ sequence: 10 })],
  ['another feed', false, feed, position({ epoch: 'b' })],
  ['before there was a feed', true, { ...feed, horizon: 0 }, { ...position(NO_FEED) }],
  ['before there was one, and some is forgotten', false, feed, { ...position(NO_FEED) }],
  ['no feed, where there is none', true, NO_FEED, { ...position(NO_FEED) }],
  ['a feed, where there is none', false, NO_FEED, position()],
])('a reader who has come to %s can read on: %p', (_, canReadOn, of, after) => {
  expect(startIn(of, after)).toStrictEqual(canReadOn ? { ...after, epoch: of.epoch } : null)
})

describe('news', () => {
  const upsert: Change = { type: 'upsert', task: taskNumber(5) }
  const deletion: Change = { type: 'delete', id: idNumber(5), deleted_at: second(0) }

  test.each([
    ['a later number', position({ sequence: 6 }), true, true],
    ['the number that was read whole', position({ sequence: 7 }), false, false],
    ['an earlier number', position({ sequence: 8 }), false, false],
    ['the same number and a later id', position({ sequence: 7, id: idNumber(4) }), true, true],
    ['the same number and id', position({ sequence: 7, id: idNumber(5) }), false, false],
    ['the same number and an earlier id', position({ sequence: 7, id: idNumber(6) }), false, false],
    ['what was deleted before', position({ sequence: 1, since: 7 }), true, false],
    ['what was deleted since', position({ sequence: 1, since: 6 }), true, true],
  ])('%s', (_, after, isUpsertNews, isDeletionNews) => {
    expect(isNews({ sequence: 7, change: upsert }, after)).toBe(isUpsertNews)
    expect(isNews({ sequence: 7, change: deletion }, after)).toBe(isDeletionNews)
  })

  test('from the beginning are all tasks and no deletion', () => {
    const start = startIn(feed, null)
    if (!start) throw new Error('a feed has a beginning')
    expect(isNews({ sequence: 0, change: upsert }, start)).toBe(true)
    expect(isNews({ sequence: 9, change: deletion }, start)).toBe(false)
    expect(isNews({ sequence: 10, change: deletion }, start)).toBe(true)
  })
})

test('pages of any size tell everything once', () => {
  const found = [3, 3, 3, 4, 6, 6].map((sequence, n) => ({
    sequence,
    change: { type: 'upsert', task: taskNumber(n) } as const,
  }))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), (limit) => {
      const told: Change[] = []
      let after: FeedPosition | null = null
      for (let pages = 1; ; pages++) {
        const start: FeedPosition | null = startIn(feed, after)
        if (!start) throw new Error('nothing was forgotten')
        const news = found.filter((one) => isNews(one, start)).slice(0, limit + 1)
        const page = changePage(feed, start, news, limit)
        told.push(...page.changes)
        after = page.next
        if (page.hasMore) continue
        expect(pages).toBe(Math.ceil(found.length / limit))
        break
      }
      expect(told).toStrictEqual(found.map(({ change }) => change))
      expect(after).toStrictEqual(position({ since: 9 }))
    }),
  )
})

test('a revision tells one state of one feed', () => {
  const feeds = [feed, { ...feed, sequence: 10 }, { ...feed, epoch: 'b' }, NO_FEED]
  expect(new Set(feeds.map(revisionOf)).size).toBe(4)
  expect(revisionOf({ ...feed, horizon: 9 })).toBe(revisionOf(feed))
})

describe('listeners', () => {
  test('are told of their key until they stop', () => {
    const { listen, tell, keys } = createListeners<string>()
    const told: string[] = []
    const stop = listen('a', () => told.push('a'))
    const same = () => told.push('same')
    const stopSame = listen('b', same)
    listen('b', same)
    expect(keys()).toStrictEqual(['a', 'b'])
    tell('a')
    tell('b')
    tell('c')
    stop()
    stop()
    stopSame()
    tell('a')
    tell('b')
    expect(told).toStrictEqual(['a', 'same', 'same', 'same'])
    expect(keys()).toStrictEqual(['b'])
  })

  test('may stop and begin again while they are told', () => {
    const { listen, tell, keys } = createListeners<string>()
    const told: string[] = []
    const stops: (() => void)[] = []
    function again(): void {
      told.push('again')
      stops.pop()?.()
      stops.push(listen('a', again))
    }
    stops.push(listen('a', again))
    const stopOther = listen('a', () => stopLate())
    const stopLate = listen('a', () => told.push('late'))
    tell('a')
    expect(told).toStrictEqual(['again'])
    tell('a')
    expect(told).toStrictEqual(['again', 'again'])
    stopOther()
    for (const stop of stops) stop()
    expect(keys()).toStrictEqual([])
  })
})
