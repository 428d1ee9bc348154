const LOOPBACK_ADDRESS = /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/i
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i
const ADDED_BY_PROXIES = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip']

/**
 * Whether the token of demo mode may be given to whoever asks: only to this machine, whatever
 * address the server listens on. A page of another origin does not get it, neither by CORS nor by
 * pointing a name of its own at this machine (DNS rebinding), and nobody does through a proxy.
 *
 * @param peer the address of the connection; `null` where there is none.
 */
export function mayHaveDemoToken(peer: string | null, headers: Headers): boolean {
  return (
    LOOPBACK_ADDRESS.test(peer ?? '') &&
    LOOPBACK_HOST.test(headers.get('host') ?? '') &&
    !headers.has('origin') &&
    !ADDED_BY_PROXIES.some((name) => headers.has(name))
  )
}
