import Type, { type Static } from 'typebox'
import { Owner } from './owner.ts'
import { Task } from './task.ts'

const INSTANT = 'a time as in 2026-01-31T09:30:00.000Z: UTC, with milliseconds'

// In the one form that the stores keep, which sorts as the times it stands for. No calendar of theirs
// has a year 0.
const StoredInstant = Type.String({
  format: 'date-time',
  pattern: '^(?!0000)\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:[0-5]\\d\\.\\d{3}Z$',
  description: INSTANT,
})

const OrNull = { description: `null, or ${INSTANT}` }

/**
 * A task with its owner, as it travels from store to store. Its members come in this order; the
 * optional ones are not in files of older versions.
 */
export const ArchivedTask = Type.Object(
  {
    user_id: Owner,
    ...Task.properties,
    id: Type.String({
      format: 'uuid',
      pattern: '^[^A-F]*$',
      description: 'a UUID in lower case, written as 8-4-4-4-12 hexadecimal digits',
    }),
    order: Type.Optional(Task.properties.order),
    version: Type.Optional(Task.properties.version),
    created_at: StoredInstant,
    updated_at: StoredInstant,
    completed_at: Type.Union([StoredInstant, Type.Null()], OrNull),
    deleted_at: Type.Optional(StoredInstant),
  },
  // What this version does not know it could not keep.
  { additionalProperties: false, description: 'a JSON object' },
)
export type ArchivedTask = Static<typeof ArchivedTask>
