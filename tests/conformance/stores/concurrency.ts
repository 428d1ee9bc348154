import { beforeEach, describe, expect, test } from 'bun:test'
import type { WriteOutcome } from '../../../core/writes.ts'
import {
  after,
  before,
  type Caller,
  createCaller,
  NOT_FOUND,
  TOP,
  taskIn,
  writing,
} from './caller.ts'
import { ann, bob, numberOf, openForEach, type StoreUnderTest, second, turn } from './store.ts'

const RACERS = 20

/** How a `TaskRepository` behaves when many calls run at once, over several connections. */
export function describeConcurrency(store: StoreUnderTest): void {
  describe(`concurrent calls on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller
    let callers: Caller[]

    beforeEach(async () => {
      tasks = createCaller(opened().repository, ann)
      callers = [tasks, createCaller((await opened().openAgain()).repository, ann)]
      await tasks.create(0)
    })

    function race<Result>(
      run: (racer: number, caller: Caller) => Promise<Result>,
    ): Promise<Result[]> {
      return Promise.all(
        Array.from({ length: RACERS }, (_, racer) => run(racer, callers[racer % 2] ?? tasks)),
      )
    }

    const kinds = (outcomes: readonly WriteOutcome[], kind: WriteOutcome['kind']) =>
      outcomes.filter((outcome) => outcome.kind === kind)

    test.each([
      ['deletes', () => writing.remove(0)],
      ['permanent deletes', () => writing.erase(0)],
    ])('lets exactly one of the racing %s succeed', async (_, write) => {
      const outcomes = await race((_racer, caller) => caller.one(write()))
      expect(kinds(outcomes, 'done')).toHaveLength(1)
      expect(kinds(outcomes, 'not_found')).toHaveLength(RACERS - 1)
      expect((await tasks.list()).count).toBe(0)
    })

    test('keeps the last of the racing changes as a whole', async () => {
      const texts = Array.from({ length: RACERS }, (_, racer) => String(racer).repeat(200))
      const answers = await race((racer, caller) =>
        caller.patch(0, { text: `${texts[racer]}`, completed: racer % 2 === 0 }, second(racer)),
      )
      const task = await tasks.existing(0)
      for (const seen of [...answers, task]) {
        const racer = texts.indexOf(`${seen?.text}`)
        expect(racer).toBeGreaterThanOrEqual(0)
        expect(seen?.completed).toBe(racer % 2 === 0)
        expect(seen?.completed_at === null).toBe(racer % 2 !== 0)
      }
      expect(answers).toContainEqual(task)
      const versions = answers.map(({ version }) => version).toSorted((a, b) => a - b)
      expect(versions).toStrictEqual(Array.from({ length: RACERS }, (_, n) => n + 2))
    })

    test.each([
      ['change', (n: number) => writing.patch(0, { text: `${n}` }, [1])],
      ['move', (_: number) => writing.move(0, TOP, [1])],
      ['delete', (_: number) => writing.remove(0, [1])],
    ])('lets exactly one racing %s succeed that expects the same version', async (_, write) => {
      await tasks.create(99)
      const outcomes = await race((racer, caller) => caller.one(write(racer)))
      expect(kinds(outcomes, 'done')).toHaveLength(1)
      expect(kinds(outcomes, 'stale').length + kinds(outcomes, 'not_found').length).toBe(RACERS - 1)
    })

    test('applies every change that is retried with the current version', async () => {
      await race(async (racer, caller) => {
        for (;;) {
          await turn()
          const task = await caller.get(0)
          if (!task) throw new Error('the task was deleted')
          const outcome = await caller.one(
            writing.patch(0, { text: `${task.text} +${racer}+` }, [task.version]),
          )
          if (outcome.kind === 'done') return
        }
      })
      const task = await tasks.get(0)
      for (let racer = 0; racer < RACERS; racer++) expect(task?.text).toContain(`+${racer}+`)
      expect(task?.version).toBe(RACERS + 1)
    })

    test('keeps racing changes of different members', async () => {
      await race((racer, caller) =>
        caller.patch(0, racer === 0 ? { completed: true } : { text: 'new' }),
      )
      expect(await tasks.get(0)).toMatchObject({ text: 'new', completed: true, version: 3 })
    })

    test('sets one completion time when completions race', async () => {
      const answers = await race((racer, caller) =>
        caller.patch(0, { completed: true }, second(racer)),
      )
      expect(new Set(answers.map((task) => task.completed_at)).size).toBe(1)
      expect(new Set(answers.map((task) => task.updated_at)).size).toBe(1)
      expect(new Set(answers.map((task) => task.version)).size).toBe(1)
    })

    test('creates every racing task, each with an order of its own', async () => {
      await race((racer, caller) => caller.create(racer + 1))
      const page = await tasks.list()
      expect(page.count).toBe(RACERS + 1)
      expect(page.tasks).toHaveLength(RACERS + 1)
      expect(new Set(page.tasks.map(({ order }) => order)).size).toBe(RACERS + 1)
    })

    test('creates the racing first tasks of an owner', async () => {
      const again = await opened().openAgain()
      const others = [opened().repository, again.repository].map((one) => createCaller(one, bob))
      await race((racer) => others[racer % 2]?.create(racer + 1) ?? Promise.resolve(null))
      expect(await others[0]?.list()).toMatchObject({ count: RACERS })
    })

    test('applies a change that races a delete as a whole or not at all', async () => {
      const outcomes = await race((racer, caller) =>
        racer === RACERS / 2
          ? caller.one(writing.remove(0))
          : caller.one(writing.patch(0, { text: `${racer}`, completed: true })),
      )
      expect(outcomes[RACERS / 2]).toMatchObject({ kind: 'done', task: null })
      for (const [racer, outcome] of outcomes.entries())
        if (racer !== RACERS / 2 && outcome.kind === 'done')
          expect(taskIn(outcome)).toMatchObject({ text: `${racer}`, completed: true })
        else if (racer !== RACERS / 2) expect(outcome).toStrictEqual(NOT_FOUND)
      expect(await tasks.get(0)).toBeNull()
    })

    test('gives each task an order of its own when moves race', async () => {
      await tasks.all(Array.from({ length: RACERS - 1 }, (_, n) => writing.create(n + 1)))
      for (let round = 0; round < 5; round++)
        await race((racer, caller) => {
          const neighbour = (racer + 1 + round) % RACERS
          return caller.move(
            racer,
            racer % 3 === 0 ? TOP : racer % 3 === 1 ? before(neighbour) : after(neighbour),
          )
        })
      const { tasks: all } = await tasks.list({ sort: 'order' })
      expect(new Set(all.map(numberOf)).size).toBe(RACERS)
      expect(new Set(all.map(({ order }) => order)).size).toBe(RACERS)
    })

    test('applies racing batches one after the other', async () => {
      const pairs = await race((racer, caller) =>
        caller.all([writing.create(100 + racer), writing.patch(0, { text: `${racer}` }, [1])], {
          atomic: true,
        }),
      )
      const done = pairs.filter((outcomes) => outcomes.every(({ kind }) => kind === 'done'))
      expect(done).toHaveLength(1)
      const page = await tasks.list()
      expect(page.count).toBe(2)
      expect(await tasks.get(0)).toMatchObject({ text: `${numberOf(taskIn(done[0]?.[0])) - 100}` })
    })

    test('counts each cleared task once when clears race', async () => {
      await tasks.all(Array.from({ length: 30 }, (_, n) => writing.create(n + 1)))
      await tasks.all(
        Array.from({ length: 30 }, (_, n) => writing.patch(n + 1, { completed: true })),
      )
      const counts = await race((_, caller) => caller.clearCompleted())
      expect(counts.reduce((sum, count) => sum + count)).toBe(30)
      expect((await tasks.list()).count).toBe(1)
    })

    test('lists tasks that agree with their count and revision while others write', async () => {
      let isWriting = true
      const seen = new Map<string, string>()
      const reading = callers.map(async (caller) => {
        while (isWriting) {
          await turn()
          const page = await caller.list({ sort: 'order' })
          expect(page.count).toBe(page.tasks.length)
          const state = JSON.stringify(page.tasks)
          expect(seen.get(page.revision) ?? state).toBe(state)
          seen.set(page.revision, state)
        }
      })
      await race(async (racer, caller) => {
        await caller.create(racer + 1)
        await caller.move(racer + 1, after(0))
        if (racer % 2 === 0) await caller.remove(racer + 1)
      }).finally(() => {
        isWriting = false
      })
      await Promise.all(reading)
      expect((await tasks.list()).count).toBe(RACERS / 2 + 1)
    })
  })
}
