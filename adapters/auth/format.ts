import { base64url, decodeProtectedHeader } from 'jose'
import { printable, refusal, type TokenRefusal } from './refusal.ts'

// Larger than any real token, and small enough to parse at once.
const MAX_TOKEN_LENGTH = 8 * 1024
const MAX_DEPTH = 16

// Three base64url parts in canonical form. The decoder alone would also accept padding, white space
// and stray bits in the last character (RFC 4648, 3.2, 3.3, 3.5), so that one token could be written
// in many ways.
const part = '(?:[\\w-]{4})*(?:[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])?'
const compactFormat = new RegExp(`^${part}\\.${part}\\.${part}$`)

// A token must not choose how it is verified: no extensions are supported (RFC 7515, 4.1.11), and a
// key that a token brings itself proves nothing (RFC 8725, 3.10).
const keyHeaders = ['jwk', 'jku', 'x5u', 'x5c']

/** What a token may be, as refusals name it. */
export const ACCESS_TOKEN_TYPES = 'JWT or at+jwt'

/** Refuses a token that is too long to be parsed. */
export function refuseLong(token: string): TokenRefusal | null {
  return token.length <= MAX_TOKEN_LENGTH
    ? null
    : refusal('too_long', null, `${MAX_TOKEN_LENGTH}`, `${token.length}`)
}

/**
 * The algorithm that a token's header names, unless the format or the header is not acceptable. The
 * signature is not verified here.
 */
export function algorithmOf(token: string): string | TokenRefusal {
  if (!compactFormat.test(token)) return refusal('malformed')
  try {
    const header = decodeProtectedHeader(token)
    // jose's types describe a valid header; this one may hold anything.
    const claimed: Record<string, unknown> = header
    const { alg, kid, typ } = claimed
    if (typeof alg !== 'string' || (kid !== undefined && typeof kid !== 'string'))
      return refusal('malformed')
    if (typ !== undefined && !isAccessTokenType(typ))
      return refusal('wrong_type', null, ACCESS_TOKEN_TYPES, printable(typ))
    if (Object.hasOwn(claimed, 'crit')) return refusal('critical_header')
    if (keyHeaders.some((name) => Object.hasOwn(claimed, name))) return refusal('embedded_key')
    return isUnambiguous(jsonOf(token, 0)) ? alg : refusal('ambiguous_json')
  } catch {
    return refusal('malformed')
  }
}

/** Whether every parser reads the same from the payload. Only for tokens that jose has decoded. */
export function hasUnambiguousPayload(token: string): boolean {
  return isUnambiguous(jsonOf(token, 1))
}

// Tokens for other purposes, such as a session cache, declare a type of their own (`…+jwt`). They
// must not be accepted as access tokens (RFC 8725, 3.11, 3.12).
function isAccessTokenType(typ: unknown): boolean {
  return typeof typ === 'string' && (!/\+jwt$/i.test(typ) || /^(application\/)?at\+jwt$/i.test(typ))
}

function jsonOf(token: string, index: 0 | 1): string {
  return new TextDecoder().decode(base64url.decode(token.split('.')[index] ?? ''))
}

const jsonMarks = /"(?:[^"\\]|\\.)*"(?=\s*(:)?)|[[\]{}]/g

// Parsers disagree on objects with two members of the same name (RFC 7515, 4; RFC 7519, 4), and only
// an attack needs deep nesting. Expects valid JSON.
function isUnambiguous(json: string): boolean {
  const open: Set<unknown>[] = []
  for (const [mark, colon] of json.matchAll(jsonMarks)) {
    if (mark === '{' || mark === '[') {
      if (open.push(new Set()) > MAX_DEPTH) return false
    } else if (mark === '}' || mark === ']') {
      open.pop()
    } else if (colon !== undefined) {
      const names = open.at(-1)
      const name: unknown = JSON.parse(mark)
      if (names?.has(name)) return false
      names?.add(name)
    }
  }
  return true
}
