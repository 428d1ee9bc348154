import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { TaskRepository } from '../../core/ports.ts'
import type { Task } from '../../core/task.ts'
import { idNumber, ownerNamed, type StoreUnderTest, second, taskNumber } from './store.ts'

const ann = ownerNamed('ann')
const RACERS = 20

/** What every `TaskRepository` holds to when many calls are under way at once. */
export function describeConcurrency(store: StoreUnderTest): void {
  describe(`concurrent calls on ${store.name}`, () => {
    let opened: Awaited<ReturnType<StoreUnderTest['open']>>
    let repository: TaskRepository

    beforeEach(async () => {
      opened = await store.open()
      repository = opened.repository
      await repository.insert(ann, taskNumber(0))
    })

    afterEach(() => opened.close())

    function race<Result>(run: (racer: number) => Promise<Result>): Promise<Result[]> {
      return Promise.all(Array.from({ length: RACERS }, (_, racer) => run(racer)))
    }

    test('of racing deletes one wins', async () => {
      const removed = await race(() => repository.remove(ann, idNumber(0)))
      expect(removed.filter(Boolean)).toHaveLength(1)
    })

    test('of racing updates the last one stands, whole', async () => {
      const texts = Array.from({ length: RACERS }, (_, racer) => String(racer).repeat(200))
      const answers = await race((racer) =>
        repository.update(
          ann,
          idNumber(0),
          { text: `${texts[racer]}`, completed: racer % 2 === 0 },
          second(racer),
        ),
      )
      const task = await repository.get(ann, idNumber(0))
      for (const seen of [...answers, task]) {
        const racer = texts.indexOf(`${seen?.text}`)
        expect(racer).toBeGreaterThanOrEqual(0)
        expect(seen?.completed).toBe(racer % 2 === 0)
        expect(seen?.completed_at === null).toBe(racer % 2 !== 0)
      }
      expect(answers).toContainEqual(task)
    })

    test('updates of different members are both kept', async () => {
      await race((racer) =>
        repository.update(
          ann,
          idNumber(0),
          racer === 0 ? { completed: true } : { text: 'new' },
          second(racer),
        ),
      )
      expect(await repository.get(ann, idNumber(0))).toMatchObject({ text: 'new', completed: true })
    })

    test('racing completions set one completion time', async () => {
      const answers = await race((racer) =>
        repository.update(ann, idNumber(0), { completed: true }, second(racer)),
      )
      expect(new Set(answers.map((task) => task?.completed_at)).size).toBe(1)
      expect(new Set(answers.map((task) => task?.updated_at)).size).toBe(1)
    })

    test('racing inserts are all there', async () => {
      await race((racer) => repository.insert(ann, taskNumber(racer + 1)))
      expect(await repository.list(ann)).toHaveLength(RACERS + 1)
    })

    test('an update that races a delete finds the task whole or not at all', async () => {
      const answers = await race<Task | boolean | null>((racer) =>
        racer === RACERS / 2
          ? repository.remove(ann, idNumber(0))
          : repository.update(
              ann,
              idNumber(0),
              { text: `${racer}`, completed: true },
              second(racer),
            ),
      )
      expect(answers[RACERS / 2]).toBe(true)
      for (const answer of answers)
        if (answer !== null && typeof answer !== 'boolean') expect(answer.completed).toBe(true)
      expect(await repository.get(ann, idNumber(0))).toBeNull()
    })
  })
}
