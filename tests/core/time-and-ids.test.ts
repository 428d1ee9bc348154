import { expect, test } from 'bun:test'
import { createClock } from '../../adapters/system/clock.ts'
import { createNewId } from '../../adapters/system/ids.ts'

function readings(...milliseconds: number[]): () => number {
  return () => milliseconds.shift() ?? 0
}

const HOUR_MS = 3_600_000

test('the clock returns UTC with milliseconds', () => {
  expect(createClock(() => 0)()).toBe('1970-01-01T00:00:00.000Z')
})

test('the clock rises by a millisecond per reading while the system time is set back', () => {
  const now = createClock(readings(5 * HOUR_MS, HOUR_MS, HOUR_MS, 5 * HOUR_MS + 10))
  expect([now(), now(), now(), now()]).toStrictEqual([
    '1970-01-01T05:00:00.000Z',
    '1970-01-01T05:00:00.001Z',
    '1970-01-01T05:00:00.002Z',
    '1970-01-01T05:00:00.010Z',
  ])
})

test('the clock stands still within a millisecond', () => {
  const now = createClock(readings(HOUR_MS, HOUR_MS, HOUR_MS - 1, HOUR_MS, HOUR_MS + 1))
  expect([now(), now(), now(), now(), now()].map((instant) => instant.slice(-4))).toStrictEqual([
    '000Z',
    '000Z',
    '001Z',
    '002Z',
    '003Z',
  ])
})

test('ids are rising UUIDv7, within a millisecond and when the machine goes back', () => {
  const at = Date.UTC(2026, 0, 31)
  const newId = createNewId(readings(...Array(2000).fill(at), at - 5 * HOUR_MS, at + 1))
  const ids = Array.from({ length: 2002 }, newId)
  expect(ids.toSorted()).toStrictEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(ids[0]?.replaceAll('-', '').slice(0, 12) ?? '', 16)).toBe(at)
})
