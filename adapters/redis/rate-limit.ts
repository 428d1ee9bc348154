import { hash } from 'node:crypto'
import { RedisClient } from 'bun'
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'

// A request waits at most twice this long, once.
const PATIENCE_MS = 75
const CONNECT_PATIENCE_MS = 500
const RETRY_AFTER_MS = 1000

/** What happens to the count that processes share. */
export type RateLimiterEvent =
  /** From now on each process counts by itself. */
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
 * Counts requests in Redis or Valkey, together with every process that has the same URL. While the
 * server does not answer, or refuses, `fallback` counts and no request waits; a new connection is
 * tried again and again. Resolves when the first one is there or has failed.
 *
 * @param options.fallback counts for this process alone.
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
    // Lost for good at its first failure, so that nothing waits in a queue for a server that is gone.
    const client = new RedisClient(url, { autoReconnect: false, enableOfflineQueue: false })
    const limiter = new RateLimiterRedis({
      storeClient: asRedisPackage(client),
      useRedisPackage: true,
      keyPrefix: 'taskport:rate',
      points: requests,
      duration: windowSeconds,
      // Who is over the limit stays so until the window ends: Redis need not be asked again. The last
      // request that is allowed may yet be given back.
      inMemoryBlockOnConsumed: requests + 1,
    })
    return {
      limiter,
      async connect() {
        await within(CONNECT_PATIENCE_MS, client.connect())
        // A replica or a full server connects and refuses to count.
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
      return degrade(error)
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
    retry = setTimeout(connect, RETRY_AFTER_MS)
    if (!degraded) observe({ type: 'rate_limiter_degraded', error })
    degraded = true
  }

  async function ask(
    caller: string,
    change: (limiter: RateLimiterRedis, key: string) => Promise<Count>,
    alone: (caller: string) => Count,
  ): Promise<Count> {
    const current = connection
    if (current === null) return alone(caller)
    try {
      return await change(current.limiter, keyOf(caller))
    } catch (error) {
      // Of all requests that were waiting only the first one finds it in use.
      if (connection === current) degrade(error)
      return alone(caller)
    }
  }

  await connect()

  return {
    requests,
    windowSeconds,

    count: (caller: string) => ask(caller, consume, fallback.count),

    /** Takes one request back that was counted. */
    giveBack: (caller: string) => ask(caller, reward, fallback.giveBack),

    close(): void {
      closed = true
      clearTimeout(retry)
      connection?.close()
      connection = null
    },
  }
}

// A user's id can be any string, and is nobody's business who looks into Redis.
function keyOf(caller: string): string {
  return hash('sha256', caller, 'base64url')
}

/** What of the `redis` package the limiter uses, on Bun's own client. */
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
    return toCount(true, await within(PATIENCE_MS, limiter.consume(key)))
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return toCount(false, refusal)
    throw refusal
  }
}

async function reward(limiter: RateLimiterRedis, key: string): Promise<Count> {
  const standing = toCount(true, await within(PATIENCE_MS, limiter.reward(key)))
  // Where the window has ended meanwhile, a new one begins with one more.
  return { ...standing, remaining: Math.min(standing.remaining, limiter.points) }
}

function toCount(allowed: boolean, { remainingPoints, msBeforeNext }: RateLimiterRes): Count {
  return {
    allowed,
    remaining: remainingPoints,
    resetSeconds: Math.max(Math.ceil(msBeforeNext / 1000), 1),
  }
}

/**
 * Fails after twice that time. In two steps, for a process that was held up itself finds its timers
 * late before it reads what has arrived.
 */
async function within<Value>(milliseconds: number, work: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>()
  let timer = setTimeout(() => {
    timer = setTimeout(late.reject, milliseconds, new Error('Redis does not answer in time'))
  }, milliseconds)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
