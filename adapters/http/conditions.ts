import { entityTagsIn } from '../../core/version.ts'
import type { Answer } from './representation.ts'

/**
 * Whether the client has the representation with that tag already, by the text of its `If-None-Match`
 * (RFC 9110, 13.1.2). Tags are compared weakly. A text of another form is no condition: the full
 * answer, which it gets, is right in any case.
 */
export function isKnown(tag: string, ifNoneMatch: string): boolean {
  if (ifNoneMatch === tag || ifNoneMatch.trim() === '*') return true
  const tags = entityTagsIn(ifNoneMatch) ?? []
  return tags.includes(tag) || tags.includes(`W/${tag}`)
}

/** Answers that nothing has changed (RFC 9110, 15.4.5). */
export function replyNotModified(answer: Answer, tag: string): void {
  answer.status = 304
  answer.headers['etag'] = tag
  answer.headers['cache-control'] = 'private, no-cache'
}
