import { isIPv4, isIPv6 } from 'node:net'

/**
 * The address that a client is counted by: its IPv4 address, or the /64 network of its IPv6 address,
 * which is what one subscriber usually gets (RFC 6177).
 *
 * @param peer the address of the connection; `null` if there is none.
 * @param forwardedFor the request's `X-Forwarded-For`. Each proxy appends the address that it was
 * called from. Everything to the left of what trusted proxies append may be forged.
 * @param trustedProxies how many trusted proxies are in front of the service.
 * @returns `null` if the address is not known.
 */
export function clientAddress(
  peer: string | null,
  forwardedFor: string | null,
  trustedProxies: number,
): string | null {
  const forwarded = trustedProxies > 0 ? forwardedFor?.split(',').at(-trustedProxies) : undefined
  return networkOf(withoutPort(forwarded?.trim() ?? '')) ?? networkOf(peer ?? '')
}

// Some proxies add the port: 192.0.2.1:4711, [2001:db8::1]:4711.
const WITH_PORT = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d+)?$/

function withoutPort(address: string): string {
  const [, inBrackets, plain] = WITH_PORT.exec(address) ?? []
  return inBrackets ?? plain ?? address
}

const IPV4_MAPPED = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/

function networkOf(address: string): string | null {
  if (isIPv4(address)) return address
  const [withoutZone = ''] = address.split('%')
  if (!isIPv6(withoutZone)) return null
  // The canonical form of RFC 5952.
  const canonical = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1)
  const [, high, low] = IPV4_MAPPED.exec(canonical) ?? []
  if (high !== undefined && low !== undefined) return `${bytesOf(high)}.${bytesOf(low)}`
  const [left = '', right = ''] = canonical.split('::')
  const head = groupsOf(left)
  const tail = groupsOf(right)
  const zeros = Array<string>(8 - head.length - tail.length).fill('0')
  return [...head, ...zeros, ...tail].slice(0, 4).join(':')
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':')
}

function bytesOf(group: string): string {
  const value = Number.parseInt(group, 16)
  return `${value >> 8}.${value & 255}`
}
