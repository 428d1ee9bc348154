import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  type Change,
  changePage,
  createListeners,
  type Feed,
  type FeedPosition,
  isAfter,
  type NewsRanges,
  NO_FEED,
  type NumberAndId,
  type Numbered,
  newsRanges,
  revisionOf,
  startIn,
} from '../../core/feed.ts'
import type { List } from '../../core/list.ts'
import type { Task } from '../../core/task.ts'
import { idNumber, listId, listNumber, second, taskNumber } from '../conformance/stores/store.ts'

const FIRST_ID = '00000000-0000-0000-0000-000000000000'
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const feed: Feed = { epoch: 'a', sequence: 9, horizon: 5 }

function position(fields: Partial<FeedPosition> = {}): FeedPosition {
  return { epoch: 'a', sequence: 9, kind: 'task', id: LAST_ID, since: 0, ...fields }
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

describe('newsRanges', () => {
  test.each<[string, FeedPosition, Partial<NewsRanges>]>([
    [
      'a position within the lists of a number',
      position({ sequence: 7, kind: 'list', id: idNumber(4) }),
      { tasks: { sequence: 7, id: FIRST_ID }, lists: { sequence: 7, id: idNumber(4) } },
    ],
    [
      'a position within the tasks of a number',
      position({ sequence: 7, id: idNumber(4) }),
      { tasks: { sequence: 7, id: idNumber(4) }, lists: { sequence: 7, id: LAST_ID } },
    ],
    [
      'the tasks of a snapshot, whose lists were read before',
      position({ sequence: 3, id: idNumber(4), since: 7 }),
      { tasks: { sequence: 3, id: idNumber(4) }, lists: { sequence: 7, id: LAST_ID } },
    ],
    [
      'the lists of a snapshot',
      position({ sequence: -1, kind: 'list', id: idNumber(4), since: 7 }),
      { tasks: { sequence: -1, id: FIRST_ID }, snapshot: idNumber(4) },
    ],
  ])('starts after %s', (_, after, ranges) => {
    expect(newsRanges(after)).toMatchObject({ snapshot: null, since: after.since, ...ranges })
  })

  test('begin with all lists', () => {
    expect(startIn(feed, null)).toStrictEqual(
      position({ sequence: -1, kind: 'list', id: FIRST_ID, since: 9 }),
    )
  })
})

test.each<[string, NumberAndId, boolean]>([
  ['a later number', { sequence: 8, id: idNumber(1) }, true],
  ['a later id of the same number', { sequence: 7, id: idNumber(6) }, true],
  ['the same id of the same number', { sequence: 7, id: idNumber(5) }, false],
  ['an earlier id of the same number', { sequence: 7, id: idNumber(4) }, false],
  ['an earlier number', { sequence: 6, id: idNumber(9) }, false],
])('isAfter decides on %s', (_, one, expected) => {
  expect(isAfter(one, { sequence: 7, id: idNumber(5) })).toBe(expected)
})

test('pages of any size return every change once, lists before tasks of the same number', () => {
  const tasks = [3, 3, 3, 4, 6, 6].map((sequence, n) => ({ sequence, item: taskNumber(n) }))
  const lists = [10, 10, 11].map((sequence, n) => ({ sequence, item: listNumber(n) }))
  const late = [10, 12].map((sequence, n) => ({ sequence, item: taskNumber(20 + n) }))
  const snapshot = [listNumber(3), listNumber(4)]
  const grown = { ...feed, sequence: 12 }
  const expected = [
    ...snapshot.map(({ id }) => id),
    ...[...tasks, ...lists.slice(0, 2), ...late.slice(0, 1)].map(({ item }) => item.id),
    ...[...lists.slice(2), ...late.slice(1)].map(({ item }) => item.id),
  ]
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 14 }), (limit) => {
      const read: string[] = []
      // The reader began before the last three numbers.
      let after: FeedPosition | null = startIn(feed, null)
      for (;;) {
        const start: FeedPosition | null = startIn(grown, after)
        if (!start) throw new Error('nothing was forgotten')
        const ranges = newsRanges(start)
        const isIn = (place: NumberAndId) => (one: Numbered<Task | List>) =>
          isAfter({ sequence: one.sequence, id: one.item.id }, place)
        const found = {
          tasks: [...tasks, ...late].filter(isIn(ranges.tasks)).slice(0, limit + 1),
          lists: lists.filter(isIn(ranges.lists)).slice(0, limit + 1),
          snapshot: snapshot.filter(({ id }) => ranges.snapshot !== null && id > ranges.snapshot),
        }
        const page = changePage(grown, start, found, limit)
        expect(page.changes.length).toBeLessThanOrEqual(limit)
        read.push(...page.changes.map(idIn))
        after = page.next
        if (!page.hasMore) break
      }
      expect(read).toStrictEqual(expected)
      expect(after).toStrictEqual(position({ sequence: 12, since: 9 }))
    }),
  )
})

test('reports tombstones as deletions', () => {
  const [deleted_at, start] = [second(3), position()]
  const found = {
    snapshot: [],
    lists: [{ sequence: 10, item: listNumber(1, { deleted_at }) }],
    tasks: [{ sequence: 10, item: taskNumber(1, { deleted_at }) }],
  }
  expect(changePage({ ...feed, sequence: 10 }, start, found, 5).changes).toStrictEqual([
    { type: 'list_deleted', id: listId(1), deleted_at },
    { type: 'delete', id: idNumber(1), deleted_at },
  ])
})

function idIn(change: Change): string {
  if (change.type === 'list') return change.list.id
  return change.type === 'upsert' ? change.task.id : change.id
}

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
