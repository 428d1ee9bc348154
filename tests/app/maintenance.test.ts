import { afterEach, describe, expect, jest, test } from 'bun:test'
import { type MaintenanceEvent, maintenanceOf, startMaintenance } from '../../app/maintenance.ts'
import { TaskportError } from '../../core/errors.ts'

const DAY_MS = 86_400_000

type Limits = Parameters<Parameters<typeof startMaintenance>[0]['runBatch']>[0]

/** Starts maintenance whose batches do nothing. `waitFor(n)` resolves when the nth batch has begun. */
function start(answer: (batch: number) => Promise<boolean>, trashRetentionDays = 30) {
  const limits: Limits[] = []
  const events: MaintenanceEvent[] = []
  const begun: PromiseWithResolvers<void>[] = []
  const waitFor = (batch: number) => {
    begun[batch] ??= Promise.withResolvers<void>()
    return begun[batch].promise
  }
  const maintenance = startMaintenance({
    async runBatch(before) {
      const count = limits.push(before)
      await Promise.resolve()
      void waitFor(count)
      begun[count]?.resolve()
      return answer(count)
    },
    trashRetentionDays,
    observe: (event) => events.push(event),
  })
  return { maintenance, limits, events, waitFor }
}

afterEach(() => jest.useRealTimers())

describe('maintenance', () => {
  test('runs batches until nothing is left to do', async () => {
    const { maintenance, limits, waitFor } = start(async (batch) => batch < 3)
    await waitFor(3)
    await maintenance.stop()
    expect(limits).toHaveLength(3)
  })

  test.each([
    [30, 30],
    [7, 7],
    // Without a trash, tombstones are still kept for readers of the feed.
    [0, 30],
  ])('with %d days in the trash removes tombstones after %d days', async (days, expected) => {
    const { maintenance, limits, waitFor } = start(async () => false, days)
    await waitFor(1)
    await maintenance.stop()
    const age = (limit: string | undefined) => Date.now() - Date.parse(`${limit}`)
    expect(Math.round(age(limits[0]?.deleted) / DAY_MS)).toBe(expected)
    expect(Math.round(age(limits[0]?.retries) / DAY_MS)).toBe(1)
  })

  test('runs again after a minute, even after a failure', async () => {
    jest.useFakeTimers()
    const { maintenance, events, waitFor } = start(async (batch) => {
      if (batch === 1) throw new Error('broken')
      return false
    })
    await waitFor(1)
    await settled()
    jest.advanceTimersByTime(60_000)
    await waitFor(2)
    expect(events).toMatchObject([{ type: 'maintenance_failed', error: { message: 'broken' } }])
    await maintenance.stop()
  })

  test('does not report an unavailable store, because requests do', async () => {
    const { maintenance, events, waitFor } = start(async () => {
      throw new TaskportError('unavailable', 'down')
    })
    await waitFor(1)
    await maintenance.stop()
    expect(events).toStrictEqual([])
  })

  test('waits for the running batch when it stops', async () => {
    const running = Promise.withResolvers<boolean>()
    const { maintenance, limits, waitFor } = start(() => running.promise)
    await waitFor(1)
    const stopping = maintenance.stop()
    expect(await Promise.race([stopping.then(() => 'stopped'), settled()])).toBeUndefined()
    running.resolve(true)
    await stopping
    expect(limits).toHaveLength(1)
  })
})

// Lets pending promise callbacks run.
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

test.each([
  [false, false, false],
  [true, false, true],
  [false, true, true],
])(
  'maintains tasks (more: %p) and API tokens (more: %p) in one batch',
  async (tasks, tokens, more) => {
    const purged: string[] = []
    const runBatch = maintenanceOf({
      maintenance: { run: async () => tasks },
      tokens: {
        async purge(expiredBefore) {
          purged.push(expiredBefore)
          return tokens
        },
      },
    })
    const { maintenance, limits, waitFor } = start(async () => false)
    await waitFor(1)
    await maintenance.stop()
    const [before] = limits
    if (!before) throw new Error('maintenance did not run')
    expect(await runBatch(before)).toBe(more)
    expect(purged).toStrictEqual([before.expired])
    const days = (Date.now() - Date.parse(before.expired)) / DAY_MS
    expect(Math.round(days)).toBe(30)
  },
)
