import type { CountedList, List } from '../../../core/list.ts'
import { versionTag } from '../middleware/entity-tags.ts'
import { type ResponseHead, replyTagged } from '../reply.ts'

/** Defines which members of a list clients see, and in which order. */
export function representList(list: List): List {
  const { id, name, color, order, version, created_at, updated_at } = list
  return { id, name, color, order, version, created_at, updated_at }
}

/** A list with the number of its open tasks, which changes without the list's version. */
export function representCounted(list: CountedList): CountedList {
  return { ...representList(list), open: list.open }
}

/** Sends one list, with its version as the tag. */
export function replyWithList(head: ResponseHead, list: List): string {
  return replyTagged(head, versionTag(list.version), representList(list))
}
