import { expect, test } from 'bun:test'
import { openRedisRateLimit } from '../../adapters/redis/rate-limit.ts'
import { startRedis } from '../support/redis.ts'

const alone = () => ({ allowed: true, remaining: 99, resetSeconds: 9 })

async function open(url: string) {
  const limit = await openRedisRateLimit({
    url,
    requests: 3,
    windowSeconds: 60,
    fallback: { count: alone, giveBack: alone },
    observe: () => {},
  })
  return { ...limit, [Symbol.dispose]: limit.close }
}

test('a request that is given back is free again, in whichever process', async () => {
  await using redis = await startRedis()
  using one = await open(redis.url)
  using two = await open(redis.url)
  expect((await one.count('ann')).remaining).toBe(2)
  expect((await two.count('ann')).remaining).toBe(1)
  expect(await one.giveBack('ann')).toMatchObject({ allowed: true, remaining: 2 })
  expect((await two.count('ann')).remaining).toBe(1)
})

test('the last one that is allowed can be given back', async () => {
  await using redis = await startRedis()
  using limit = await open(redis.url)
  for (const remaining of [2, 1, 0]) expect((await limit.count('ann')).remaining).toBe(remaining)
  expect((await limit.giveBack('ann')).remaining).toBe(1)
  expect(await limit.count('ann')).toMatchObject({ allowed: true, remaining: 0 })
  expect((await limit.count('ann')).allowed).toBe(false)
  expect((await limit.count('ann')).allowed).toBe(false)
})

test('nobody has more than there are, also where the window has ended', async () => {
  await using redis = await startRedis()
  using limit = await open(redis.url)
  expect(await limit.giveBack('ann')).toMatchObject({ allowed: true, remaining: 3 })
})

test('without Redis this process alone is asked', async () => {
  await using redis = await startRedis()
  using limit = await open(redis.url)
  await limit.count('ann')
  await redis.kill()
  expect((await limit.giveBack('ann')).remaining).toBe(99)
  expect((await limit.giveBack('ann')).remaining).toBe(99)
})
