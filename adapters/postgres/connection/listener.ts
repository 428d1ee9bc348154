import type { Lane } from './lane.ts'

const CHANNEL = 'taskport'

// Short, so that few notifications are missed when the server has recovered.
const RETRY_MS = 500

// Detects a connection that was lost without being closed, and a server that no longer takes writes.
const HEARTBEAT_MS = 10_000

/**
 * Listens for notifications on a separate connection, and reconnects when it is lost.
 *
 * @param open opens a connection. `null` means that notifications cannot be received; `listen` gives up.
 * @param options.onOpen called whenever listening starts. Earlier notifications were missed.
 * @returns a function that stops listening.
 */
export function listen(
  open: (options: {
    readonly onNotify: (payload: string) => void
    readonly onClose: () => void
  }) => Promise<Lane | null>,
  options: {
    readonly onNotify: (payload: string) => void
    readonly onOpen: () => void
    readonly timeoutMs: number
    readonly heartbeatMs?: number
  },
): () => Promise<void> {
  const { onNotify, onOpen, timeoutMs, heartbeatMs = HEARTBEAT_MS } = options
  let lane: Lane | undefined
  let timer: Timer | undefined
  let attempt = 0
  let isStopped = false

  async function connect(): Promise<void> {
    const own = ++attempt
    const reconnect = () => {
      if (own === attempt) schedule(RETRY_MS, () => void connect())
    }
    try {
      const opened = await open({ onNotify, onClose: reconnect })
      if (opened === null) isStopped = true
      if (opened === null || isStopped) return await opened?.end()
      lane = opened
      await ask(opened, () => opened.sql.unsafe(`listen ${CHANNEL}`))
      onOpen()
      heartbeat(opened)
    } catch {
      lane?.destroy()
      reconnect()
    }
  }

  function heartbeat(current: Lane): void {
    ask(current, current.ping).then(
      () => schedule(heartbeatMs, () => heartbeat(current)),
      () => current.destroy(),
    )
  }

  /** Sends a query, and destroys the connection if the server does not answer in time. */
  async function ask({ destroy }: Lane, query: () => PromiseLike<unknown>): Promise<void> {
    const silence = setTimeout(destroy, timeoutMs)
    try {
      await query()
    } finally {
      clearTimeout(silence)
    }
  }

  function schedule(ms: number, action: () => void): void {
    clearTimeout(timer)
    if (!isStopped) timer = setTimeout(action, ms)
  }

  void connect()
  return async () => {
    isStopped = true
    clearTimeout(timer)
    await lane?.end()
  }
}
