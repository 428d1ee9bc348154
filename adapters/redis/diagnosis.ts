import { connect as connectTcp, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { RedisClient } from 'bun'

const DEFAULT_PORT = 6379

/**
 * Finds out why the server does not accept a connection: its error message, or that of the operating
 * system. Bun's client says "Connection closed" in every case: a wrong password, an unknown host, a closed
 * port.
 *
 * @returns `null` if nothing is wrong, or no reason is known in time.
 */
export function findFailure(url: string, timeoutMs: number): Promise<Error | null> {
  const { protocol, hostname, port, username, password } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const options = { host, port: Number(port || DEFAULT_PORT) }
  const isEncrypted = protocol === 'rediss:'
  return new Promise((resolve) => {
    const socket = isEncrypted
      ? connectTls({ ...options, servername: isIP(host) ? '' : host })
      : connectTcp(options)
    function end(failure: Error | null): void {
      clearTimeout(timer)
      socket.destroy()
      resolve(failure)
    }
    const timer = setTimeout(end, timeoutMs, null)
    let answer = ''
    socket.on('error', end)
    socket.on('close', () => end(null))
    socket.on(isEncrypted ? 'secureConnect' : 'connect', () => {
      const credentials = [username || 'default', password].map(decodeURIComponent)
      socket.write(password ? command('AUTH', ...credentials) : command('PING'))
    })
    socket.on('data', (bytes) => {
      answer += bytes
      const line = answer.indexOf('\r\n')
      if (line >= 0) end(answer.startsWith('-') ? new Error(answer.slice(1, line)) : null)
    })
  })
}

// Needs the rights of the rate limit, and a server that takes writes. It sets nothing, because the key is
// never there.
const PROBE = `
  redis.call('set', KEYS[1], 0, 'EX', 60, 'XX')
  return redis.call('pttl', KEYS[1])`

/**
 * Checks that the rate limit can use the server, and changes nothing.
 *
 * @throws Error with the reason of the server or the operating system, as far as it is known.
 */
export async function probe(url: string, timeoutMs: number): Promise<void> {
  const client = new RedisClient(url, {
    autoReconnect: false,
    enableOfflineQueue: false,
    connectionTimeout: timeoutMs,
  })
  try {
    await client.connect()
    await client.send('EVAL', [PROBE, '1', 'taskport:rate:doctor'])
  } catch (error) {
    throw (await findFailure(url, timeoutMs)) ?? error
  } finally {
    client.close()
  }
}

// The encoding of commands: redis.io/docs/latest/develop/reference/protocol-spec.
function command(...words: string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
  return `*${words.length}\r\n${parts.join('')}`
}
