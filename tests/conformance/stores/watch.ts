import { beforeEach, describe, expect, test } from 'bun:test'
import { type Caller, createCaller, writing } from './caller.ts'
import { ann, bob, openForEach, type StoreUnderTest } from './store.ts'

/** The behaviour of every `FeedWatch`. */
export function describeWatch(store: StoreUnderTest): void {
  describe(`watch on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(() => {
      tasks = createCaller(opened().repository, ann)
    })

    /** Resolves when the listener was called and the revision is a new one. */
    function awaitChange(revision: string, on = opened()): Promise<void> {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const listener = () =>
        tasks.revision().then((now) => {
          if (now !== revision) resolve()
        }, reject)
      const stop = on.watch.watch(ann, listener)
      return promise.finally(stop)
    }

    test.each<[string, (caller: Caller) => Promise<unknown>]>([
      ['a new task', (caller) => caller.create(9)],
      ['a change', (caller) => caller.patch(1, { text: 'new' })],
      ['a deletion', (caller) => caller.remove(1)],
      ['a permanent deletion', (caller) => caller.erase(1)],
      ['a batch', (caller) => caller.all([writing.create(8), writing.remove(1)])],
      ['clearing', (caller) => caller.clearCompleted()],
    ])('notifies of %s over another connection', async (_, write) => {
      await tasks.create(1)
      await tasks.patch(1, { completed: true })
      const { repository } = await opened().openAgain()
      const notified = awaitChange(await tasks.revision())
      await write(createCaller(repository, ann))
      await notified
    })

    test('notifies every listener on every connection', async () => {
      const again = await opened().openAgain()
      await tasks.create(1)
      const revision = await tasks.revision()
      const notified = [
        awaitChange(revision),
        awaitChange(revision),
        awaitChange(revision, { ...opened(), watch: again.watch }),
      ]
      await tasks.create(2)
      await Promise.all(notified)
    })

    test('notifies of each of several writes', async () => {
      const again = await opened().openAgain()
      const others = createCaller(again.repository, ann)
      for (let n = 0; n < 5; n++) {
        const notified = awaitChange(await tasks.revision())
        await others.create(n)
        await notified
      }
    })

    test('does not notify a listener that has stopped', async () => {
      const { watch } = opened().watch
      let calls = 0
      const stop = watch(ann, () => calls++)
      const stopTwin = watch(ann, () => {})
      stop()
      stop()
      stopTwin()
      const notified = awaitChange(await tasks.revision())
      await tasks.create(1)
      await notified
      expect(calls).toBe(0)
    })

    test('notifies a listener that was added twice and stopped once', async () => {
      const { watch } = opened().watch
      const { promise, resolve } = Promise.withResolvers<void>()
      const stop = watch(ann, resolve)
      const stopOther = watch(ann, resolve)
      stop()
      await tasks.create(1)
      await promise
      stopOther()
    })

    test('notifies the listeners of one owner only', async () => {
      const notified = Promise.withResolvers<void>()
      const stop = opened().watch.watch(bob, notified.resolve)
      const others = createCaller(opened().repository, bob)
      const notifiedAnn = awaitChange(await tasks.revision())
      await others.create(1)
      await notified.promise
      stop()
      await tasks.create(1)
      await notifiedAnn
    })
  })
}
