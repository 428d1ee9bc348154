import { describe, expect, test } from 'bun:test'
import { createMemoryRateLimit } from '../../adapters/memory/rate-limit.ts'

describe('the count in memory', () => {
  function createCount(maxCallers?: number) {
    let milliseconds = 0
    const limit = createMemoryRateLimit({
      requests: 1000,
      windowSeconds: 60,
      now: () => milliseconds,
      ...(maxCallers === undefined ? {} : { maxCallers }),
    })
    return {
      size: limit.size,
      requestsOf: (caller: string) => 1000 - limit.count(caller).remaining,
      /** The count of a caller after one request is given back. */
      requestsAfterGiving: (caller: string) => 1000 - limit.giveBack(caller).remaining,
      pass(seconds: number) {
        milliseconds += seconds * 1000
      },
    }
  }

  test('keeps at most maxCallers, and forgets the oldest', () => {
    const { requestsOf, size } = createCount(100)
    for (let n = 0; n < 10_000; n++) {
      requestsOf(`${n}`)
      expect(size()).toBeLessThanOrEqual(100)
    }
    for (let n = 9_950; n < 10_000; n++) expect(requestsOf(`${n}`)).toBe(2)
    expect(requestsOf('1')).toBe(1)
  })

  test('gives back at most what was counted', () => {
    const { requestsOf, requestsAfterGiving, pass, size } = createCount()
    requestsOf('ann')
    requestsOf('ann')
    pass(30)
    expect(requestsAfterGiving('ann')).toBe(1)
    expect(requestsAfterGiving('ann')).toBe(0)
    expect(requestsAfterGiving('ann')).toBe(0)
    expect(requestsOf('ann')).toBe(1)
    pass(30)
    expect(requestsAfterGiving('ann')).toBe(0)
    expect(requestsOf('ann')).toBe(1)
    const remembered = size()
    expect(requestsAfterGiving('carol')).toBe(0)
    expect(size()).toBe(remembered)
  })

  test('remembers a caller for its whole window when many others send requests', () => {
    const { requestsOf, pass } = createCount()
    for (let second = 1; second <= 60; second++) {
      expect(requestsOf('ann')).toBe(second)
      requestsOf(`${second}`)
      pass(0.999)
    }
  })

  test('forgets only callers whose window has ended, unless there are too many', () => {
    const { requestsOf, pass, size } = createCount()
    pass(59)
    expect(requestsOf('ann')).toBe(1)
    pass(1)
    expect(requestsOf('bob')).toBe(1)
    pass(58.999)
    expect(requestsOf('ann')).toBe(2)
    expect(requestsOf('bob')).toBe(2)
    pass(0.001)
    expect(requestsOf('ann')).toBe(1)
    expect(requestsOf('bob')).toBe(3)
    pass(60)
    requestsOf('dan')
    pass(60)
    requestsOf('eve')
    expect(size()).toBe(2)
  })
})
