import { beforeEach, describe, expect, test } from 'bun:test'
import { type OwnerAdministration, type RenewalPlace, VERSION_JUMP } from '../../../core/ports.ts'
import { type Caller, createCaller, writing } from './caller.ts'
import { fill, importMany, MANY, remember } from './owner-contents.ts'
import {
  ann,
  bob,
  type DurableStore,
  idNumber,
  listNumber,
  openForEach,
  ownerNamed,
  type StoreUnderTest,
  taskNumber,
} from './store.ts'

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

/** The renewal of feeds by every `OwnerAdministration`. */
export function describeRenewal(store: StoreUnderTest<DurableStore>): void {
  describe(`renewFeeds on ${store.name}`, () => {
    const opened = openForEach(store)
    let administration: OwnerAdministration
    let tasks: Caller
    let others: Caller

    beforeEach(() => {
      administration = opened().administration
      tasks = createCaller(opened().repository, ann)
      others = createCaller(opened().repository, bob)
    })

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
      await importMany(opened().archive, ann)
      await opened().archive.add([{ type: 'list', user_id: ann, ...listNumber(1) }])
      const names = Array.from({ length: 450 }, (_, n) => ownerNamed(`user-${n}`))
      await opened().archive.add(names.map((user_id) => ({ user_id, ...taskNumber(1), tags: [] })))
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
      await importMany(opened().archive, ann)
      const seen = new Map<string, string>()
      await renewAll(administration, async () => {
        const { tasks: all, revision } = await tasks.list({ limit: MANY })
        const versions = JSON.stringify(all.map(({ version }) => version))
        expect(seen.get(revision) ?? versions).toBe(versions)
        seen.set(revision, versions)
      })
    })
  })
}
