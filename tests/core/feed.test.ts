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
  ['the horizon', true, feed, position({ sequence: 5 })],
  ['a position before the horizon', false, feed, position({ sequence: 4 })],
  [
    'a position within the number of the horizon',
    false,
    feed,
    position({ sequence: 5, id: idNumber(1) }),
  ],
  ['a position within the next number', true, feed, position({ sequence: 6, id: idNumber(1) })],
  ['a snapshot that began at the horizon', true, feed, position({ sequence: 1, since: 5 })],
  ['a snapshot that began before the horizon', false, feed, position({ sequence: 1, since: 4 })],
  ['a position ahead of the feed', false, feed, position({ sequence: 10 })],
  ['a position of another feed', false, feed, position({ epoch: 'b' })],
  [
    'a position from before the first change',
    true,
    { ...feed, horizon: 0 },
    { ...position(NO_FEED) },
  ],
  [
    'a position from before the first change of a purged feed',
    false,
    feed,
    { ...position(NO_FEED) },
  ],
  ['the start of an empty feed', true, NO_FEED, { ...position(NO_FEED) }],
  ['a position of another feed in an empty one', false, NO_FEED, position()],
])('startIn accepts %s: %p', (_, isAccepted, of, after) => {
  expect(startIn(of, after)).toStrictEqual(isAccepted ? { ...after, epoch: of.epoch } : null)
})

describe('isNews', () => {
  const upsert: Change = { type: 'upsert', task: taskNumber(5) }
  const deletion: Change = { type: 'delete', id: idNumber(5), deleted_at: second(0) }

  test.each([
    ['a number after the position', position({ sequence: 6 }), true, true],
    ['a number that was read completely', position({ sequence: 7 }), false, false],
    ['a number before the position', position({ sequence: 8 }), false, false],
    ['a later id of the same number', position({ sequence: 7, id: idNumber(4) }), true, true],
    ['the same id of the same number', position({ sequence: 7, id: idNumber(5) }), false, false],
    ['an earlier id of the same number', position({ sequence: 7, id: idNumber(6) }), false, false],
    ['a deletion from before the reader began', position({ sequence: 1, since: 7 }), true, false],
    ['a deletion from after the reader began', position({ sequence: 1, since: 6 }), true, true],
  ])('decides on %s', (_, after, isUpsertNews, isDeletionNews) => {
    expect(isNews({ sequence: 7, change: upsert }, after)).toBe(isUpsertNews)
    expect(isNews({ sequence: 7, change: deletion }, after)).toBe(isDeletionNews)
  })

  test('is true of all tasks and no earlier deletion at the beginning', () => {
    const start = startIn(feed, null)
    if (!start) throw new Error('a feed has a beginning')
    expect(isNews({ sequence: 0, change: upsert }, start)).toBe(true)
    expect(isNews({ sequence: 9, change: deletion }, start)).toBe(false)
    expect(isNews({ sequence: 10, change: deletion }, start)).toBe(true)
  })
})

test('pages of any size return every change once', () => {
  const found = [3, 3, 3, 4, 6, 6].map((sequence, n) => ({
    sequence,
    change: { type: 'upsert', task: taskNumber(n) } as const,
  }))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), (limit) => {
      const read: Change[] = []
      let after: FeedPosition | null = null
      for (let pages = 1; ; pages++) {
        const start: FeedPosition | null = startIn(feed, after)
        if (!start) throw new Error('nothing was forgotten')
        const news = found.filter((one) => isNews(one, start)).slice(0, limit + 1)
        const page = changePage(feed, start, news, limit)
        read.push(...page.changes)
        after = page.next
        if (page.hasMore) continue
        expect(pages).toBe(Math.ceil(found.length / limit))
        break
      }
      expect(read).toStrictEqual(found.map(({ change }) => change))
      expect(after).toStrictEqual(position({ since: 9 }))
    }),
  )
})

test('a revision identifies one state of one feed', () => {
  const feeds = [feed, { ...feed, sequence: 10 }, { ...feed, epoch: 'b' }, NO_FEED]
  expect(new Set(feeds.map(revisionOf)).size).toBe(4)
  expect(revisionOf({ ...feed, horizon: 9 })).toBe(revisionOf(feed))
})

describe('createListeners', () => {
  test('notifies the listeners of a key until they stop', () => {
    const { listen, notify } = createListeners<string>()
    const calls: string[] = []
    const stop = listen('a', () => calls.push('a'))
    const same = () => calls.push('same')
    const stopSame = listen('b', same)
    listen('b', same)
    notify('a')
    notify('b')
    notify('c')
    stop()
    stop()
    stopSame()
    notify('a')
    notify('b')
    expect(calls).toStrictEqual(['a', 'same', 'same', 'same'])
  })

  test('lets listeners stop and start while it notifies them', () => {
    const { listen, notify } = createListeners<string>()
    const calls: string[] = []
    const stops: (() => void)[] = []
    function again(): void {
      calls.push('again')
      stops.pop()?.()
      stops.push(listen('a', again))
    }
    stops.push(listen('a', again))
    const stopOther = listen('a', () => stopLate())
    const stopLate = listen('a', () => calls.push('late'))
    notify('a')
    expect(calls).toStrictEqual(['again'])
    notify('a')
    expect(calls).toStrictEqual(['again', 'again'])
    stopOther()
    for (const stop of stops) stop()
    notify('a')
    expect(calls).toStrictEqual(['again', 'again'])
  })
})
