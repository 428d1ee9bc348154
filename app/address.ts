/** The URL under which a client on this machine reaches the server. */
export function addressOf(host: string, port: number): string {
  const isWildcard = host === '0.0.0.0' || host === '::'
  const name = isWildcard ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

/** Whether a host name, with or without the brackets of IPv6, stands for this machine alone. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|::1|\[::1\])$/i.test(host)
}

/**
 * Why the server cannot listen, and what to change; `null` for other errors.
 *
 * @param name the variable that holds the port.
 */
export function listenProblem(error: unknown, name: 'PORT' | 'ADMIN_PORT'): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  const example = name === 'PORT' ? 8001 : 9091
  switch (error.code) {
    case 'EADDRINUSE':
      return `${error.message} Set ${name} to a free port, for example ${name}=${example}.`
    case 'EACCES':
      return `${error.message}. Set ${name} to a port from 1024, for example ${name}=${example}.`
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
    case 'ENOTFOUND':
      return `${error.message}. Set HOST to an address of this machine, for example HOST=127.0.0.1.`
    default:
      return null
  }
}
