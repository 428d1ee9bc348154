import { describe, expect, test } from 'bun:test'
import { clientAddress } from '../../adapters/http/middleware/client-address.ts'
import { createLimitedApp } from './limited-app.ts'

describe('the address of a client', () => {
  const peer = '192.0.2.1'

  test.each<[proxies: number, forwardedFor: string | null, address: string]>([
    [0, '203.0.113.1', peer],
    [1, null, peer],
    [1, '203.0.113.1', '203.0.113.1'],
    [1, 'forged, 198.51.100.9,203.0.113.1', '203.0.113.1'],
    [2, 'forged, 203.0.113.1, 198.51.100.9', '203.0.113.1'],
    [2, '203.0.113.1', peer],
    [1, '203.0.113.1, ', peer],
    [1, '', peer],
    [1, 'unknown', peer],
    [1, '203.0.113', peer],
    [1, '203.0.113.256', peer],
    [1, '2001:db8::1::2', peer],
    [1, '203.0.113.1 198.51.100.9', peer],
    [1, '203.0.113.1:4711', '203.0.113.1'],
    [1, '[2001:db8::1]:4711', '2001:db8:0:0'],
    [1, '[2001:db8::1]', '2001:db8:0:0'],
    [1, '2001:DB8:0001:0002:3:4:5:6', '2001:db8:1:2'],
    [1, '2001:db8:1:2::', '2001:db8:1:2'],
    [1, '::1', '0:0:0:0'],
    [1, 'fe80::1%eth0', 'fe80:0:0:0'],
    [1, '::ffff:203.0.113.1', '203.0.113.1'],
    [1, '::ffff:cb00:7101', '203.0.113.1'],
    [1, '0:0:0:0:0:ffff:203.0.113.1', '203.0.113.1'],
  ])('comes from X-Forwarded-For behind %d proxies: %p', (proxies, forwardedFor, address) => {
    expect(clientAddress(peer, forwardedFor, proxies)).toBe(address)
  })

  test.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    [null, null],
  ])('comes from the connection without proxies: %p', (connected, address) => {
    expect(clientAddress(connected, null, 0)).toBe(address)
  })

  test('limits requests without a token when a trusted proxy forwards it', async () => {
    const { send, exhaust } = createLimitedApp({ trustedProxies: 1 })
    await exhaust({ 'x-forwarded-for': '203.0.113.1' })
    const from = async (address: string) =>
      (await send('GET', '/tasks', { 'x-forwarded-for': address })).status
    expect(await from('198.51.100.9, 203.0.113.1')).toBe(429)
    expect(await from('203.0.113.1, 198.51.100.9')).toBe(401)
  })

  test('ignores X-Forwarded-For when no proxy is trusted', async () => {
    const { send, exhaust } = createLimitedApp()
    await exhaust({ 'x-forwarded-for': '203.0.113.1' })
    const response = await send('GET', '/tasks', { 'x-forwarded-for': '198.51.100.9' })
    expect(response.status).toBe(429)
  })

  test('is the address of the connection over a socket', async () => {
    const { app } = createLimitedApp({ trustedProxies: 1 })
    app.listen({ hostname: '127.0.0.1', port: 0 })
    const from = async (headers: Record<string, string>) => {
      const response = await fetch(`http://127.0.0.1:${app.server?.port}/tasks`, { headers })
      return response.status
    }
    try {
      expect(await from({})).toBe(401)
      expect(await from({ 'x-forwarded-for': '127.0.0.1' })).toBe(401)
      expect(await from({ 'x-forwarded-for': 'not-an-address' })).toBe(429)
      expect(await from({ 'x-forwarded-for': '127.0.0.2' })).toBe(401)
    } finally {
      await app.stop(true)
    }
  })
})
