import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { createTaskportClient, type TaskportClient } from '../../client/taskport.ts'
import { tokenOf } from '../support/config.ts'
import { type FaultyProxy, startServiceBehindProxy } from './faulty-proxy.ts'

const cleanUp = new AsyncDisposableStack()
let proxy: FaultyProxy
let taskport: TaskportClient
let users = 0

beforeAll(async () => {
  proxy = await startServiceBehindProxy('sqlite:./tasks.db', cleanUp)
})

beforeEach(async () => {
  taskport = createTaskportClient({ url: proxy.url, token: await tokenOf(`user-${users++}`) })
  proxy.fail()
})

afterAll(() => cleanUp.disposeAsync())

function clientWith(token: string | (() => string)): TaskportClient {
  return createTaskportClient({ url: proxy.url, token })
}

test('creates, lists, uses and deletes API tokens', async () => {
  const expires_at = '2999-12-31T00:00:00.000Z'
  const created = await taskport.createToken({ name: 'CI', scopes: ['read'], expires_at })
  const { token, ...rest } = created
  expect(rest).toMatchObject({ name: 'CI', scopes: ['read'], expires_at, last_used_at: null })
  expect(await taskport.listTokens()).toStrictEqual({ tokens: [rest] })

  const program = clientWith(token)
  expect((await program.listTasks()).count).toBe(0)
  const forbidden = { code: 'FORBIDDEN', status: 403 }
  await expect(program.createTask({ text: 'x' })).rejects.toMatchObject(forbidden)
  await expect(program.listTokens()).rejects.toMatchObject(forbidden)

  proxy.fail('lose response')
  await taskport.deleteToken(rest.id)
  await taskport.deleteToken(rest.id)
  expect(await taskport.listTokens()).toStrictEqual({ tokens: [] })
  await expect(program.listTasks()).rejects.toMatchObject({ status: 401 })
})

test('does not create a second API token when the response is lost', async () => {
  proxy.fail('lose response')
  const created = taskport.createToken({ name: 'CI', scopes: ['read', 'write'] })
  await expect(created).rejects.toMatchObject({ code: 'NETWORK_ERROR' })
  expect(proxy.seen).toHaveLength(1)
  expect((await taskport.listTokens()).tokens).toHaveLength(1)
})

test('creates an API token with a new sign-in token when the last one has expired', async () => {
  const given = ['expired', await tokenOf('zoë')]
  const client = clientWith(() => given.shift() ?? '')
  expect(await client.createToken({ name: 'CI', scopes: ['read'] })).toMatchObject({ name: 'CI' })
})
