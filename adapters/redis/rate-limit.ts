import { hash } from 'node:crypto'
import { RedisClient } from 'bun'
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { findFailure } from './diagnosis.ts'

// Half of the time that a request waits for Redis before the fallback takes over, see `withTimeout`.
const HALF_TIMEOUT_MS = 75
const HALF_CONNECT_TIMEOUT_MS = 500
const RECONNECT_AFTER_MS = 1000
const DIAGNOSIS_TIMEOUT_MS = 1000

/** A change between shared and local counting. */
export type RateLimiterEvent =
  /** From now on each process counts on its own. */
  | { readonly type: 'rate_limiter_degraded'; readonly error: unknown }
  | { readonly type: 'rate_limiter_restored' }

interface Count {
  readonly allowed: boolean
  readonly remaining: number
  readonly resetSeconds: number
}

interface Counter {
  count(caller: string): Count
  giveBack(caller: string): Count
}

interface Connection {
  readonly limiter: RateLimiterRedis
  close(): void
}

/**
 * Counts requests in Redis or Valkey, shared by all processes with the same URL. If the server fails or
 * does not respond in time, `fallback` counts until a new connection succeeds, so that requests do not
 * wait. Resolves when the first connection is open or has failed.
 *
 * @param options.fallback counts for this process only.
 */
export async function openRedisRateLimit(options: {
  readonly url: string
  readonly requests: number
  readonly windowSeconds: number
  readonly fallback: Counter
  readonly observe: (event: RateLimiterEvent) => void
}) {
  const { url, requests, windowSeconds, fallback, observe } = options
  let connection: Connection | null = null
  let degraded = false
  let closed = false
  let retry: ReturnType<typeof setTimeout> | undefined

  function createConnection(): Connection & { connect(): Promise<void> } {
    // A client is discarded at its first failure, so that no request waits in a queue for a dead server.
    const client = new RedisClient(url, { autoReconnect: false, enableOfflineQueue: false })
    const limiter = new RateLimiterRedis({
      storeClient: asRedisPackage(client),
      useRedisPackage: true,
      keyPrefix: 'taskport:rate',
      points: requests,
      duration: windowSeconds,
      // A caller over the limit stays over it until the window ends, without asking Redis again. One
      // more than the limit, because the last allowed request may still be given back.
      inMemoryBlockOnConsumed: requests + 1,
    })
    return {
      limiter,
      async connect() {
        await withTimeout(HALF_CONNECT_TIMEOUT_MS, client.connect())
        // A replica or a full server accepts connections but rejects writes.
        await consume(limiter, 'probe')
      },
      close: () => client.close(),
    }
  }

  async function connect(): Promise<void> {
    const candidate = createConnection()
    try {
      await candidate.connect()
    } catch (error) {
      candidate.close()
      // Only the first failure is reported.
      const failure = degraded ? null : await findFailure(url, DIAGNOSIS_TIMEOUT_MS)
      return degrade(failure ?? error)
    }
    if (closed) return candidate.close()
    connection = candidate
    if (degraded) observe({ type: 'rate_limiter_restored' })
    degraded = false
  }

  function degrade(error: unknown): void {
    connection?.close()
    connection = null
    if (closed) return
    retry = setTimeout(connect, RECONNECT_AFTER_MS)
    if (!degraded) observe({ type: 'rate_limiter_degraded', error })
    degraded = true
  }

  async function ask(
    caller: string,
    change: (limiter: RateLimiterRedis, key: string) => Promise<Count>,
    countLocally: (caller: string) => Count,
  ): Promise<Count> {
    const current = connection
    if (current === null) return countLocally(caller)
    try {
      return await change(current.limiter, keyOf(caller))
    } catch (error) {
      // Several requests may fail together: only the first one degrades.
      if (connection === current) degrade(error)
      return countLocally(caller)
    }
  }

  await connect()

  return {
    requests,
    windowSeconds,

    count: (caller: string) => ask(caller, consume, fallback.count),

    /** Uncounts one request. */
    giveBack: (caller: string) => ask(caller, uncount, fallback.giveBack),

    close(): void {
      closed = true
      clearTimeout(retry)
      connection?.close()
      connection = null
    },
  }
}

// Hashed because a user's id can be any string, and should not be readable in Redis.
function keyOf(caller: string): string {
  return hash('sha256', caller, 'base64url')
}

/** Adapts Bun's client to the part of the `redis` package that the limiter uses. */
function asRedisPackage(client: RedisClient) {
  return {
    eval(script: string, args: { readonly keys: string[]; readonly arguments: string[] }) {
      const { keys } = args
      return client.send('EVAL', [script, `${keys.length}`, ...keys, ...args.arguments])
    },
  }
}

async function consume(limiter: RateLimiterRedis, key: string): Promise<Count> {
  try {
    return toCount(true, await withTimeout(HALF_TIMEOUT_MS, limiter.consume(key)))
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return toCount(false, refusal)
    throw refusal
  }
}

async function uncount(limiter: RateLimiterRedis, key: string): Promise<Count> {
  const count = toCount(true, await withTimeout(HALF_TIMEOUT_MS, limiter.reward(key)))
  // If the window has just ended, the new one would start with one request too many.
  return { ...count, remaining: Math.min(count.remaining, limiter.points) }
}

function toCount(allowed: boolean, { remainingPoints, msBeforeNext }: RateLimiterRes): Count {
  return {
    allowed,
    remaining: remainingPoints,
    resetSeconds: Math.max(Math.ceil(msBeforeNext / 1000), 1),
  }
}

/**
 * Rejects after twice `halfMs`. The timeout runs in two steps because a process that was blocked itself
 * fires expired timers before it reads the answers that have already arrived.
 */
async function withTimeout<Value>(halfMs: number, work: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>()
  let timer = setTimeout(() => {
    timer = setTimeout(late.reject, halfMs, new Error('Redis did not respond in time'))
  }, halfMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
