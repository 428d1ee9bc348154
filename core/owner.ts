import Type from 'typebox'
import { Compile } from 'typebox/compile'

declare const owner: unique symbol

/**
 * Whose tasks a call is about: the `sub` of a verified token. Branded, so that no other string can
 * stand in its place.
 */
export type Owner = string & { readonly [owner]: true }

// Control characters and lone surrogates are refused because stores fold or truncate them, and two
// subjects that a store takes for one would share their tasks.
export const Owner = Type.Unsafe<Owner>(
  Type.String({
    minLength: 1,
    maxLength: 255,
    pattern: '^[^\\p{Cc}\\p{Cs}]*$',
    description:
      '1 to 255 characters (Unicode code points), with neither a control character nor a lone surrogate',
  }),
)

const subject = Compile(Owner)

/** Says whether a token's subject can own tasks: 1 to 255 code points, none of category Cc or Cs. */
export function isOwner(value: unknown): value is Owner {
  return subject.Check(value)
}
