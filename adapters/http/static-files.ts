import type { BunFile } from 'bun'
import { matches } from './middleware/entity-tags.ts'
import type { RequestContext } from './reply.ts'

/** A static file, served under the hash of its content. */
export interface Asset {
  readonly body: string | BunFile
  readonly type: string
  readonly bytes: number
  readonly hash: string
}

/** Browsers do not revalidate it, not even on reload (RFC 8246). */
export const FOREVER = 'public, max-age=31536000, immutable'
export const REVALIDATED = 'no-cache'

export const HTML = 'text/html; charset=utf-8'
export const SCRIPT = 'text/javascript; charset=utf-8'
export const STYLE = 'text/css; charset=utf-8'

// The pages draw icons as data: images. Everything else comes from this server.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

// 64 bits are enough for a few files that no attacker chooses.
const HASH_DIGITS = 16

export async function assetOf(body: Asset['body'], type: string): Promise<Asset> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : await body.bytes()
  const hash = new Bun.CryptoHasher('sha256').update(bytes).digest('hex').slice(0, HASH_DIGITS)
  return { body, type, bytes: bytes.byteLength, hash }
}

/** Calls a slow function once, at the first call, and again only after it has failed. */
export function loadOnce<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined
  return () =>
    (loading ??= load().catch((error) => {
      loading = undefined
      throw error
    }))
}

/** Sends a file, or 304 if the client has it. */
export function sendAsset(asset: Asset, caching: string, context: RequestContext): Response {
  const { request, set } = context
  const tag = `"${asset.hash}"`
  set.headers['cache-control'] = caching
  set.headers['etag'] = tag
  set.headers['content-security-policy'] = CONTENT_SECURITY_POLICY
  set.headers['referrer-policy'] = 'no-referrer'
  if (matches(tag, request.headers.get('if-none-match'))) {
    set.status = 304
    return new Response(null, { status: 304 })
  }
  set.headers['content-type'] = asset.type
  set.headers['content-length'] = `${asset.bytes}`
  return new Response(asset.body)
}
