import { type ArchivedItem, type ArchivedKey, applyImport } from '../../core/archive.ts'
import type { Owner } from '../../core/owner.ts'
import type { ArchiveSection, TaskArchive } from '../../core/ports.ts'
import { retryConflicts } from './connection/errors.ts'
import type { Pool } from './connection/pool.ts'
import {
  arrayOf,
  type Statement,
  TEXT,
  TEXT_ARRAY,
  UUID,
  UUID_ARRAY,
} from './connection/statement.ts'
import { HIDE_DELETIONS } from './foreign-writers.ts'
import { LIST, type ListRow, toList } from './list-rows.ts'
import type { OwnedNeed } from './load.ts'
import { TASK, type TaskRow, toTask } from './rows.ts'
import { createWorkingSet } from './working-set.ts'
import { type OwnerEffect, storeStatement } from './write-statements.ts'
import { applyLoaded, lockAndLoad } from './write-transaction.ts'

interface OwnedRow<Row> {
  readonly user_id: Owner
  readonly item: Row
}

const PAGE = 500

/** The pages of one section, of one owner or of all. */
function pagesOf(table: 'tasks' | 'lists', item: string, condition: string) {
  function page(where: string, types: number[]): Statement {
    const text = `
      select user_id, ${item} as item from ${table} where ${where} and ${condition}
      order by user_id, id limit ${PAGE}`
    return { text, types }
  }
  return {
    ofOne: {
      first: page('user_id = $1', [TEXT]),
      next: page('user_id = $1 and id > $2', [TEXT, UUID]),
    },
    ofAll: {
      first: page('true', []),
      next: page('(user_id, id) > ($1, $2)', [TEXT, UUID]),
    },
  }
}

const PAGES = {
  lists: pagesOf('lists', LIST, 'deleted_at is null'),
  tasks: pagesOf('tasks', TASK, 'not erased and parent_id is null'),
  subtasks: pagesOf('tasks', TASK, 'not erased and parent_id is not null'),
}

function deleteTombstones(table: 'tasks' | 'lists', isTombstone: string): Statement {
  const text = `
    delete from ${table} as item using unnest($1::text[], $2::uuid[]) as new (owner, id)
    where item.user_id = new.owner and item.id = new.id and ${isTombstone}`
  return { text, types: [TEXT_ARRAY, UUID_ARRAY] }
}

const DELETE_TOMBSTONES = {
  tasks: deleteTombstones('tasks', 'erased'),
  lists: deleteTombstones('lists', 'deleted_at is not null'),
}

/**
 * @param newEpoch generates the epoch of a new owner's feed.
 * @param timeoutMs how long adding tasks retries if it conflicts with other transactions.
 */
export function createPostgresArchive(
  { run, transaction }: Pick<Pool, 'run' | 'transaction'>,
  newEpoch: () => string,
  timeoutMs: number,
): TaskArchive {
  function select<Row>(
    section: ArchiveSection,
    owner: Owner | null,
    after: ArchivedKey | null,
  ): Promise<readonly OwnedRow<Row>[]> {
    const { ofOne, ofAll } = PAGES[section]
    if (owner !== null)
      return after ? run(ofOne.next, [owner, after.id]) : run(ofOne.first, [owner])
    return after ? run(ofAll.next, [after.user_id, after.id]) : run(ofAll.first, [])
  }

  return {
    async read(section, owner, after) {
      if (section === 'lists') {
        const rows = await select<ListRow>(section, owner, after)
        return rows.map(({ user_id, item }) => ({ type: 'list', user_id, ...toList(item) }))
      }
      const rows = await select<TaskRow>(section, owner, after)
      return rows.map(({ user_id, item }) => {
        const task = toTask(item)
        return { user_id, ...task, tags: [...task.tags] }
      })
    },

    add: (items) =>
      retryConflicts(timeoutMs, () =>
        transaction(async ({ send, sendAndCommit }) => {
          const byOwner = Map.groupBy(items, ({ user_id }) => user_id)
          const sets = new Map(Array.from(byOwner.keys(), (owner) => [owner, createWorkingSet()]))
          const locked = await lockAndLoad({ send }, sets, needsOfImport(items), true)
          const results = await applyLoaded({ send }, locked, (owner, set) => {
            const archived = byOwner.get(owner) ?? []
            const { record: before } = set
            const effect = applyImport({ ...set, record: before }, archived, newEpoch)
            return { ...effect, owner, before, remember: [] }
          })
          const effects = [...results.values()]
          const added = effects.reduce((sum, effect) => sum + effect.added, 0)
          if (added === 0) return added
          void send(HIDE_DELETIONS, [])
          for (const [statement, changesOf] of [
            [DELETE_TOMBSTONES.tasks, ({ taskChanges }: OwnerEffect) => taskChanges],
            [DELETE_TOMBSTONES.lists, ({ listChanges }: OwnerEffect) => listChanges],
          ] as const) {
            const inserted = effects.flatMap((effect) =>
              changesOf(effect).flatMap(({ before, after: { id } }) =>
                before === null ? [{ owner: effect.owner, id }] : [],
              ),
            )
            void send(statement, [
              arrayOf(inserted.map(({ owner }) => owner)),
              arrayOf(inserted.map(({ id }) => id)),
            ])
          }
          const { statement, values } = storeStatement(effects)
          await sendAndCommit(statement, values)
          return added
        }),
      ),
  }
}

/** The items themselves, and the lists and the parents of the tasks. */
function needsOfImport(items: readonly ArchivedItem[]): OwnedNeed[] {
  const needs = new Map<string, OwnedNeed>()
  function add(owner: Owner, kind: 'task' | 'list', id: string | null | undefined): void {
    if (id) needs.set(`${kind} ${id} ${owner}`, { kind, owner, id })
  }
  for (const item of items) {
    const { user_id: owner, id } = item
    if ('type' in item) {
      add(owner, 'list', id)
      continue
    }
    add(owner, 'task', id)
    add(owner, 'task', item.parent_id)
    add(owner, 'list', item.list_id)
  }
  return [...needs.values()]
}
