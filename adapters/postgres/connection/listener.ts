import type { Lane } from './lane.ts'

const CHANNEL = 'taskport'

// A server that is back is listened to again without delay; one that is not is asked in vain.
const RETRY_MS = 500

// A connection that has fallen silent says nothing of it.
const HEARTBEAT_MS = 10_000

/**
 * Listens for notifications on a connection of its own, and on another one for ever where that is
 * lost.
 *
 * @param open opens a connection; `null` where notifications would not come through.
 * @param options.onOpen called whenever listening has begun: what came before was not heard.
 * @returns ends that.
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
  },
): () => Promise<void> {
  const { onNotify, onOpen, timeoutMs } = options
  let lane: Lane | undefined
  let timer: Timer | undefined
  let attempt = 0
  let isOver = false

  async function connect(): Promise<void> {
    const own = ++attempt
    const reconnect = () => {
      if (own === attempt) after(RETRY_MS, () => void connect())
    }
    try {
      const opened = await open({ onNotify, onClose: reconnect })
      if (opened === null) isOver = true
      if (opened === null || isOver) return await opened?.end()
      lane = opened
      await lane.sql.unsafe(`listen ${CHANNEL}`)
      onOpen()
      beat(lane)
    } catch {
      lane?.destroy()
      reconnect()
    }
  }

  function beat(current: Lane): void {
    const silence = setTimeout(current.destroy, timeoutMs)
    current.sql
      .unsafe('select 1')
      .then(
        () => after(HEARTBEAT_MS, () => beat(current)),
        () => current.destroy(),
      )
      .finally(() => clearTimeout(silence))
  }

  function after(ms: number, action: () => void): void {
    clearTimeout(timer)
    if (!isOver) timer = setTimeout(action, ms)
  }

  void connect()
  return async () => {
    isOver = true
    clearTimeout(timer)
    await lane?.end()
  }
}
