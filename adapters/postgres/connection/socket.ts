import { connect, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as encrypt } from 'node:tls'
import type { Encryption, Target } from './url.ts'

// The first message of a client that wants encryption. The server answers with one byte, S or N
// (postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL).
const ENCRYPTION_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
const CANCEL_REQUEST = 80877102

/** Identifies a session to the server. A client that sends both numbers may cancel its statement. */
export interface Backend {
  readonly pid: number
  readonly secret: number
}

/**
 * Opens a socket, encrypted as the target requires.
 *
 * @param onSocket called with each socket as soon as it exists. If it is destroyed, the promise rejects.
 */
export async function openSocket(
  target: Target,
  onSocket: (socket: Socket) => void,
): Promise<Socket> {
  const { host, port, encryption } = target
  const socket = host.startsWith('/')
    ? connect(`${host}/.s.PGSQL.${port}`)
    : connect({ host, port, noDelay: true })
  onSocket(socket)
  await nextEvent(socket, 'connect')
  if (encryption.mode === 'disable') return socket

  socket.write(ENCRYPTION_REQUEST)
  const answer = `${await nextEvent(socket, 'data')}`
  if (answer === 'N' && encryption.mode === 'prefer') return socket
  // An attacker could append bytes to the answer, which would later be taken for encrypted data.
  if (answer !== 'S') throw new Error('the server does not support encryption')
  const encrypted = encrypt({ socket, ...tlsOptions(host, encryption) })
  onSocket(encrypted)
  await nextEvent(encrypted, 'secureConnect')
  return encrypted
}

/** Asks the server to cancel the session's statement. Resolves when the request has been delivered. */
export async function cancelStatement(
  target: Target,
  { pid, secret }: Backend,
  timeoutMs: number,
): Promise<void> {
  const message = Buffer.alloc(16)
  for (const [index, word] of [16, CANCEL_REQUEST, pid, secret].entries())
    message.writeUInt32BE(word, index * 4)
  let destroy = () => {}
  const timer = setTimeout(() => destroy(), timeoutMs)
  try {
    const socket = await openSocket(target, (opened) => {
      destroy = () => opened.destroy()
    })
    // Not `end`: PgBouncer ignores the request if the client closes the connection first.
    socket.write(message)
    await new Promise((resolve) => socket.once('close', resolve))
  } catch {
    // The server cannot be reached. It will notice the closed connection.
  } finally {
    clearTimeout(timer)
    destroy()
  }
}

function tlsOptions(
  host: string,
  encryption: Exclude<Encryption, { readonly mode: 'disable' }>,
): ConnectionOptions {
  const name = isIP(host) ? {} : { servername: host }
  if (encryption.mode === 'prefer' || encryption.verify === 'nothing')
    return { ...name, rejectUnauthorized: false }
  const { verify, ca } = encryption
  return {
    ...name,
    host,
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca }),
    ...(verify === 'certificate' && { checkServerIdentity: () => undefined }),
  }
}

function nextEvent(socket: Socket, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.once(name, resolve)
    // Never removed, because an error without a listener ends the process.
    socket.on('error', reject)
    socket.once('close', () => reject(new Error('the server closed the connection')))
  })
}
