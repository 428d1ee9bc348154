import Type from 'typebox'
import { Compile } from 'typebox/compile'

declare const owner: unique symbol

/**
 * The user that tasks belong to: the `sub` of a verified token. Branded, so that a plain string does not
 * compile.
 */
export type Owner = string & { readonly [owner]: true }

// Stores drop or truncate control characters and lone surrogates, so two different subjects could end up
// sharing their tasks.
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

/** Whether a token's subject can own tasks: 1 to 255 code points, none of category Cc or Cs. */
export function isOwner(value: unknown): value is Owner {
  return subject.Check(value)
}
