import { beforeEach, describe, expect, test } from 'bun:test'
import type { CallResult, Retry } from '../../../core/calls.ts'
import type { TaskWrite } from '../../../core/writes.ts'
import { type Caller, createCaller, NOT_FOUND, replayOf, writing } from './caller.ts'
import { ann, bob, openForEach, type StoreUnderTest, second } from './store.ts'

const RACERS = 20

/** What every `TaskRepository` does with calls that are repeated. */
export function describeRetries(store: StoreUnderTest): void {
  describe(`repeated calls on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(() => {
      tasks = createCaller(opened().repository, ann)
    })

    function call(
      writes: readonly TaskWrite[],
      retry: Partial<Retry> = {},
      options: { readonly atomic?: boolean; readonly now?: string; readonly by?: Caller } = {},
    ): Promise<CallResult> {
      const { by = tasks, atomic = true, now = second(100) } = options
      const all = { key: 'key', fingerprint: 'same', rememberedSince: second(0), ...retry }
      return by.send(writes, { atomic, now, retry: all })
    }

    test('the first call is done, and the next ones get its answer', async () => {
      const first = await call([writing.create(1)])
      const task = await tasks.existing(1)
      expect(first).toStrictEqual({
        kind: 'answered',
        outcomes: [{ kind: 'done', task }],
        replayed: false,
      })
      const revision = await tasks.revision()
      for (const n of [2, 3]) expect(await call([writing.create(n)])).toStrictEqual(replayOf(first))
      expect(await tasks.numbers()).toStrictEqual([1])
      expect(await tasks.revision()).toBe(revision)
    })

    test('the answer stays as it was, though the task has changed since', async () => {
      const first = await call([writing.create(1)])
      await tasks.patch(1, { text: 'changed' })
      await tasks.erase(1)
      expect(await call([writing.create(2)])).toStrictEqual(replayOf(first))
      expect(await tasks.list()).toMatchObject({ count: 0 })
    })

    test('another request with the key is refused, and does nothing', async () => {
      await call([writing.create(1)])
      const revision = await tasks.revision()
      expect(await call([writing.create(2)], { fingerprint: 'other' })).toStrictEqual({
        kind: 'key_reused',
      })
      expect(await tasks.revision()).toBe(revision)
      expect(await tasks.numbers()).toStrictEqual([1])
    })

    test('keys differ in letter case and belong to their owner', async () => {
      const others = createCaller(opened().repository, bob)
      await call([writing.create(1)], { key: 'key' })
      expect(await call([writing.create(2)], { key: 'KEY' })).toMatchObject({ replayed: false })
      const fingerprint = 'other'
      expect(await call([writing.create(3)], { fingerprint }, { by: others })).toMatchObject({
        replayed: false,
      })
      expect(await tasks.numbers()).toStrictEqual([2, 1])
      expect(await others.numbers()).toStrictEqual([3])
    })

    test('a key may be 255 characters of any visible kind', async () => {
      const visible = Array.from({ length: 94 }, (_, n) => String.fromCharCode(33 + n)).join('')
      const key = visible.repeat(3).slice(0, 255)
      await call([writing.create(1)], { key })
      expect(await call([writing.create(2)], { key })).toMatchObject({ replayed: true })
    })

    test('what failed as a whole is not remembered', async () => {
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

    test('what failed in parts is, with every outcome', async () => {
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

    test('what changed nothing is remembered too', async () => {
      await tasks.create(1)
      const first = await call([writing.patch(1, {})])
      await tasks.patch(1, { text: 'changed' })
      expect(await call([writing.patch(1, {})])).toStrictEqual(replayOf(first))
    })

    test('texts of outcomes come back as they were', async () => {
      const text = `'"\\{}\u0001😀e\u0301 \ufeff\u{10ffff}\u2028`
      const first = await call([writing.create(1, text)])
      const again = await call([writing.create(2, text)])
      expect(again).toStrictEqual(replayOf(first))
      expect(again).toMatchObject({ outcomes: [{ task: { text } }] })
    })

    test('a call that was made too long ago is forgotten, and the next one remembered', async () => {
      await call([writing.create(1)], {}, { now: second(10) })
      const inTime = { rememberedSince: second(10) }
      expect(await call([writing.create(2)], inTime)).toMatchObject({ replayed: true })
      const tooLate = { rememberedSince: second(11), fingerprint: 'other' }
      const next = await call([writing.create(2)], tooLate, { now: second(20) })
      expect(next).toMatchObject({ replayed: false })
      expect(await call([writing.create(3)], tooLate)).toStrictEqual(replayOf(next))
      expect(await tasks.numbers({ sort: 'created_at' })).toStrictEqual([1, 2])
    })

    test('of racing calls with one key one is done, and all get its answer', async () => {
      const { repository } = await opened().openAgain()
      const callers = [tasks, createCaller(repository, ann)]
      const answers = await Promise.all(
        Array.from({ length: RACERS }, (_, n) =>
          call([writing.create(n)], {}, { by: callers[n % 2] ?? tasks }),
        ),
      )
      const { tasks: made, count } = await tasks.list()
      expect(count).toBe(1)
      for (const answer of answers)
        expect(answer).toMatchObject({ outcomes: [{ kind: 'done', task: made[0] }] })
      expect(
        answers.filter((answer) => answer.kind === 'answered' && !answer.replayed),
      ).toHaveLength(1)
    })

    test('of racing requests with one key one is done, and the others are refused', async () => {
      const { repository } = await opened().openAgain()
      const callers = [tasks, createCaller(repository, ann)]
      const answers = await Promise.all(
        Array.from({ length: RACERS }, (_, n) =>
          call([writing.create(n)], { fingerprint: `${n}` }, { by: callers[n % 2] ?? tasks }),
        ),
      )
      expect((await tasks.list()).count).toBe(1)
      expect(answers.filter(({ kind }) => kind === 'key_reused')).toHaveLength(RACERS - 1)
    })

    test('of racing calls whose first ones fail the first that can is done', async () => {
      const answers = await Promise.all(
        Array.from({ length: RACERS }, (_, n) =>
          call(n % 2 ? [writing.create(n)] : [writing.create(n), writing.remove(99)]),
        ),
      )
      const { tasks: made } = await tasks.list()
      expect(made).toHaveLength(1)
      const done = answers.filter(
        (answer) =>
          answer.kind === 'answered' && answer.outcomes.every(({ kind }) => kind === 'done'),
      )
      expect(done.length).toBeGreaterThanOrEqual(RACERS / 2)
      for (const answer of done) expect(answer).toMatchObject({ outcomes: [{ task: made[0] }] })
    })
  })
}
