import { expect } from 'bun:test'

/** What was acknowledged about one task or list. */
export interface Known {
  readonly user: string
  /** Which attempt made each version. Two writes must not get the same version. */
  readonly makers: Map<number, string>
  /** The latest acknowledged value of each member that was set. */
  readonly members: Map<string, { readonly version: number; readonly value: unknown }>
  /** Members, or `presence`, that a late copy of a refused request may still change. */
  readonly doubts: Set<string>
  /** The acknowledged marks in the text and the tags of a task. */
  readonly marks: Set<string>
  /** Marks that may have been appended without an acknowledgement. */
  readonly uncertain: Set<string>
  isDeleted: boolean
  /** The version of the latest acknowledged change of `isDeleted`. */
  decidedAt: number
  isErased: boolean
}

export function newKnown(user: string): Known {
  return {
    user,
    makers: new Map(),
    members: new Map(),
    doubts: new Set(),
    marks: new Set(),
    uncertain: new Set(),
    isDeleted: false,
    decidedAt: 0,
    isErased: false,
  }
}

/** Records that an attempt made a version. */
export function claim(known: Known, id: string, version: number, maker: string): void {
  const other = known.makers.get(version)
  if (other !== undefined && other !== maker)
    throw new Error(`Version ${version} of ${id} was acknowledged to ${other} and to ${maker}`)
  known.makers.set(version, maker)
}

export function decide(known: Known, isDeleted: boolean, version: number): void {
  if (known.isErased || version <= known.decidedAt) return
  known.isDeleted = isDeleted
  known.decidedAt = version
}

/** Records which members a write set, as far as the item has them. */
export function setMembers(
  known: Known,
  item: { readonly version: number },
  names: readonly string[],
): void {
  const { version } = item
  for (const [name, value] of Object.entries(item))
    if (names.includes(name) && version >= (known.members.get(name)?.version ?? 0))
      known.members.set(name, { version, value })
}

/** Checks that no acknowledged value was lost. */
export function expectMembers(known: Known, item: { readonly id: string }): void {
  const values = new Map<string, unknown>(Object.entries(item))
  for (const [name, { value }] of known.members)
    if (!known.doubts.has(name))
      expect({ id: item.id, name, value: values.get(name) }).toEqual({ id: item.id, name, value })
}
