import { connect, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as encrypt } from 'node:tls'
import type { Encryption, Target } from './url.ts'

// What a client sends before anything else to ask for encryption; the answer is one byte, S or N
// (postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL).
const ENCRYPTION_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
const CANCEL_REQUEST = 80877102

/** The session that a server knows by these numbers: who may cancel its statement. */
export interface Backend {
  readonly pid: number
  readonly secret: number
}

/**
 * A connected socket, encrypted as the target asks.
 *
 * @param onSocket gets each socket as soon as it exists. Destroying it makes the promise reject.
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
  // More bytes than one would be somebody's in between, taken for the server's once encrypted.
  if (answer !== 'S') throw new Error('the server offers no encryption')
  const encrypted = encrypt({ socket, ...tlsOptions(host, encryption) })
  onSocket(encrypted)
  await nextEvent(encrypted, 'secureConnect')
  return encrypted
}

/** Asks the server to give up what the session is doing. Resolves when the server has been told. */
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
    // Not `end`: PgBouncer drops the request of a client that hangs up first.
    socket.write(message)
    await new Promise((resolve) => socket.once('close', resolve))
  } catch {
    // The server cannot be reached: it will notice by itself that its client has gone.
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
    // Stays, since an error that nobody listens to ends the process.
    socket.on('error', reject)
    socket.once('close', () => reject(new Error('the server closed the connection')))
  })
}
