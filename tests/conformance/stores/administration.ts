import { beforeEach, describe, expect, test } from 'bun:test'
import type { Owner } from '../../../core/owner.ts'
import {
  type OwnerAdministration,
  type OwnerContents,
  type RenewalPlace,
  VERSION_JUMP,
} from '../../../core/ports.ts'
import { type Caller, createCaller, writing } from './caller.ts'
import {
  ann,
  bob,
  type DurableStore,
  idNumber,
  listId,
  listNumber,
  openForEach,
  owned,
  ownerNamed,
  type StoreUnderTest,
  second,
  taskNumber,
} from './store.ts'

// More than one part of any store.
const MANY = 2300

const NOTHING: OwnerContents = { tasks: 0, lists: 0, remembered_calls: 0, tokens: 0 }

const zoe = ownerNamed('zoë')

/** Deletes everything of an owner. @returns what was deleted. */
async function deleteAll(
  administration: OwnerAdministration,
  owner: Owner,
  afterPart: () => Promise<void> = async () => {},
): Promise<OwnerContents> {
  const total = { ...NOTHING }
  for (;;) {
    const { deleted, hasMore } = await administration.deleteSome(owner)
    total.tasks += deleted.tasks
    total.lists += deleted.lists
    total.remembered_calls += deleted.remembered_calls
    total.tokens += deleted.tokens
    if (!hasMore) return total
    await afterPart()
  }
}

/** Renews all feeds. @returns of how many owners. */
async function renewAll(
  administration: OwnerAdministration,
  afterPart: () => Promise<void> = async () => {},
): Promise<number> {
  let total = 0
  let place: RenewalPlace | null = null
  do {
    const renewal = await administration.renewFeeds(place)
    total += renewal.owners
    place = renewal.place
    await afterPart()
  } while (place !== null)
  return total
}

/** The behaviour of every `OwnerAdministration`. */
export function describeOwnerAdministration(store: StoreUnderTest<DurableStore>): void {
  describe(`OwnerAdministration on ${store.name}`, () => {
    const opened = openForEach(store)
    let administration: OwnerAdministration
    let tasks: Caller
    let others: Caller

    beforeEach(() => {
      administration = opened().administration
      tasks = createCaller(opened().repository, ann)
      others = createCaller(opened().repository, bob)
    })

    const remember = (caller: Caller, key: string, n: number) =>
      caller.send([writing.create(n)], {
        retry: { key, fingerprint: 'same', rememberedSince: second(0) },
      })

    const createToken = (owner: Owner, n: number) =>
      opened().tokens.create(
        owner,
        {
          id: idNumber(n),
          name: 'ci',
          scopes: ['read'],
          created_at: second(0),
          expires_at: null,
          last_used_at: null,
        },
        `${n}`.padStart(64, '0'),
        50,
      )

    /** Something of every kind: 4 tasks, one of them in the trash, a tombstone, 2 lists, a remembered call. */
    async function fill(caller: Caller): Promise<void> {
      await caller.createList(1)
      await caller.createList(2)
      await caller.createList(3)
      await caller.removeList(3)
      await caller.add(1, { list_id: listId(1), description: 'd'.repeat(1000), tags: ['t'] })
      await caller.add(2, { parent_id: idNumber(1) })
      await caller.create(3)
      await caller.create(4)
      await caller.patch(1, { completed: true })
      await caller.remove(3)
      await caller.erase(4)
      await remember(caller, 'key', 5)
    }

    async function importMany(owner: Owner): Promise<void> {
      const all = Array.from({ length: MANY }, (_, n) =>
        taskNumber(n, n % 2 === 0 ? {} : { parent_id: idNumber(n - 1) }),
      )
      for (let from = 0; from < MANY; from += 500)
        await opened().archive.add(owned(owner, all.slice(from, from + 500)))
    }

    describe('largest', () => {
      test('summarizes the owners with the most tasks, most first', async () => {
        await fill(tasks)
        await others.create(1)
        await createCaller(opened().repository, zoe).create(1)
        const { owners, largest } = await administration.largest(2)
        expect(owners).toBe(3)
        expect(largest).toStrictEqual([
          {
            owner: ann,
            tasks: 3,
            open: 2,
            lists: 2,
            bytes: expect.any(Number),
            last_write: second(11),
          },
          {
            owner: bob,
            tasks: 1,
            open: 1,
            lists: 0,
            bytes: expect.any(Number),
            last_write: second(0),
          },
        ])
        const [first, next] = largest.map(({ bytes }) => bytes)
        expect(next).toBeGreaterThan(30)
        expect(next).toBeLessThan(500)
        expect(first).toBeGreaterThan(1000)
        expect(first).toBeLessThan(10_000)
      })

      test('has no last write of an owner whose tasks were purged', async () => {
        await tasks.create(1)
        await tasks.erase(1)
        await opened().maintenance.run({ deleted: second(1000), retries: second(1000) })
        expect((await administration.largest(5)).largest).toStrictEqual([
          { owner: ann, tasks: 0, open: 0, lists: 0, bytes: 0, last_write: null },
        ])
      })

      test('is empty without owners', async () => {
        expect(await administration.largest(5)).toStrictEqual({ owners: 0, largest: [] })
      })
    })

    describe('deleteSome', () => {
      test('deletes everything of one owner and nothing of others', async () => {
        await fill(tasks)
        await fill(others)
        await createToken(ann, 1)
        await createToken(bob, 2)
        const all = { tasks: 4, lists: 2, remembered_calls: 1, tokens: 1 }
        expect(await administration.contents(ann)).toStrictEqual(all)
        expect(await administration.deleteSome(ann)).toStrictEqual({ deleted: all, hasMore: false })
        expect(await administration.contents(ann)).toStrictEqual(NOTHING)
        expect(await tasks.list()).toMatchObject({ tasks: [], count: 0 })
        expect(await tasks.trash()).toStrictEqual([])
        expect(await tasks.lists()).toStrictEqual([])
        expect(await opened().tokens.list(ann)).toStrictEqual([])
        expect(await administration.contents(bob)).toStrictEqual(all)
        expect(await others.numbers({ sort: 'created_at' })).toStrictEqual([1, 2, 5])
        expect(await administration.largest(5)).toMatchObject({ owners: 1 })
        expect(await opened().archive.read('tasks', ann, null)).toStrictEqual([])
      })

      test('deletes nothing of an owner who has nothing', async () => {
        expect(await administration.deleteSome(ann)).toStrictEqual({
          deleted: NOTHING,
          hasMore: false,
        })
      })

      test('ends the feed, and a new one begins with the next write', async () => {
        await tasks.create(1)
        const earlier = await tasks.changes(null)
        const revision = await tasks.revision()
        await deleteAll(administration, ann)
        expect(await tasks.changes(earlier?.next ?? null)).toBeNull()
        expect(await tasks.changes(null)).toMatchObject({ changes: [], hasMore: false })
        await tasks.create(2)
        expect(await tasks.revision()).not.toBe(revision)
        expect(await tasks.changes(earlier?.next ?? null)).toBeNull()
        expect(await tasks.changes(null)).toMatchObject({
          changes: [{ type: 'upsert', task: { id: idNumber(2), version: 1, order: 0 } }],
        })
      })

      test('runs a call again that was remembered', async () => {
        await remember(tasks, 'key', 1)
        await deleteAll(administration, ann)
        expect(await remember(tasks, 'key', 2)).toMatchObject({ replayed: false })
        expect(await tasks.numbers()).toStrictEqual([2])
      })

      test('leaves a consistent rest after each part of many tasks', async () => {
        await importMany(ann)
        await tasks.createList(1)
        let reader = await tasks.changes(null, 1)
        const deleted = await deleteAll(administration, ann, async () => {
          const { tasks: rest, count } = await tasks.list({ limit: MANY })
          expect(count).toBe(rest.length)
          const ids = new Set(rest.map(({ id }) => id))
          for (const { parent_id } of rest) if (parent_id !== null) expect(ids).toContain(parent_id)
          expect(await tasks.changes(reader?.next ?? null)).toBeNull()
          reader = await tasks.changes(null, 1)
          expect(await tasks.lists()).toMatchObject([{ id: listId(1), open: 0 }])
        })
        expect(deleted).toStrictEqual({ ...NOTHING, tasks: MANY, lists: 1 })
        expect(await tasks.list()).toMatchObject({ tasks: [], count: 0 })
      }, 30_000)

      test('deletes everything while its owner and others write', async () => {
        await importMany(ann)
        const again = await opened().openAgain()
        const writer = createCaller(again.repository, ann)
        const other = createCaller(again.repository, bob)
        let isDeleting = true
        let written = 0
        async function write() {
          while (isDeleting) {
            await Promise.all([writer.create(10_000 + written), other.create(written)])
            written++
          }
        }
        const writing = write()
        await deleteAll(administration, ann).finally(() => {
          isDeleting = false
        })
        await writing
        expect(written).toBeGreaterThan(0)
        const rest = await tasks.list({ limit: MANY })
        expect(rest.count).toBe(rest.tasks.length)
        expect(rest.tasks.filter(({ id }) => id < idNumber(10_000))).toStrictEqual([])
        expect(await others.list()).toMatchObject({ count: written })
      }, 30_000)

      test.each(['the same', 'another'])('notifies listeners on %s connection', async (which) => {
        await tasks.create(1)
        const { watch } = which === 'the same' ? opened() : await opened().openAgain()
        const { promise, resolve, reject } = Promise.withResolvers<void>()
        const stop = watch.watch(ann, () => {
          tasks.list().then(({ count }) => {
            if (count === 0) resolve()
          }, reject)
        })
        await deleteAll(administration, ann)
        await promise.finally(stop)
      })
    })

    describe('renewFeeds', () => {
      test('ends every feed and every version from before, and keeps everything else', async () => {
        for (const caller of [tasks, others]) await fill(caller)
        const before = await Promise.all(
          [tasks, others].map(async (caller) => ({
            caller,
            position: (await caller.changes(null))?.next ?? null,
            revision: await caller.revision(),
            live: await caller.list(),
            trash: await caller.trash(),
            lists: await caller.lists(),
          })),
        )
        expect(await renewAll(administration)).toBe(2)
        for (const { caller, position, revision, live, trash, lists } of before) {
          expect(await caller.changes(position)).toBeNull()
          expect(await caller.revision()).not.toBe(revision)
          const raised = <Item extends { version: number }>(items: readonly Item[]) =>
            items.map((item) => ({ ...item, version: item.version + VERSION_JUMP }))
          expect((await caller.list()).tasks).toStrictEqual(raised(live.tasks))
          expect(await caller.trash()).toStrictEqual(raised(trash))
          expect(await caller.lists()).toStrictEqual(raised(lists))
          const snapshot = await caller.changes(null)
          expect(snapshot?.changes).toHaveLength(live.tasks.length + lists.length)
          expect(await caller.changes(snapshot?.next ?? null)).toMatchObject({ changes: [] })
          await caller.create(9)
          expect((await caller.changes(snapshot?.next ?? null))?.changes).toMatchObject([
            { type: 'upsert', task: { id: idNumber(9) } },
          ])
        }
      })

      test('refuses a change that expects a version from before', async () => {
        await tasks.create(1)
        await tasks.createList(1)
        await renewAll(administration)
        expect(await tasks.one(writing.patch(1, { text: 'x' }, [1]))).toMatchObject({
          kind: 'stale',
        })
        expect(await tasks.one(writing.patchList(1, { name: 'x' }, [1]))).toMatchObject({
          kind: 'stale',
        })
        const { version } = await tasks.existing(1)
        expect(await tasks.one(writing.patch(1, { text: 'x' }, [version]))).toMatchObject({
          kind: 'done',
        })
      })

      test('ends the feed for a reader who began before the first change', async () => {
        const empty = await tasks.changes(null)
        await tasks.create(1)
        await renewAll(administration)
        expect(await tasks.changes(empty?.next ?? null)).toBeNull()
      })

      test('keeps remembered calls, so a retry does not run twice', async () => {
        await remember(tasks, 'key', 1)
        await renewAll(administration)
        expect(await remember(tasks, 'key', 2)).toMatchObject({ replayed: true })
        expect(await tasks.numbers()).toStrictEqual([1])
      })

      test('can be repeated', async () => {
        await tasks.create(1)
        await renewAll(administration)
        const again = await tasks.changes(null)
        await renewAll(administration)
        expect(await tasks.changes(again?.next ?? null)).toBeNull()
        expect(await tasks.get(1)).toMatchObject({ version: 1 + 2 * VERSION_JUMP })
      })

      test('does nothing without owners', async () => {
        expect(await renewAll(administration)).toBe(0)
      })

      test('renews many tasks and owners while they write', async () => {
        await importMany(ann)
        await opened().archive.add([{ type: 'list', user_id: ann, ...listNumber(1) }])
        const names = Array.from({ length: 450 }, (_, n) => ownerNamed(`user-${n}`))
        await opened().archive.add(
          names.map((user_id) => ({ user_id, ...taskNumber(1), tags: [] })),
        )
        const again = await opened().openAgain()
        const writer = createCaller(again.repository, ann)
        let isRenewing = true
        let written = 0
        async function write() {
          for (; isRenewing; written++)
            await writer.all([
              writing.create(10_000 + written),
              writing.patch(written % MANY, { text: 'new' }),
            ])
        }
        const position = (await tasks.changes(null))?.next ?? null
        const revisions = new Set([await tasks.revision()])
        const running = write()
        await renewAll(administration).finally(() => {
          isRenewing = false
        })
        await running
        expect(await tasks.changes(position)).toBeNull()
        revisions.add(await tasks.revision())
        expect(revisions.size).toBe(2)
        const { tasks: all, count } = await tasks.list({ limit: 2 * MANY + written })
        expect(count).toBe(MANY + written)
        for (const task of all)
          if (task.id < idNumber(10_000)) expect(task.version).toBeGreaterThan(VERSION_JUMP)
        expect(await tasks.lists()).toMatchObject([{ version: 1 + VERSION_JUMP }])
        for (const name of names) {
          const task = await opened().repository.get(name, idNumber(1))
          expect(task?.version).toBe(1 + VERSION_JUMP)
        }
      }, 30_000)

      test('changes the revision with each part of the tasks of one owner', async () => {
        await importMany(ann)
        const seen = new Map<string, string>()
        await renewAll(administration, async () => {
          const { tasks: all, revision } = await tasks.list({ limit: MANY })
          const versions = JSON.stringify(all.map(({ version }) => version))
          expect(seen.get(revision) ?? versions).toBe(versions)
          seen.set(revision, versions)
        })
      })
    })
  })
}
