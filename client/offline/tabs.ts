import type { Written } from './replica.ts'
import type { OfflineStatus } from './types.ts'

/** What tabs tell each other. */
type Message =
  /** What was written. */
  | Written
  /** The status of the tab that synchronizes. */
  | { readonly status: Pick<OfflineStatus, 'state' | 'error'> }

/**
 * Connects the tabs of one browser that share a storage. Where there are no Web Locks, each tab works for itself.
 */
export function createTabs(name: string) {
  const channel = new BroadcastChannel(`taskport ${name}`)
  // Node would not exit while it is open.
  Object(channel).unref?.()

  return {
    post: (message: Message): void => channel.postMessage(message),

    listen(listener: (message: Message) => void): void {
      // Safe: only this module sends on this channel.
      channel.onmessage = ({ data }) => listener(data as Message)
    },

    /** Runs while no other tab does something for this purpose. */
    locked(purpose: 'send' | 'feed', signal: AbortSignal, run: () => Promise<void>): Promise<void> {
      const locks = globalThis.navigator?.locks
      return locks ? locks.request(`taskport ${name} ${purpose}`, { signal }, run) : run()
    },

    close: (): void => channel.close(),
  }
}
