import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type App, compose } from '../../app/compose.ts'
import type { ServiceEvent } from '../../app/observe.ts'
import { bearer, SECRET, testConfig } from '../support/config.ts'
import { makeToken, secretSigner } from '../support/tokens.ts'

const exp = Math.floor(Date.now() / 1000) + 600
const events: ServiceEvent[] = []
let app: App

beforeAll(async () => {
  const config = testConfig({ JWT_ISSUER: 'https://issuer.example', RATE_LIMIT_PER_MINUTE: '20' })
  app = await compose(config, (event) => events.push(event))
  await app.migrate(() => {})
})

afterAll(() => app.close())

/** Sends a request, and returns its response and what was reported about its token. */
async function send(authorization: string | null) {
  events.length = 0
  const headers = { 'x-request-id': 'a-request', ...(authorization && { authorization }) }
  const response = await app.http.handle(new Request('http://localhost/tasks', { headers }))
  const reported = events.filter(({ type }) => type === 'token_missing' || type === 'token_refused')
  return { response, reported }
}

/** All of a response that its client sees, without the counts of the rate limit. */
async function visible(response: Response) {
  const { ratelimit: _, ...headers } = Object.fromEntries(response.headers)
  return { status: response.status, headers, body: await response.text() }
}

const signed = (claims: object) => makeToken(secretSigner(SECRET), { claims: { exp, ...claims } })

test('answers every refused token alike, and reports the reason with the id of the request', async () => {
  const tokens = {
    malformed: 'x',
    wrong_issuer: await signed({ iss: 'https://staging.example' }),
    expired: await signed({ exp: exp - 7200 }),
    bad_subject: await signed({ sub: '' }),
    bad_signature: await makeToken(secretSigner('another secret of more than 32 bytes')),
    algorithm_not_accepted: await makeToken(secretSigner(SECRET, 'HS512')),
    too_long: 'x'.repeat(9000),
  }
  const answers = new Set<string>()
  for (const [reason, token] of Object.entries(tokens)) {
    const { response, reported } = await send(`Bearer ${token}`)
    expect(reported).toMatchObject([
      { type: 'token_refused', requestId: 'a-request', refusal: { reason } },
    ])
    const { headers, ...answer } = await visible(response)
    expect(headers['www-authenticate']).toBe('Bearer error="invalid_token"')
    answers.add(JSON.stringify({ headers, ...answer }))
  }
  expect([...answers]).toHaveLength(1)
})

test('reports a request without a token', async () => {
  for (const authorization of [null, 'Basic YW5uOnB3', 'Bearer', 'Bearer  ']) {
    const { response, reported } = await send(authorization)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(reported).toStrictEqual([{ type: 'token_missing', requestId: 'a-request' }])
  }
})

test('reports nothing about an accepted token', async () => {
  const { response, reported } = await send(`Bearer ${await signed({})}`)
  expect(response.status).toBe(200)
  expect(reported).toBeEmpty()
})

test('reports refused tokens beyond the rate limit too', async () => {
  const headers = await bearer('ann')
  let response: Response
  let reported: unknown
  do ({ response, reported } = await send(headers.authorization))
  while (response.status === 401)
  expect(response.status).toBe(429)
  expect(reported).toMatchObject([{ refusal: { reason: 'wrong_issuer', actual: null } }])
})
