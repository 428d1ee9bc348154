import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { WriteCall } from '../../../core/calls.ts'
import type { FeedPosition } from '../../../core/feed.ts'
import type { Owner } from '../../../core/owner.ts'
import { EVERYTHING, type ListQuery, type Position, SORTS } from '../../../core/query.ts'
import { searchFor } from '../../../core/search.ts'
import type { Write } from '../../../core/writes.ts'
import { after, BOTTOM, before, TOP, writing } from './caller.ts'
import { runMaintenance } from './maintenance.ts'
import { createOracle } from './oracle.ts'
import { type Access, idNumber, ownerNamed, type StoreUnderTest, second } from './store.ts'

/** What a store should hold, and what was seen of it that means the same in its own terms. */
function createModel() {
  return {
    oracle: createOracle(),
    made: 0,
    revisions: new Map<string, string>(),
    /** Positions in feeds: the oracle's and the store's. */
    positions: [] as { owner: Owner; expected: FeedPosition; given: FeedPosition }[],
  }
}

type Model = ReturnType<typeof createModel>
type Command = fc.AsyncCommand<Model, Access>

function command(words: unknown[], run: (model: Model, store: Access) => Promise<void>): Command {
  return {
    check: () => true,
    run,
    toString: () => words.map((word) => fc.stringify(word)).join(' '),
  }
}

const owner = fc.constantFrom('ann', 'ann', 'ann', 'bob', 'Ann').map(ownerNamed)
// Few, so that most commands find a task.
const number = fc.nat({ max: 5 })
const now = fc.integer({ min: 0, max: 20 }).map(second)
const text = fc.oneof(
  fc.constantFrom('milk', 'MILK', 'fresh milk ', 'Straße', 'Milk and milkshakes 🥛'),
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: 40 })
    .filter((value) => !value.includes('\0')),
)
const patch = fc.record({ text, completed: fc.boolean() }, { requiredKeys: [] })
const versions = fc.option(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }), { freq: 1 })
const destination = fc.oneof(
  fc.constant(TOP),
  fc.constant(BOTTOM),
  number.map(before),
  number.map(after),
)

/** Makes writes, of which new tasks get their numbers only then. */
type MakeWrites = (nextNumber: () => number) => Write[]

const write: fc.Arbitrary<MakeWrites> = fc.oneof(
  {
    weight: 3,
    arbitrary: text.map((what) => (next: () => number) => [writing.create(next(), what)]),
  },
  ...[
    fc.tuple(number, patch, versions).map((given) => writing.patch(...given)),
    fc.tuple(number, versions).map((given) => writing.remove(...given)),
    fc.tuple(number, versions).map((given) => writing.erase(...given)),
    fc.tuple(number, versions).map((given) => writing.restore(...given)),
    fc.tuple(number, destination, versions).map((given) => writing.move(...given)),
  ].map((one) => one.map((made) => () => [made])),
  // Takes all the room there is between two tasks.
  fc.tuple(number, number, number).map(
    ([one, other, neighbour]) =>
      () =>
        Array.from({ length: 30 }, (_, n) => writing.move(n % 2 ? one : other, after(neighbour))),
  ),
)

const retry = fc.option(
  fc.record({
    key: fc.constantFrom('k', 'K'),
    fingerprint: fc.constantFrom('one', 'one', 'other'),
    rememberedSince: now,
  }),
  { freq: 2 },
)

const query: fc.Arbitrary<ListQuery> = fc.record({
  sort: fc.constantFrom(...SORTS),
  limit: fc.constantFrom(null, 1, 2, 5),
  after: fc.constant(null),
  completed: fc.constantFrom(null, null, true, false),
  search: fc.option(fc.constantFrom('mil', 'milk', 'MILK fresh', 'strasse', '🥛').map(searchFor), {
    freq: 1,
  }),
  deleted: fc.constantFrom(false, false, true),
})

function send(whose: Owner, make: MakeWrites, rest: Omit<WriteCall, 'writes'>): Command {
  const words = [whose, make(() => Number.NaN), rest]
  return command(['write', ...words], async (model, { repository }) => {
    const call = { ...rest, writes: make(() => model.made++) }
    const expected = model.oracle.write(whose, call)
    expect(await repository.write(whose, call)).toStrictEqual(expected)
    await compareRevisions(model, whose, await repository.revision(whose))
  })
}

async function compareRevisions(model: Model, whose: Owner, given: string): Promise<void> {
  const expected = `${whose} ${model.oracle.revision(whose)}`
  for (const [key, value] of [
    [`expected ${expected}`, given],
    [`given ${whose} ${given}`, expected],
  ] as const) {
    expect(model.revisions.get(key) ?? value).toBe(value)
    model.revisions.set(key, value)
  }
}

/** Reads all pages of a list. */
function list(whose: Owner, asked: ListQuery): Command {
  return command(['list', whose, asked], async (model, { repository }) => {
    let expectedAfter: Position | null = null
    let givenAfter: Position | null = null
    do {
      const expected = model.oracle.list(whose, { ...asked, after: expectedAfter })
      const given = await repository.list(whose, { ...asked, after: givenAfter })
      expect(given.tasks).toStrictEqual(expected.tasks)
      expect(given.count).toBe(expected.count)
      expect(given.next?.id).toBe(expected.next?.id)
      await compareRevisions(model, whose, given.revision)
      expectedAfter = expected.next
      givenAfter = given.next
    } while (expectedAfter)
  })
}

/** Reads on from a position that was given before, or from the beginning. */
function changes(whose: Owner, which: number | null, limit: number): Command {
  return command(['changes', whose, which, limit], async (model, { repository }) => {
    const own = model.positions.filter(({ owner: one }) => one === whose)
    const from = which === null ? undefined : own[which % own.length]
    const expected = model.oracle.changes(whose, from?.expected ?? null, limit)
    const given = await repository.changes(whose, from?.given ?? null, limit)
    expect(given && { changes: given.changes, hasMore: given.hasMore }).toStrictEqual(
      expected && { changes: expected.changes, hasMore: expected.hasMore },
    )
    if (expected && given)
      model.positions.push({ owner: whose, expected: expected.next, given: given.next })
  })
}

const commands: fc.Arbitrary<Command>[] = [
  fc
    .tuple(owner, write, now)
    .map(([whose, make, at]) => send(whose, make, { atomic: true, now: at, retry: null })),
  fc
    .tuple(
      owner,
      fc.array(write, { maxLength: 5 }),
      fc.record({ atomic: fc.boolean(), now, retry }),
    )
    .map(([whose, makes, rest]) =>
      send(whose, (next) => makes.flatMap((make) => make(next)), rest),
    ),
  fc.tuple(owner, number).map(([whose, which]) =>
    command(['get', whose, which], async (model, { repository }) => {
      const { tasks } = model.oracle.list(whose, EVERYTHING)
      const expected = tasks.find(({ id }) => id === idNumber(which)) ?? null
      expect(await repository.get(whose, idNumber(which))).toStrictEqual(expected)
    }),
  ),
  fc.tuple(owner, query).map(([whose, asked]) => list(whose, asked)),
  fc
    .tuple(owner, fc.option(fc.nat({ max: 9 })), fc.constantFrom(1, 2, 3, 100))
    .map(([whose, which, limit]) => changes(whose, which, limit)),
  fc.tuple(owner, fc.boolean(), now).map(([whose, permanent, at]) =>
    send(whose, () => [{ op: 'clear_completed', permanent }], {
      atomic: true,
      now: at,
      retry: null,
    }),
  ),
  fc.record({ deleted: now, retries: now }).map((before) =>
    command(['maintain', before], async (model, { maintenance }) => {
      model.oracle.maintain(before)
      await runMaintenance(maintenance, before)
    }),
  ),
]

/** Random sequences of calls by several owners, with the core's rules as the oracle. */
export function describeModel(store: StoreUnderTest, runs: number): void {
  describe(`model of ${store.name}`, () => {
    test('every sequence of calls leaves what the rules say', async () => {
      await fc.assert(
        fc.asyncProperty(fc.commands(commands, { maxCommands: 60 }), async (sequence) => {
          const real = await store.open()
          const model = createModel()
          try {
            await fc.asyncModelRun(() => ({ model, real }), sequence)
            for (const whose of ['ann', 'bob', 'Ann'].map(ownerNamed)) {
              await list(whose, { ...EVERYTHING, sort: 'order' }).run(model, real)
              await list(whose, { ...EVERYTHING, deleted: true }).run(model, real)
              await changes(whose, null, 100).run(model, real)
            }
          } finally {
            await real.close()
          }
        }),
        { numRuns: runs },
      )
    }, 120_000)
  })
}
