import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { portOf } from './port.ts'

/**
 * - `pass`: both ways.
 * - `swallow`: takes connections and bytes and passes nothing on, as a network that has lost its
 *   other end.
 * - `hold`: takes connections and lets them wait until it passes again, as for a server that wakes up.
 * - `close`: takes connections and closes them, those that there are too.
 */
export type ProxyMode = 'pass' | 'swallow' | 'hold' | 'close'

export interface FaultProxy {
  readonly port: number
  /** How often the client has sent something since the server last did: its round trips. */
  roundTrips(): number
  become(mode: ProxyMode): void
  close(): Promise<void>
}

/** A TCP proxy before a server on this machine that can be told to fail. */
export async function startProxy(serverPort: number): Promise<FaultProxy> {
  let mode: ProxyMode = 'pass'
  let roundTrips = 0
  const sockets = new Set<Socket>()
  const held = new Set<Socket>()

  const listener = createServer((client) => {
    if (mode === 'close') client.destroy()
    else forward(client)
  })

  function forward(client: Socket): void {
    const server = track(connect(serverPort, '127.0.0.1'))
    let clientSpokeLast = false
    // A connection that has lost a byte is lost for good.
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
      if (!isLost) client.write(bytes)
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
    async close() {
      listener.close()
      destroyAll()
      await once(listener, 'close')
    },
  }
}
