import type { Random } from './random.ts'

/** A request that a device keeps for retries. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

export type Send = (call: Call) => Promise<Answer>

/** The connection broke. The device cannot know whether its request was handled. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

export interface Network {
  readonly send: Send
  /** From now on, delivers everything. Resolves once late requests have arrived. */
  calmDown(): Promise<void>
}

/**
 * A network that loses requests and responses, delays them, and delivers some requests twice,
 * immediately or much later.
 */
export function createNetwork(deliver: Send, random: Random): Network {
  const late = new Set<Promise<unknown>>()
  let calm = false

  async function turns(limit: number): Promise<void> {
    for (let left = random.below(limit); left > 0; left--)
      await new Promise((resolve) => setImmediate(resolve))
  }

  function deliverLate(call: Call): void {
    const delivery = turns(100)
      .then(() => deliver(call))
      .catch(() => {})
      .finally(() => late.delete(delivery))
    late.add(delivery)
  }

  return {
    async send(call) {
      if (calm) return deliver(call)
      await turns(4)
      if (random.chance(0.08)) throw new ConnectionLost('The request was lost')
      if (random.chance(0.05)) deliverLate(call)
      const copies = random.chance(0.08) ? [deliver(call), deliver(call)] : [deliver(call)]
      const outcomes = await Promise.allSettled(copies)
      await turns(4)
      const outcome = random.pick(outcomes)
      if (outcome?.status !== 'fulfilled' || random.chance(0.08))
        throw new ConnectionLost('The response was lost')
      return outcome.value
    },

    async calmDown() {
      calm = true
      await Promise.all(late)
    },
  }
}
