import type { ExpectedVersions } from '../../../core/requests.ts'

/** The entity tag of a task's version (RFC 9110, 8.8.3). Strong: a version is one state of a task. */
export function versionTag(version: number): string {
  return `"v${version}"`
}

// One element of a list, up to its comma or the end. Elements may be empty (RFC 9110, 5.6.1.2).
const ELEMENT = /[ \t]*(?:((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*)?(?:,|$)/y
const VERSION_TAG = /^"v([1-9][0-9]{0,14})"$/

/** The entity tags in a list, weak ones included; `undefined` if the text is not such a list. */
function tagsIn(text: string): string[] | undefined {
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
 * Reads which versions of a task the caller expects, from an `If-Match` (RFC 9110, 13.1.1): `*` or a
 * list of entity tags. Weak tags match no version.
 *
 * @param text `null` or `undefined` if the caller sent none.
 * @param name what the caller calls it: the header or the member of a batch operation.
 * @param problems gets a detail if the text has another form.
 */
export function readIfMatch(
  text: string | null | undefined,
  name: 'If-Match' | 'if_match',
  problems: string[],
): ExpectedVersions {
  if (text === null || text === undefined) return null
  if (text.trim() === '*') return 'any'
  const tags = tagsIn(text)
  if (!tags) problems.push(`${name}: must be * or entity tags such as "v7"`)
  return (tags ?? []).flatMap((tag) => {
    const [, version] = VERSION_TAG.exec(tag) ?? []
    return version === undefined ? [] : [Number(version)]
  })
}

/**
 * Whether a client that sends this `If-None-Match` has the representation with that tag (RFC 9110,
 * 13.1.2). Tags are compared weakly. A text of another form matches nothing, so that the client gets
 * the whole response, which is never wrong.
 */
export function matches(tag: string, ifNoneMatch: string | null): boolean {
  if (ifNoneMatch === null) return false
  if (ifNoneMatch === tag || ifNoneMatch.trim() === '*') return true
  const tags = tagsIn(ifNoneMatch) ?? []
  return tags.includes(tag) || tags.includes(`W/${tag}`)
}
