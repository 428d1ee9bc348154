import { beforeEach, describe, expect, test } from 'bun:test'
import type { Owner } from '../../../core/owner.ts'
import type { OwnerAdministration, OwnerContents } from '../../../core/ports.ts'
import { type Caller, createCaller } from './caller.ts'
import { fill, importMany, MANY, remember } from './owner-contents.ts'
import { describeRenewal } from './renewal.ts'
import {
  ann,
  bob,
  type DurableStore,
  idNumber,
  listId,
  openForEach,
  ownerNamed,
  type StoreUnderTest,
  second,
} from './store.ts'

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
        await importMany(opened().archive, ann)
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
        await importMany(opened().archive, ann)
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
  })

  describeRenewal(store)
}
