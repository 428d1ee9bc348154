import { expect, test } from 'bun:test'
import { openRedisRateLimit } from '../../adapters/redis/rate-limit.ts'
import { startRedis } from '../support/redis.ts'

const fallback = () => ({ allowed: true, remaining: 99, resetSeconds: 9 })

async function open(url: string) {
  const limit = await openRedisRateLimit({
    url,
    requests: 3,
    windowSeconds: 60,
    fallback: { count: fallback, giveBack: fallback },
    observe: () => {},
  })
  return { ...limit, [Symbol.dispose]: limit.close }
}

test('returns a request to the limit that all processes share', async () => {
  await using redis = await startRedis()
  using one = await open(redis.url)
  using two = await open(redis.url)
  expect((await one.count('ann')).remaining).toBe(2)
  expect((await two.count('ann')).remaining).toBe(1)
  expect(await one.giveBack('ann')).toMatchObject({ allowed: true, remaining: 2 })
  expect((await two.count('ann')).remaining).toBe(1)
})

test('returns the last allowed request', async () => {
  await using redis = await startRedis()
  using limit = await open(redis.url)
  for (const remaining of [2, 1, 0]) expect((await limit.count('ann')).remaining).toBe(remaining)
  expect((await limit.giveBack('ann')).remaining).toBe(1)
  expect(await limit.count('ann')).toMatchObject({ allowed: true, remaining: 0 })
  expect((await limit.count('ann')).allowed).toBe(false)
  expect((await limit.count('ann')).allowed).toBe(false)
})

test('never exceeds the limit, even after the window has ended', async () => {
  await using redis = await startRedis()
  using limit = await open(redis.url)
  expect(await limit.giveBack('ann')).toMatchObject({ allowed: true, remaining: 3 })
})

test('uses the limit of this process without Redis', async () => {
  await using redis = await startRedis()
  using limit = await open(redis.url)
  await limit.count('ann')
  await redis.kill()
  expect((await limit.giveBack('ann')).remaining).toBe(99)
  expect((await limit.giveBack('ann')).remaining).toBe(99)
})
