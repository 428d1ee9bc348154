import { base64url, decodeProtectedHeader } from 'jose'

/** More than any honest token needs, and little enough to be read at once. */
const maxTokenLength = 8 * 1024
const maxDepth = 16

// Three parts in base64url, each with the one spelling that its bytes have: the decoder alone would
// also take padding, white space and a last character with stray bits (RFC 4648, 3.2, 3.3, 3.5), so
// that many texts would pass for one token.
const part = '(?:[\\w-]{4})*(?:[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])?'
const compactForm = new RegExp(`^${part}\\.${part}\\.${part}$`)

// A token that says how it wants to be checked is answered with a refusal: no extension is known
// here (RFC 7515, 4.1.11), and its own key is no proof of anything (RFC 8725, 3.10).
const refusedHeaders = ['crit', 'jwk', 'jku', 'x5u', 'x5c']

/** Whether a token is short enough to be looked at. */
export function isShort(token: string): boolean {
  return token.length <= maxTokenLength
}

/**
 * The algorithm that a token names, or `null` where its form or its header tells already that it is
 * not to be trusted. Nothing of it is proven yet.
 */
export function algorithmOf(token: string): string | null {
  if (!compactForm.test(token)) return null
  try {
    const header = decodeProtectedHeader(token)
    // The types say what an honest header holds, and this one may not be.
    const claimed: Record<string, unknown> = header
    const { alg, kid, typ } = claimed
    if (typeof alg !== 'string' || (kid !== undefined && typeof kid !== 'string')) return null
    if (typ !== undefined && !isAccessTokenType(typ)) return null
    if (refusedHeaders.some((name) => Object.hasOwn(claimed, name))) return null
    return isUnambiguous(jsonOf(token, 0)) ? alg : null
  } catch {
    return null
  }
}

/** Whether the payload can be read in one way only. For tokens that jose could read. */
export function hasUnambiguousPayload(token: string): boolean {
  return isUnambiguous(jsonOf(token, 1))
}

// Kinds of token that are no access tokens name themselves `…+jwt`, a session cache among them, and
// one kind must not be taken for another (RFC 8725, 3.11, 3.12).
function isAccessTokenType(typ: unknown): boolean {
  return typeof typ === 'string' && (!/\+jwt$/i.test(typ) || /^(application\/)?at\+jwt$/i.test(typ))
}

function jsonOf(token: string, index: 0 | 1): string {
  return new TextDecoder().decode(base64url.decode(token.split('.')[index] ?? ''))
}

const jsonMarks = /"(?:[^"\\]|\\.)*"(?=\s*(:)?)|[[\]{}]/g

// Two members of one name are read differently by different parsers (RFC 7515, 4; RFC 7519, 4), and
// depth serves nobody but those who look for a parser that gives in. Takes valid JSON only.
function isUnambiguous(json: string): boolean {
  const open: Set<unknown>[] = []
  for (const [mark, colon] of json.matchAll(jsonMarks)) {
    if (mark === '{' || mark === '[') {
      if (open.push(new Set()) > maxDepth) return false
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
