import { expect, setDefaultTimeout, test } from 'bun:test'
import { adminOf, until } from '../support/admin.ts'
import { SECRET } from '../support/config.ts'
import { directoryPerTest, startService } from '../support/process.ts'
import { makeToken, secretSigner } from '../support/tokens.ts'

setDefaultTimeout(30_000)

const directory = directoryPerTest()
const exp = Math.floor(Date.now() / 1000) + 600
const WARNING = /^.*"level":"warn".*Tokens are refused.*$/gm

const start = (LOG_LEVEL: string) =>
  startService({
    directory: directory.path,
    environment: {
      BETTER_AUTH_SECRET: SECRET,
      DATABASE_URL: 'memory:',
      JWT_ISSUER: 'https://auth.example',
      ADMIN_PORT: '0',
      LOG_LEVEL,
    },
  })

async function headersFor(iss: string) {
  const token = await makeToken(secretSigner(SECRET), { claims: { iss, exp, sub: 'xyzzy' } })
  return { authorization: `Bearer ${token}` }
}

const valid = await headersFor('https://auth.example')
const wrong = await headersFor('https://staging.example')

test('a service with a wrong issuer says so in a warning, at level debug and in its metrics', async () => {
  await using service = await start('debug')
  for (let n = 0; n < 3; n++) {
    const headers = { ...wrong, 'x-request-id': `request-${n}` }
    expect((await service.send('/tasks', { headers })).status).toBe(401)
  }
  await service.waitForOutput(/"request_id":"request-2".*"msg":"Request"/)
  const lines = service.output().match(/^.*"reason".*$/gm) ?? []
  const compared = {
    reason: 'wrong_issuer',
    expected: 'https://auth.example',
    actual: 'https://staging.example',
  }
  const refused = { level: 'debug', msg: 'Refused a token', ...compared }
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { ...refused, request_id: 'request-0' },
    { level: 'warn', requests: 1, ...compared },
    { ...refused, request_id: 'request-1' },
    { ...refused, request_id: 'request-2' },
  ])
  const metrics = await adminOf(service).metrics()
  expect(metrics.get('taskport_tokens_refused_total{reason="wrong_issuer"}')).toBe(3)
  expect(metrics.get('taskport_tokens_refused_total{reason="expired"}')).toBe(0)
  expect(service.output()).not.toContain('xyzzy')
  expect(service.output()).not.toContain(wrong.authorization.slice('Bearer '.length))
})

test('a service that has accepted a token does not warn of a stray one', async () => {
  await using service = await start('info')
  expect((await service.send('/tasks', { headers: valid })).status).toBe(200)
  expect((await service.send('/tasks', { headers: wrong })).status).toBe(401)
  await service.waitForOutput(/"status":401.*"msg":"Request"/)
  expect(service.output().match(WARNING)).toBeNull()
})

test('the metrics count event streams and long polls while they are held open', async () => {
  await using service = await start('info')
  const admin = adminOf(service)
  const held = async () => (await admin.metrics()).get('taskport_held_requests')
  expect(await held()).toBe(0)
  const disconnect = new AbortController()
  const { signal } = disconnect
  const stream = await service.send('/tasks/events', { headers: valid, signal })
  const { next_cursor: cursor } = Object(
    await (await service.send('/tasks/changes', { headers: valid })).json(),
  )
  const poll = service.send(`/tasks/changes?wait=25&cursor=${cursor}`, { headers: valid, signal })
  await until(async () => (await held()) === 2)
  disconnect.abort()
  await Promise.allSettled([stream.text(), poll])
  await until(async () => (await held()) === 0)
})
