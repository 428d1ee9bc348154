import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { WriteCall } from '../../../core/calls.ts'
import type { FeedPosition } from '../../../core/feed.ts'
import type { Owner } from '../../../core/owner.ts'
import { EVERYTHING, type TaskQuery } from '../../../core/query.ts'
import { searchFor } from '../../../core/search.ts'
import { type PagePosition, SORTS } from '../../../core/sorting.ts'
import { PRIORITIES, type Priority, type TaskPatch } from '../../../core/task.ts'
import type { Write } from '../../../core/writes.ts'
import { after, BOTTOM, before, TOP, writing } from './caller.ts'
import { runMaintenance } from './maintenance.ts'
import { createOracle } from './oracle.ts'
import { type Access, idNumber, listId, ownerNamed, type StoreUnderTest, second } from './store.ts'

/** The oracle, and how its revisions and positions correspond to the store's. */
function createModel() {
  return {
    oracle: createOracle(),
    /** How many tasks and lists were created. */
    created: 0,
    calls: 0,
    revisions: new Map<string, string>(),
    /** The same positions in feeds, as the oracle and as the store returned them. */
    positions: [] as { owner: Owner; expected: FeedPosition; given: FeedPosition }[],
  }
}

type Model = ReturnType<typeof createModel>
type Command = fc.AsyncCommand<Model, Access>

function command(parts: unknown[], run: (model: Model, store: Access) => Promise<void>): Command {
  return {
    check: () => true,
    run,
    toString: () => parts.map((part) => fc.stringify(part)).join(' '),
  }
}

const anyOwner = fc.constantFrom('ann', 'ann', 'ann', 'bob', 'Ann').map(ownerNamed)
// Few numbers, so that most commands find a task or a list.
const number = fc.nat({ max: 5 })
const listOf = fc.nat({ max: 5 })
const day = fc.constantFrom('2026-01-30', '2026-01-31', '2026-01-31T09:30', '2026-02-28')
const now = fc.integer({ min: 0, max: 20 }).map(second)
const text = fc.oneof(
  fc.constantFrom('milk', 'MILK', 'fresh milk ', 'Straße', 'Milk and milkshakes 🥛'),
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: 40 })
    .filter((value) => !value.includes('\0')),
)
const taskId = fc.oneof(number.map(idNumber), fc.constant(null))
const anyListId = fc.oneof(listOf.map(listId), fc.constant(null))
const rule = fc.constantFrom('FREQ=DAILY;COUNT=3', 'FREQ=WEEKLY;BYDAY=MO', 'FREQ=MONTHLY')
const members = {
  description: fc.option(text),
  due: fc.option(day),
  time_zone: fc.constantFrom(null, 'Pacific/Auckland'),
  priority: fc.constantFrom(...PRIORITIES),
  tags: fc.constantFrom([], ['Home'], ['straße', 'Work']),
  list_id: anyListId,
  parent_id: taskId,
  recurrence: fc.option(fc.record({ rule, from: fc.constantFrom('due', 'completion') })),
}
const anyMembers = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  fc.record(members, { requiredKeys: [] }),
  fc.record({ parent_id: taskId }),
  fc.record({ list_id: anyListId }),
  fc.record({ due: day, recurrence: members.recurrence }),
)
const patch = fc
  .tuple(fc.record({ text, completed: fc.boolean() }, { requiredKeys: [] }), anyMembers)
  .map(([old, more]): TaskPatch => ({ ...old, ...more }))
const versions = fc.option(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }), { freq: 1 })
const destination = fc.oneof(
  fc.constant(TOP),
  fc.constant(BOTTOM),
  number.map(before),
  number.map(after),
)

const listDestination = fc.oneof(
  fc.constant(TOP),
  fc.constant(BOTTOM),
  listOf.map((n) => ({ before: listId(n) })),
  listOf.map((n) => ({ after: listId(n) })),
)

// Lists share the numbers of tasks.
function newList(next: () => number, name: string): Write {
  return writing.createList(next(), name)
}

/** Makes writes when a command runs, because only then the number of a new task is known. */
type MakeWrites = (nextNumber: () => number) => Write[]

const write: fc.Arbitrary<MakeWrites> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(text, anyMembers).map(([what, more]) => (next: () => number) => [
      writing.create(next(), what, more),
    ]),
  },
  ...[
    fc.tuple(number, patch, versions).map((given) => writing.patch(...given)),
    fc.tuple(number, versions).map((given) => writing.remove(...given)),
    fc.tuple(number, versions).map((given) => writing.erase(...given)),
    fc.tuple(number, versions).map((given) => writing.restore(...given)),
    fc.tuple(number, destination, versions).map((given) => writing.move(...given)),
    number.map((n) => writing.patch(n, { completed: true })),
    number.map((n) => writing.patch(n, { completed: false })),
    fc.tuple(listOf, versions).map((given) => writing.removeList(...given)),
    fc
      .tuple(listOf, fc.record({ name: text, color: fc.constant('#aabbcc') }, { requiredKeys: [] }))
      .map((given) => writing.patchList(...given)),
    fc.tuple(listOf, listDestination).map((given) => writing.moveList(...given)),
  ].map((one) => one.map((made) => () => [made])),
  { weight: 1, arbitrary: text.map((name) => (next: () => number) => [newList(next, name)]) },
  // Uses up the room between two tasks.
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

const always = { weight: 3, arbitrary: fc.constant(null) }

const anyQuery: fc.Arbitrary<TaskQuery> = fc.record({
  sort: fc.constantFrom(...SORTS),
  limit: fc.constantFrom(null, 1, 2, 5),
  after: fc.constant(null),
  completed: fc.constantFrom(null, null, true, false),
  search: fc.option(fc.constantFrom('mil', 'milk', 'MILK fresh', 'strasse', '🥛').map(searchFor), {
    freq: 1,
  }),
  deleted: fc.constantFrom(false, false, true),
  list: fc.oneof(always, listOf.map(listId), fc.constant('inbox')),
  tags: fc.constantFrom([], [], ['home'], ['work', 'strasse']),
  priorities: fc.constantFrom<Priority[]>([], [], ['high'], ['none', 'low']),
  parent: fc.oneof(always, number.map(idNumber), fc.constant('none')),
  due: fc.constantFrom<TaskQuery['due']>(
    null,
    null,
    'none',
    { after: '2026-01-31', before: null },
    { after: null, before: '2026-02-28' },
    { after: '2026-01-31', before: '2026-01-31T10:00' },
  ),
})

// Ids of tasks that the rules add begin here.
const ADDED = 0x1_0000
const ADDED_AT_ONCE = 0x1000

function send(owner: Owner, make: MakeWrites, rest: Omit<WriteCall, 'writes' | 'idAt'>): Command {
  const parts = [owner, make(() => Number.NaN), rest]
  return command(['write', ...parts], async (model, { repository }) => {
    const first = ADDED + ADDED_AT_ONCE * model.calls++
    const idAt = (index: number) => idNumber(first + index)
    const call = { ...rest, idAt, writes: make(() => model.created++) }
    const expected = model.oracle.write(owner, call)
    expect(await repository.write(owner, call)).toStrictEqual(expected)
    await compareRevisions(model, owner, await repository.revision(owner))
  })
}

async function compareRevisions(model: Model, owner: Owner, given: string): Promise<void> {
  const expected = `${owner} ${model.oracle.revision(owner)}`
  for (const [key, value] of [
    [`expected ${expected}`, given],
    [`given ${owner} ${given}`, expected],
  ] as const) {
    expect(model.revisions.get(key) ?? value).toBe(value)
    model.revisions.set(key, value)
  }
}

/** Reads all pages of a list. */
function list(owner: Owner, query: TaskQuery): Command {
  return command(['list', owner, query], async (model, { repository }) => {
    let expectedAfter: PagePosition | null = null
    let givenAfter: PagePosition | null = null
    do {
      const expected = model.oracle.list(owner, { ...query, after: expectedAfter })
      const given = await repository.list(owner, { ...query, after: givenAfter })
      expect(given.tasks).toStrictEqual(expected.tasks)
      expect(given.count).toBe(expected.count)
      expect(given.next?.id).toBe(expected.next?.id)
      expect(given.unknown).toStrictEqual(expected.unknown)
      await compareRevisions(model, owner, given.revision)
      expectedAfter = expected.next
      givenAfter = given.next
    } while (expectedAfter)
  })
}

/** Reads all lists. */
function lists(owner: Owner): Command {
  return command(['lists', owner], async (model, { repository }) => {
    const expected = model.oracle.lists(owner)
    const given = await repository.lists(owner)
    expect(given.lists).toStrictEqual(expected)
    await compareRevisions(model, owner, given.revision)
    for (const { open: _, ...one } of expected)
      expect(await repository.getList(owner, one.id)).toStrictEqual(one)
  })
}

/** Reads on from an earlier position, or from the beginning. */
function changes(owner: Owner, which: number | null, limit: number): Command {
  return command(['changes', owner, which, limit], async (model, { repository }) => {
    const own = model.positions.filter((one) => one.owner === owner)
    const from = which === null ? undefined : own[which % own.length]
    const expected = model.oracle.changes(owner, from?.expected ?? null, limit)
    const given = await repository.changes(owner, from?.given ?? null, limit)
    expect(given && { changes: given.changes, hasMore: given.hasMore }).toStrictEqual(
      expected && { changes: expected.changes, hasMore: expected.hasMore },
    )
    if (expected && given)
      model.positions.push({ owner, expected: expected.next, given: given.next })
  })
}

const commands: fc.Arbitrary<Command>[] = [
  fc
    .tuple(anyOwner, write, now)
    .map(([owner, make, at]) => send(owner, make, { atomic: true, now: at, retry: null })),
  fc
    .tuple(
      anyOwner,
      fc.array(write, { maxLength: 5 }),
      fc.record({ atomic: fc.boolean(), now, retry }),
    )
    .map(([owner, makes, rest]) =>
      send(owner, (next) => makes.flatMap((make) => make(next)), rest),
    ),
  fc.tuple(anyOwner, number).map(([owner, which]) =>
    command(['get', owner, which], async (model, { repository }) => {
      const { tasks } = model.oracle.list(owner, EVERYTHING)
      const expected = tasks.find(({ id }) => id === idNumber(which)) ?? null
      expect(await repository.get(owner, idNumber(which))).toStrictEqual(expected)
    }),
  ),
  fc.tuple(anyOwner, anyQuery).map(([owner, query]) => list(owner, query)),
  anyOwner.map(lists),
  fc
    .tuple(anyOwner, fc.option(fc.nat({ max: 9 })), fc.constantFrom(1, 2, 3, 100))
    .map(([owner, which, limit]) => changes(owner, which, limit)),
  fc.tuple(anyOwner, fc.boolean(), now).map(([owner, permanent, at]) =>
    send(owner, () => [{ op: 'clear_completed', permanent, limit: 3 }], {
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

/** Runs random calls of several owners against the store and the oracle. */
export function describeModel(store: StoreUnderTest, runs: number): void {
  describe(`model of ${store.name}`, () => {
    test('returns what the oracle returns after any sequence of calls', async () => {
      await fc.assert(
        fc.asyncProperty(fc.commands(commands, { maxCommands: 60 }), async (sequence) => {
          const real = await store.open()
          const model = createModel()
          try {
            await fc.asyncModelRun(() => ({ model, real }), sequence)
            for (const owner of ['ann', 'bob', 'Ann'].map(ownerNamed)) {
              await list(owner, { ...EVERYTHING, sort: 'order' }).run(model, real)
              await list(owner, { ...EVERYTHING, deleted: true }).run(model, real)
              await lists(owner).run(model, real)
              await changes(owner, null, 100).run(model, real)
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
