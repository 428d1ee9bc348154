/**
 * Which versions of a task a write may find: `null` for any; none at all where every tag that the
 * caller gave is of something else.
 */
export type Versions = readonly number[] | null

/** The entity tag of a version (RFC 9110, 8.8.3): strong, for a version is one state of a task. */
export function versionTag(version: number): string {
  return `"v${version}"`
}

// Of a list, up to its comma or the end. Elements may be empty (RFC 9110, 5.6.1.2).
const ELEMENT = /[ \t]*(?:((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*)?(?:,|$)/y
const VERSION_TAG = /^"v([1-9][0-9]{0,14})"$/

/** The entity tags of a list of them, weak ones too; `undefined` for a text of another form. */
export function entityTagsIn(text: string): string[] | undefined {
  const tags: string[] = []
  ELEMENT.lastIndex = 0
  while (ELEMENT.lastIndex < text.length) {
    const element = ELEMENT.exec(text)
    if (!element) return undefined
    if (element[1] !== undefined) tags.push(element[1])
  }
  return tags.length > 0 ? tags : undefined
}

/**
 * The versions that an `If-Match` speaks of (RFC 9110, 13.1.1): `*` or a list of entity tags, of which
 * weak ones match nothing.
 *
 * @returns `undefined` for a text of another form.
 */
export function versionsIn(text: string): Versions | undefined {
  if (text.trim() === '*') return null
  return entityTagsIn(text)?.flatMap((tag) => {
    const [, version] = VERSION_TAG.exec(tag) ?? []
    return version === undefined ? [] : [Number(version)]
  })
}
