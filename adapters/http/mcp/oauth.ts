import { Elysia } from 'elysia'
import { HttpError } from '../errors.ts'
import type { TokenKind } from '../ports.ts'

const PATH = '/.well-known/oauth-protected-resource/mcp'

/** Where clients that sign in by themselves get a token. */
export interface OAuth {
  /** The authorization server. */
  readonly issuer: string
  /** The public address of `/mcp`. */
  readonly resource: string
}

/** `GET /.well-known/oauth-protected-resource/mcp`: the metadata of RFC 9728. Needs no token. */
export function createMetadataRoute({ issuer, resource }: OAuth) {
  const metadata = JSON.stringify({
    resource,
    authorization_servers: [issuer],
    scopes_supported: ['tasks:read', 'tasks:write'],
    bearer_methods_supported: ['header'],
    resource_name: 'Taskport',
  })
  return new Elysia({ name: 'oauth-metadata' }).get(
    PATH,
    ({ set }) => {
      set.headers['content-type'] = 'application/json'
      set.headers['cache-control'] = 'no-cache'
      // Clients in any page may read it: it is public.
      set.headers['access-control-allow-origin'] = '*'
      return metadata
    },
    { detail: { hide: true } },
  )
}

/**
 * Adds to a refusal of a token where to get another one (RFC 9728, 5.1).
 *
 * @param kind the kind of the token, if it is valid. Scopes of OAuth have other names.
 */
export function withMetadata(error: unknown, { resource }: OAuth, kind: TokenKind | null): unknown {
  if (!(error instanceof HttpError)) return error
  const challenge = error.headers['www-authenticate']
  if (challenge === undefined) return error
  const named = kind === 'oauth' ? challenge.replace('scope="', 'scope="tasks:') : challenge
  const separator = challenge.includes('=') ? ', ' : ' '
  const address = `${resource.slice(0, -'/mcp'.length)}${PATH}`
  return new HttpError(error.error, error.message, {
    ...error.headers,
    'www-authenticate': `${named}${separator}resource_metadata="${address}"`,
  })
}
