import Type, { type Static } from 'typebox'
import { nextRecord, type OwnerRecord, type OwnerState } from './calls.ts'
import { createDraft, type TaskChange } from './draft.ts'
import { compareText } from './order.ts'
import { Owner } from './owner.ts'
import { StoredTaskId, Task } from './task.ts'
import { orderOnTop } from './writes.ts'

const INSTANT = 'a time such as 2026-01-31T09:30:00.000Z: UTC, with milliseconds'

// The format that stores keep. PostgreSQL has no year 0.
const StoredInstant = Type.String({
  format: 'date-time',
  pattern: '^(?!0000)\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:[0-5]\\d\\.\\d{3}Z$',
  description: INSTANT,
})

const OrNull = { description: `null, or ${INSTANT}` }

/**
 * A task with its owner, as export files contain it, with its members in this order. Files of older
 * versions lack the optional ones.
 */
export const ArchivedTask = Type.Object(
  {
    user_id: Owner,
    ...Task.properties,
    id: StoredTaskId,
    order: Type.Optional(Task.properties.order),
    version: Type.Optional(Task.properties.version),
    created_at: StoredInstant,
    updated_at: StoredInstant,
    completed_at: Type.Union([StoredInstant, Type.Null()], OrNull),
    deleted_at: Type.Optional(StoredInstant),
  },
  // Unknown members are rejected, because they would be lost.
  { additionalProperties: false, description: 'a JSON object' },
)
export type ArchivedTask = Static<typeof ArchivedTask>

/**
 * Applies the rules of `TaskArchive.add` to one owner. Stores hold the owner's lock, as for `applyCall`.
 */
export function applyImport(
  { record, tasks }: Pick<OwnerState, 'record' | 'tasks'>,
  archived: readonly ArchivedTask[],
  newEpoch: () => string,
): {
  readonly record: OwnerRecord
  readonly changes: readonly TaskChange[]
  readonly added: number
} {
  const draft = createDraft({ ...tasks, top: record.top, live: record.live })
  let added = 0

  function add({ user_id: _, ...task }: ArchivedTask, order: () => number): void {
    if (draft.find(task.id)) return
    draft.put(null, { version: 1, ...task, order: order() })
    added++
  }

  const unplaced: ArchivedTask[] = []
  for (const task of archived) {
    const { order } = task
    if (order === undefined) unplaced.push(task)
    else add(task, () => order)
  }
  // The oldest first, so that the newest ends up on top.
  for (const task of unplaced.sort(byCreation)) add(task, () => orderOnTop(draft, task.created_at))

  const changes = draft.changes()
  if (changes.length === 0) return { record, changes, added }
  return { record: nextRecord(record, draft, newEpoch), changes, added }
}

function byCreation(a: ArchivedTask, b: ArchivedTask): number {
  return compareText(a.created_at, b.created_at) || compareText(a.id, b.id)
}
