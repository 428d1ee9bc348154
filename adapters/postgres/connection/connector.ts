import { OperatorError } from '../../../core/errors.ts'
import { type Lane, type LaneOptions, openLane } from './lane.ts'
import type { Cluster, Target } from './url.ts'

/** Opens a connection to a server that can be used. Rejects if there is none. */
export type Connect = (options: LaneOptions) => Promise<Lane>

/**
 * Tries the servers in their order, but first the one of the last connection. So all connections use the
 * same server, and a former primary that returns is left alone.
 *
 * `timeoutMs` is the limit for all servers together. Each has an equal share of the time that is left.
 */
export function createConnector({ others, ...first }: Cluster): Connect {
  if (others.length === 0) return (options) => openLane(first, options)
  const targets: readonly Target[] = [first, ...others]
  let kept: Target = first

  async function connectTo(target: Target, options: LaneOptions): Promise<Lane> {
    let isOpen = false
    const lane = await openLane(target, {
      ...options,
      // A failed attempt is not a closed connection.
      onClose: () => isOpen && options.onClose(),
    })
    isOpen = true
    kept = target
    return lane
  }

  return async (options) => {
    const endsAt = performance.now() + options.timeoutMs
    const order = new Set([kept, ...targets])
    const failures: string[] = []
    for (const target of order) {
      const timeoutMs = (endsAt - performance.now()) / (order.size - failures.length)
      try {
        return await connectTo(target, { ...options, timeoutMs })
      } catch (error) {
        if (error instanceof OperatorError) throw error
        failures.push(`${target.host}:${target.port}: ${messageOf(error)}`)
      }
    }
    throw new Error(failures.join('; '))
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : `${error}`
}
