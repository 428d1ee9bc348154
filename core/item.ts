import Type from 'typebox'
import { Compile } from 'typebox/compile'

// What tasks, lists and API tokens have in common.

/** RFC 3339 in UTC with milliseconds and `Z`. Sorts chronologically as text. */
export type Instant = string

export const Instant = Type.String({
  format: 'date-time',
  description: 'RFC 3339, UTC, with milliseconds.',
  examples: ['2026-01-31T09:30:00.000Z'],
})

/** Any version of a UUID, in any letter case, as 8-4-4-4-12 hexadecimal digits. */
export const Id = Type.String({
  format: 'uuid',
  description: 'a UUID, written as 8-4-4-4-12 hexadecimal digits',
  examples: ['019c1325-8e40-7c3d-9a54-1f0e6b2d7a90'],
})

/** An id as stores keep it: in lower case. */
export const StoredId = Type.String({
  format: 'uuid',
  pattern: '^[^A-F]*$',
  description: 'a UUID in lower case, written as 8-4-4-4-12 hexadecimal digits',
})
const storedId = Compile(StoredId)

export function isStoredId(text: string): boolean {
  return storedId.Check(text)
}

// Parts of patterns. Unicode's property White_Space is spelled out, like surrogates, because clients compile
// patterns from the OpenAPI document, some without the flag `u` or Unicode properties.
export const WHITE_SPACE =
  '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const FORBIDDEN = '\\u0000\\ud800-\\udfff'
export const SURROGATE_PAIR = '[\\ud800-\\udbff][\\udc00-\\udfff]'
export const CHARACTER = `(?:[^${FORBIDDEN}]|${SURROGATE_PAIR})`

/** A text that is not only white space. */
export function visibleText(maxLength: number, example: string) {
  return Type.String({
    minLength: 1,
    maxLength,
    pattern: `^[${WHITE_SPACE}]*(?:[^${WHITE_SPACE}${FORBIDDEN}]|${SURROGATE_PAIR})${CHARACTER}*$`,
    description: `1 to ${maxLength} characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate`,
    examples: [example],
  })
}

/** The range of `order`: a 32-bit column, as in the table of the Python service. */
export const LOWEST_ORDER = -2_147_483_648
export const HIGHEST_ORDER = 2_147_483_647

/** The members that the service maintains for tasks and lists. */
export const kept = {
  order: Type.Integer({
    minimum: LOWEST_ORDER,
    maximum: HIGHEST_ORDER,
    description: 'a whole number: the lowest comes first',
    examples: [-1024],
  }),
  version: Type.Integer({
    minimum: 1,
    description: 'a whole number: 1 at creation, raised by one with every write that changes it',
    examples: [1],
  }),
  created_at: Instant,
  updated_at: Instant,
}

/** The next version of a task or a list. `updated_at` never goes back, even if the clock does. */
export function touched<Item extends { readonly version: number; readonly updated_at: Instant }>(
  item: Item,
  now: Instant,
): Item {
  const at = now > item.updated_at ? now : item.updated_at
  return { ...item, version: item.version + 1, updated_at: at }
}
