import type { ChangeRequest, ExpectedVersions } from '../../../core/requests.ts'

/** The entity tag of a task's version (RFC 9110, 8.8.3). Strong: a version is one state of a task. */
export function versionTag(version: number): string {
  return `"v${version}"`
}

// One element of a list, up to its comma or the end. Elements may be empty (RFC 9110, 5.6.1.2).
const ELEMENT = /[ \t]*(?:((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*)?(?:,|$)/y
const VERSION_TAG = /^"v([1-9][0-9]{0,14})"$/
// How compressing proxies change a tag: nginx weakens it, Caddy and Apache add a suffix.
const FROM_PROXY = /^(?:W\/)?"(.*?)(?:-(?:gzip|br|zstd|deflate))?"$/

/**
 * The entity tags in a list, as this service sent them: a weak tag, or one with the suffix of a content
 * coding, stands for the same state. `undefined` if the text is not such a list.
 */
function tagsIn(text: string): string[] | undefined {
  const tags: string[] = []
  ELEMENT.lastIndex = 0
  while (ELEMENT.lastIndex < text.length) {
    const element = ELEMENT.exec(text)
    if (!element) return undefined
    if (element[1] !== undefined) tags.push(element[1].replace(FROM_PROXY, '"$1"'))
  }
  return tags.length > 0 ? tags : undefined
}

/**
 * Reads the versions of a task that the caller expects from an `If-Match` (RFC 9110, 13.1.1): `*` or a
 * list of entity tags. Unlike in the RFC, weak tags count like strong ones, because compressing proxies
 * weaken tags.
 *
 * @param text `null` or `undefined` if the caller sent none.
 * @param name the name in the request: the header, or the member of a batch operation.
 * @param problems gets a detail if the text is malformed.
 */
export function readIfMatch(
  text: string | null | undefined,
  name: 'If-Match' | 'if_match',
  problems: string[],
): ExpectedVersions {
  if (text === null || text === undefined) return null
  if (text.trim() === '*') return 'any'
  const versions = versionsIn(text)
  if (!versions) problems.push(`${name}: must be * or entity tags such as "v7"`)
  return versions ?? []
}

/**
 * Reads the versions that a change expects (`If-Match`) and refuses (`If-None-Match`; RFC 9110, 13.2.2).
 * `If-None-Match: *` refuses all, because every change is of an existing task. A malformed
 * `If-None-Match` is ignored, as on reads.
 */
export function readPreconditions(
  headers: Headers,
): Required<Pick<ChangeRequest, 'versions' | 'except' | 'problems'>> {
  const problems: string[] = []
  const versions = readIfMatch(headers.get('if-match'), 'If-Match', problems)
  const ifNoneMatch = headers.get('if-none-match') ?? ''
  const except = ifNoneMatch.trim() === '*' ? 'any' : (versionsIn(ifNoneMatch) ?? [])
  return { versions, except, problems }
}

function versionsIn(text: string): number[] | undefined {
  return tagsIn(text)?.flatMap((tag) => {
    const [, version] = VERSION_TAG.exec(tag) ?? []
    return version === undefined ? [] : [Number(version)]
  })
}

/**
 * Whether a client that sends this `If-None-Match` has the representation with that tag (RFC 9110,
 * 13.1.2). Tags are compared weakly. A malformed header matches nothing, so the client gets the whole
 * response, which is always correct.
 */
export function matches(tag: string, ifNoneMatch: string | null): boolean {
  if (ifNoneMatch === null) return false
  if (ifNoneMatch === tag || ifNoneMatch.trim() === '*') return true
  return (tagsIn(ifNoneMatch) ?? []).includes(tag)
}
