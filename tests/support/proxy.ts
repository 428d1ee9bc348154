import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { portOf } from './port.ts'

/**
 * - `pass`: forwards in both directions.
 * - `swallow`: accepts connections and discards all bytes, like a network that lost its other end.
 * - `hold`: accepts connections and makes them wait until `pass`, like a server that is waking up.
 * - `close`: closes all connections, existing and new.
 */
export type ProxyMode = 'pass' | 'swallow' | 'hold' | 'close'

export interface FaultProxy {
  readonly port: number
  /** The round trips so far: how often the client sent something after the server did. */
  roundTrips(): number
  become(mode: ProxyMode): void
  /** Closes all connections, and forwards new ones to another server. */
  follow(serverPort: number): void
  close(): Promise<void>
}

/**
 * Starts a TCP proxy in front of a local server. Tests can make it fail.
 *
 * @param delayMilliseconds how much later what the server sends arrives.
 */
export async function startProxy(serverPort: number, delayMilliseconds = 0): Promise<FaultProxy> {
  let current = serverPort
  let mode: ProxyMode = 'pass'
  let roundTrips = 0
  const sockets = new Set<Socket>()
  const held = new Set<Socket>()

  const listener = createServer((client) => {
    if (mode === 'close') client.destroy()
    else forward(client)
  })

  function forward(client: Socket): void {
    const server = track(connect(current, '127.0.0.1'))
    let clientSpokeLast = false
    // A connection that has lost a byte cannot be used again.
    let isLost = false
    track(client).on('data', (bytes) => {
      if (!clientSpokeLast) roundTrips++
      clientSpokeLast = true
      isLost ||= mode === 'swallow'
      if (!isLost) server.write(bytes)
    })
    server.on('data', (bytes) => {
      clientSpokeLast = false
      isLost ||= mode === 'swallow'
      if (isLost) return
      if (delayMilliseconds === 0) client.write(bytes)
      else setTimeout(() => client.write(bytes), delayMilliseconds)
    })
    client.on('close', () => server.destroy())
    if (mode === 'hold') held.add(client.pause())
    server.on('close', () => {
      if (!isLost) client.destroy()
    })
  }

  function track(socket: Socket): Socket {
    sockets.add(socket)
    socket.on('error', () => {})
    return socket.on('close', () => sockets.delete(socket))
  }

  function destroyAll(): void {
    for (const socket of sockets) socket.destroy()
  }

  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const port = portOf(listener)

  return {
    port,
    roundTrips: () => roundTrips,
    become(next) {
      mode = next
      if (next === 'pass') for (const client of held) client.resume()
      if (next === 'close') destroyAll()
    },
    follow(next) {
      current = next
      destroyAll()
    },
    async close() {
      listener.close()
      destroyAll()
      await once(listener, 'close')
    },
  }
}
