import { beforeEach, describe, expect, test } from 'bun:test'
import type { CallResult, Retry } from '../../../core/calls.ts'
import type { TaskWrite } from '../../../core/writes.ts'
import { type Caller, createCaller, NOT_FOUND, replayOf, writing } from './caller.ts'
import { ann, bob, openForEach, type StoreUnderTest, second } from './store.ts'

const RACERS = 20

/** How a `TaskRepository` answers calls that are retried. */
export function describeRetries(store: StoreUnderTest): void {
  describe(`retries on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(() => {
      tasks = createCaller(opened().repository, ann)
    })

    function call(
      writes: readonly TaskWrite[],
      retry: Partial<Retry> = {},
      options: { readonly atomic?: boolean; readonly now?: string; readonly caller?: Caller } = {},
    ): Promise<CallResult> {
      const { caller = tasks, atomic = true, now = second(100) } = options
      const defaults = { key: 'key', fingerprint: 'same', rememberedSince: second(0), ...retry }
      return caller.send(writes, { atomic, now, retry: defaults })
    }

    test('applies the first call and returns its outcomes to the next ones', async () => {
      const first = await call([writing.create(1)])
      const task = await tasks.existing(1)
      expect(first).toStrictEqual({
        kind: 'applied',
        outcomes: [{ kind: 'done', task }],
        replayed: false,
      })
      const revision = await tasks.revision()
      for (const n of [2, 3]) expect(await call([writing.create(n)])).toStrictEqual(replayOf(first))
      expect(await tasks.numbers()).toStrictEqual([1])
      expect(await tasks.revision()).toBe(revision)
    })

    test('returns the first outcomes although the task has changed since', async () => {
      const first = await call([writing.create(1)])
      await tasks.patch(1, { text: 'changed' })
      await tasks.erase(1)
      expect(await call([writing.create(2)])).toStrictEqual(replayOf(first))
      expect(await tasks.list()).toMatchObject({ count: 0 })
    })

    test('refuses another call with the same key', async () => {
      await call([writing.create(1)])
      const revision = await tasks.revision()
      expect(await call([writing.create(2)], { fingerprint: 'other' })).toStrictEqual({
        kind: 'key_reused',
      })
      expect(await tasks.revision()).toBe(revision)
      expect(await tasks.numbers()).toStrictEqual([1])
    })

    test('distinguishes keys by letter case and by owner', async () => {
      const others = createCaller(opened().repository, bob)
      await call([writing.create(1)], { key: 'key' })
      expect(await call([writing.create(2)], { key: 'KEY' })).toMatchObject({ replayed: false })
      const fingerprint = 'other'
      expect(await call([writing.create(3)], { fingerprint }, { caller: others })).toMatchObject({
        replayed: false,
      })
      expect(await tasks.numbers()).toStrictEqual([2, 1])
      expect(await others.numbers()).toStrictEqual([3])
    })

    test('accepts keys of 255 visible characters', async () => {
      const visible = Array.from({ length: 94 }, (_, n) => String.fromCharCode(33 + n)).join('')
      const key = visible.repeat(3).slice(0, 255)
      await call([writing.create(1)], { key })
      expect(await call([writing.create(2)], { key })).toMatchObject({ replayed: true })
    })

    test('forgets an atomic call that failed', async () => {
      const failing = [writing.create(1), writing.remove(9)]
      expect(await call(failing)).toMatchObject({
        outcomes: [{ kind: 'done' }, NOT_FOUND],
        replayed: false,
      })
      expect(await call([writing.create(1)], { fingerprint: 'other' })).toMatchObject({
        outcomes: [{ kind: 'done' }],
        replayed: false,
      })
      expect(await tasks.numbers()).toStrictEqual([1])
    })

    test('remembers every outcome of a call that failed in part', async () => {
      await tasks.create(1)
      const writes = [
        writing.remove(9),
        writing.patch(1, {}, [5]),
        writing.create(2),
        writing.remove(1),
      ]
      const first = await call(writes, {}, { atomic: false })
      expect(first).toMatchObject({
        outcomes: [NOT_FOUND, { kind: 'stale', version: 1 }, { kind: 'done' }, { task: null }],
      })
      expect(await call(writes, {}, { atomic: false })).toStrictEqual(replayOf(first))
    })

    test('remembers a call that changed nothing', async () => {
      await tasks.create(1)
      const first = await call([writing.patch(1, {})])
      await tasks.patch(1, { text: 'changed' })
      expect(await call([writing.patch(1, {})])).toStrictEqual(replayOf(first))
    })

    test('returns the texts of outcomes unchanged', async () => {
      const text = `'"\\{}\u0001😀e\u0301 \ufeff\u{10ffff}\u2028`
      const first = await call([writing.create(1, text)])
      const again = await call([writing.create(2, text)])
      expect(again).toStrictEqual(replayOf(first))
      expect(again).toMatchObject({ outcomes: [{ task: { text } }] })
    })

    test('forgets a call that is too old and remembers the next one', async () => {
      await call([writing.create(1)], {}, { now: second(10) })
      const inTime = { rememberedSince: second(10) }
      expect(await call([writing.create(2)], inTime)).toMatchObject({ replayed: true })
      const tooLate = { rememberedSince: second(11), fingerprint: 'other' }
      const next = await call([writing.create(2)], tooLate, { now: second(20) })
      expect(next).toMatchObject({ replayed: false })
      expect(await call([writing.create(3)], tooLate)).toStrictEqual(replayOf(next))
      expect(await tasks.numbers({ sort: 'created_at' })).toStrictEqual([1, 2])
    })

    test('applies one of the racing calls with one key and returns its outcomes to all', async () => {
      const { repository } = await opened().openAgain()
      const callers = [tasks, createCaller(repository, ann)]
      const results = await Promise.all(
        Array.from({ length: RACERS }, (_, n) =>
          call([writing.create(n)], {}, { caller: callers[n % 2] ?? tasks }),
        ),
      )
      const { tasks: created, count } = await tasks.list()
      expect(count).toBe(1)
      for (const result of results)
        expect(result).toMatchObject({ outcomes: [{ kind: 'done', task: created[0] }] })
      expect(
        results.filter((result) => result.kind === 'applied' && !result.replayed),
      ).toHaveLength(1)
    })

    test('applies one of the racing calls with different fingerprints and refuses the others', async () => {
      const { repository } = await opened().openAgain()
      const callers = [tasks, createCaller(repository, ann)]
      const results = await Promise.all(
        Array.from({ length: RACERS }, (_, n) =>
          call([writing.create(n)], { fingerprint: `${n}` }, { caller: callers[n % 2] ?? tasks }),
        ),
      )
      expect((await tasks.list()).count).toBe(1)
      expect(results.filter(({ kind }) => kind === 'key_reused')).toHaveLength(RACERS - 1)
    })

    test('applies the first racing call with one key that succeeds', async () => {
      const results = await Promise.all(
        Array.from({ length: RACERS }, (_, n) =>
          call(n % 2 ? [writing.create(n)] : [writing.create(n), writing.remove(99)]),
        ),
      )
      const { tasks: created } = await tasks.list()
      expect(created).toHaveLength(1)
      const succeeded = results.filter(
        (result) =>
          result.kind === 'applied' && result.outcomes.every(({ kind }) => kind === 'done'),
      )
      expect(succeeded.length).toBeGreaterThanOrEqual(RACERS / 2)
      for (const result of succeeded)
        expect(result).toMatchObject({ outcomes: [{ task: created[0] }] })
    })
  })
}
