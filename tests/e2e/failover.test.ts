import { expect, setDefaultTimeout, test } from 'bun:test'
import { startHttpLoad } from '../support/http-load.ts'
import { outageEnvironment, SLACK_MS, TIMEOUT_MS } from '../support/outage.ts'
import { startPair } from '../support/postgres-pair.ts'
import { directoryPerTest, startService } from '../support/process.ts'

setDefaultTimeout(60_000)

const RECOVERY_MS = 2000

const directory = directoryPerTest()

// The load fails the test for a lost write, and for a failure that is not 503 with Retry-After.
test('serves writes again within two seconds of a failover, and has lost none', async () => {
  await using cleanUp = new AsyncDisposableStack()
  const pair = await startPair()
  cleanUp.defer(pair.remove)
  const { username, password } = new URL(pair.primary().url)
  const servers = [pair.primary(), pair.replica()].map(({ port }) => `127.0.0.1:${port}`)
  const name = await pair.createDatabase()
  const url = `postgres://${username}:${password}@${servers}/${name}?target_session_attrs=read-write`
  const service = cleanUp.use(
    await startService({ directory: directory.path, environment: outageEnvironment(url) }),
  )
  const load = await startHttpLoad(service.send, { clients: 8 })
  await load.succeeded(300)

  await pair.primary().kill()
  await load.failed(50)
  await pair.promote()
  const promotedAt = performance.now()
  await load.succeeded(10)
  expect(performance.now() - promotedAt).toBeLessThan(RECOVERY_MS)

  await pair.rejoin()
  await load.succeeded(300)
  // Only requests show that the store responds.
  await service.waitForOutput(/"msg":"The store responds again"/)
  await load.stopAndVerify(TIMEOUT_MS + SLACK_MS)
  expect(await service.stop('SIGTERM')).toBe(0)
  expect(service.output()).not.toMatch(/"level":"(error|fatal)"/)
})
