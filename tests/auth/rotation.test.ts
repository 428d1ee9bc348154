import { afterEach, beforeEach, expect, jest, test } from 'bun:test'
import { createPreviousSecretReport } from '../../adapters/auth/rotation.ts'

beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  jest.useRealTimers()
})

test('reports uses of the previous secret once a minute', () => {
  const reports: number[] = []
  const report = createPreviousSecretReport((requests) => reports.push(requests))
  for (let use = 0; use < 3; use += 1) report.count()
  jest.advanceTimersByTime(59_999)
  report.count()
  expect(reports).toEqual([])
  jest.advanceTimersByTime(1)
  expect(reports).toEqual([4])
  report.count()
  jest.advanceTimersByTime(59_999)
  expect(reports).toEqual([4])
  jest.advanceTimersByTime(1)
  expect(reports).toEqual([4, 1])
  jest.advanceTimersByTime(600_000)
  expect(reports).toEqual([4, 1])
})

test('reports pending uses when it closes, and nothing later', () => {
  const reports: number[] = []
  const report = createPreviousSecretReport((requests) => reports.push(requests))
  report.count()
  report.close()
  expect(reports).toEqual([1])
  report.count()
  report.close()
  jest.advanceTimersByTime(600_000)
  expect(reports).toEqual([1])
})

test('does not keep the process alive for a pending report', async () => {
  jest.useRealTimers()
  const module = new URL('../../adapters/auth/rotation.ts', import.meta.url).pathname
  const script = `
    const { createPreviousSecretReport } = await import(${JSON.stringify(module)})
    createPreviousSecretReport(() => {}).count()`
  expect(await Bun.spawn([process.execPath, '-e', script]).exited).toBe(0)
})
