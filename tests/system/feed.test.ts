import { expect, test } from 'bun:test'
import { asChange, nameOf, readChanges } from '../http/feed-answers.ts'
import { bearer, SECRET } from '../support/config.ts'
import { readEvents } from '../support/event-stream.ts'
import { startNginx } from '../support/nginx.ts'
import { startService, temporaryDirectory } from '../support/process.ts'

test('streams and long polls are not delayed by nginx', async () => {
  await using cleanUp = new AsyncDisposableStack()
  const { path: directory } = cleanUp.use(await temporaryDirectory())
  const environment = { DATABASE_URL: 'memory:', BETTER_AUTH_SECRET: SECRET }
  const service = cleanUp.use(await startService({ directory, environment }))
  const nginx = await startNginx([service.port])
  cleanUp.defer(nginx.stop)
  const { authorization } = await bearer('ann')
  const headers = { authorization, 'content-type': 'application/json' }
  const create = (text: string) =>
    fetch(`${nginx.url}/tasks`, { method: 'POST', headers, body: JSON.stringify({ text }) })

  const response = await fetch(`${nginx.url}/tasks/events`, { headers })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  await using events = readEvents(response)
  const [synced] = await events.until(({ name }) => name === 'synced')
  for (const text of ['a', 'b', 'c']) {
    const waiting = fetch(`${nginx.url}/tasks/changes?wait=25&cursor=${synced?.id}`, { headers })
    await create(text)
    expect(nameOf(asChange((await events.next())?.data))).toBe(text)
    expect((await readChanges(await waiting)).names).toContain('a')
  }

  await service.stop('SIGTERM')
  expect(await events.next()).toMatchObject({ name: 'end', data: { reason: 'SHUTTING_DOWN' } })
  expect(await events.next()).toBeNull()
})
