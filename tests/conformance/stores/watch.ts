import { beforeEach, describe, expect, test } from 'bun:test'
import { type Caller, createCaller, writing } from './caller.ts'
import { ann, bob, openForEach, type StoreUnderTest } from './store.ts'

/** What every `FeedWatch` does. */
export function describeWatch(store: StoreUnderTest): void {
  describe(`watch on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(() => {
      tasks = createCaller(opened().repository, ann)
    })

    /** Resolves at the first call after which the feed has gone beyond a revision. */
    function awaitBeyond(revision: string, on = opened()): Promise<void> {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const look = () =>
        tasks.revision().then((now) => {
          if (now !== revision) resolve()
        }, reject)
      const stop = on.watch.watch(ann, look)
      return promise.finally(stop)
    }

    test.each<[string, (caller: Caller) => Promise<unknown>]>([
      ['a new task', (caller) => caller.create(9)],
      ['a change', (caller) => caller.patch(1, { text: 'new' })],
      ['a deletion', (caller) => caller.remove(1)],
      ['a permanent deletion', (caller) => caller.erase(1)],
      ['a batch', (caller) => caller.all([writing.create(8), writing.remove(1)])],
      ['clearing', (caller) => caller.clearCompleted()],
    ])('tells of %s that came by another way', async (_, write) => {
      await tasks.create(1)
      await tasks.patch(1, { completed: true })
      const { repository } = await opened().openAgain()
      const told = awaitBeyond(await tasks.revision())
      await write(createCaller(repository, ann))
      await told
    })

    test('tells all who wait, on either way', async () => {
      const again = await opened().openAgain()
      await tasks.create(1)
      const revision = await tasks.revision()
      const told = [
        awaitBeyond(revision),
        awaitBeyond(revision),
        awaitBeyond(revision, { ...opened(), watch: again.watch }),
      ]
      await tasks.create(2)
      await Promise.all(told)
    })

    test('tells of each of several writes', async () => {
      const again = await opened().openAgain()
      const others = createCaller(again.repository, ann)
      for (let n = 0; n < 5; n++) {
        const told = awaitBeyond(await tasks.revision())
        await others.create(n)
        await told
      }
    })

    test('tells those who go on waiting and not those who have stopped', async () => {
      const { watch } = opened().watch
      let calls = 0
      const stop = watch(ann, () => calls++)
      const stopTwin = watch(ann, () => {})
      stop()
      stop()
      stopTwin()
      const told = awaitBeyond(await tasks.revision())
      await tasks.create(1)
      await told
      expect(calls).toBe(0)
    })

    test('goes on for one listener when the same one has stopped elsewhere', async () => {
      const { watch } = opened().watch
      const { promise, resolve } = Promise.withResolvers<void>()
      const stop = watch(ann, resolve)
      const stopOther = watch(ann, resolve)
      stop()
      await tasks.create(1)
      await promise
      stopOther()
    })

    test('those who wait for different owners are told apart', async () => {
      const told = Promise.withResolvers<void>()
      const stop = opened().watch.watch(bob, told.resolve)
      const others = createCaller(opened().repository, bob)
      const toldAnn = awaitBeyond(await tasks.revision())
      await others.create(1)
      await told.promise
      stop()
      await tasks.create(1)
      await toldAnn
    })
  })
}
