import { HttpError } from '../errors.ts'

/**
 * Refuses requests that a page of another site sends through a visitor's browser. A page can make its own
 * host name stand for an address of this machine (DNS rebinding): then its requests count as requests to its
 * own site, but they still name its host.
 *
 * @param deps.isOwnHost whether a request may name this host, without a port, in `Host`.
 */
export function createOriginGuard(deps: {
  readonly isOwnHost: (host: string) => boolean
  /** The public base URL; `null` if clients connect directly. */
  readonly publicUrl: string | null
  readonly corsOrigins: readonly string[]
}) {
  const { isOwnHost, publicUrl, corsOrigins } = deps
  const known = new Set(corsOrigins)
  if (publicUrl !== null) known.add(new URL(publicUrl).origin)

  return ({ request: { headers } }: { readonly request: Request }): void => {
    const host = headers.get('host')?.toLowerCase() ?? ''
    if (!isOwnHost(host.replace(/:\d+$/, '')))
      throw new HttpError('FORBIDDEN', 'This service does not have the name in Host')
    const origin = headers.get('origin')
    const isOwn = origin === `http://${host}` || origin === `https://${host}`
    if (origin !== null && !isOwn && !known.has(origin))
      throw new HttpError('FORBIDDEN', 'This service does not accept requests from this Origin')
  }
}
