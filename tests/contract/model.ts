import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Owner } from '../../core/owner.ts'
import type { TaskRepository } from '../../core/ports.ts'
import { changeTask, newestFirst, type Task } from '../../core/task.ts'
import { idNumber, ownerNamed, type StoreUnderTest, second, taskNumber } from './store.ts'

/** What a store should hold, kept by the core's own rules. */
class Model {
  readonly owners = new Map<Owner, Map<string, Task>>()
  inserted = 0

  tasks(owner: Owner): Map<string, Task> {
    const tasks = this.owners.get(owner) ?? new Map<string, Task>()
    this.owners.set(owner, tasks)
    return tasks
  }
}

type Command = fc.AsyncCommand<Model, TaskRepository>

function command(
  words: unknown[],
  run: (model: Model, repository: TaskRepository) => Promise<void>,
): Command {
  return {
    check: () => true,
    run,
    toString: () => words.map((word) => fc.stringify(word)).join(' '),
  }
}

const owner = fc.constantFrom('ann', 'bob', 'Ann').map(ownerNamed)
const id = fc.integer({ min: 0, max: 5 }).map(idNumber)
const now = fc.integer({ min: 0, max: 20 }).map(second)
const text = fc
  .oneof(
    fc.constantFrom('a', 'A', 'b '),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  )
  .filter((value) => !value.includes('\0'))
const patch = fc.record({ text, completed: fc.boolean() }, { requiredKeys: [] })

const commands: fc.Arbitrary<Command>[] = [
  fc.tuple(owner, text, now).map(([whose, what, at]) =>
    command(['insert', whose, what, at], async (model, repository) => {
      const task = taskNumber(model.inserted++, { text: what, created_at: at })
      model.tasks(whose).set(task.id, task)
      await repository.insert(whose, task)
    }),
  ),
  fc.tuple(owner, id, patch, now).map(([whose, which, what, at]) =>
    command(['update', whose, which, what, at], async (model, repository) => {
      const task = model.tasks(whose).get(which)
      const expected = task ? changeTask(task, what, at) : null
      if (expected) model.tasks(whose).set(which, expected)
      expect(await repository.update(whose, which, what, at)).toStrictEqual(expected)
    }),
  ),
  fc.tuple(owner, id).map(([whose, which]) =>
    command(['remove', whose, which], async (model, repository) => {
      expect(await repository.remove(whose, which)).toBe(model.tasks(whose).delete(which))
    }),
  ),
  fc.tuple(owner, id).map(([whose, which]) =>
    command(['get', whose, which], async (model, repository) => {
      expect(await repository.get(whose, which)).toStrictEqual(
        model.tasks(whose).get(which) ?? null,
      )
    }),
  ),
  owner.map((whose) =>
    command(['list', whose], async (model, repository) => {
      const expected = [...model.tasks(whose).values()].sort(newestFirst)
      expect(await repository.list(whose)).toStrictEqual(expected)
    }),
  ),
]

/** Random sequences of calls by several owners, with the core's rules as the oracle. */
export function describeModel(store: StoreUnderTest, runs: number): void {
  describe(`model of ${store.name}`, () => {
    test('every sequence of calls leaves what the rules say', async () => {
      await fc.assert(
        fc.asyncProperty(fc.commands(commands, { maxCommands: 60 }), async (sequence) => {
          const { repository, close } = await store.open()
          try {
            await fc.asyncModelRun(() => ({ model: new Model(), real: repository }), sequence)
          } finally {
            await close()
          }
        }),
        { numRuns: runs },
      )
    }, 60_000)
  })
}
