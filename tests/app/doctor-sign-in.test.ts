import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { signToken } from '../../adapters/auth/sign.ts'
import { demoSecret } from '../../app/demo.ts'
import { SECRET, tokenOf } from '../support/config.ts'
import { type KeySetServer, startKeySetServer } from '../support/key-set-server.ts'
import { freePort } from '../support/port.ts'
import { directoryPerTest } from '../support/process.ts'
import { type KeyPair, keyPair, makeToken } from '../support/tokens.ts'
import { diagnose } from './doctor-run.ts'

const directory = directoryPerTest()
const memory = { DATABASE_URL: 'memory:' }
const ISSUER = 'https://issuer.example'

let edwards: KeyPair
let elliptic: KeyPair
let server: KeySetServer

beforeAll(async () => {
  edwards = await keyPair('EdDSA', 'first')
  elliptic = await keyPair('ES256', 'second')
})

beforeEach(() => {
  server = startKeySetServer(edwards.publicJwk, elliptic.publicJwk)
})

afterAll(() => server.close())

function withKeySet(variables: Record<string, string> = {}) {
  return { ...memory, JWKS_URL: server.url, ...variables }
}

describe('sign-in', () => {
  test.each([
    ['ok', 'with any issuer (iss) and any audience (aud)', { BETTER_AUTH_SECRET: SECRET }],
    [
      'ok',
      'BETTER_AUTH_SECRET or BETTER_AUTH_SECRET_PREVIOUS',
      { BETTER_AUTH_SECRET: SECRET, BETTER_AUTH_SECRET_PREVIOUS: `${SECRET}!` },
    ],
    ['warning', 'demo mode', {}],
    [
      'ok',
      'with issuer (iss) "https://a.example" and audience (aud) "https://a.example"',
      { BETTER_AUTH_URL: 'https://a.example' },
    ],
    ['warning', 'any audience (aud)', { JWKS_URL: 'http://127.0.0.1:1/', JWT_ISSUER: ISSUER }],
  ])('is %s %s', async (status, found, variables) => {
    const { of, output } = await diagnose(
      { ...memory, ...variables },
      // Without the checks of the key set, which is not there.
      { token: 'x' },
    )
    expect(of('sign-in')).toMatchObject([{ status, found: expect.stringContaining(found) }])
    expect(output).not.toContain(SECRET)
  })
})

describe('the key set', () => {
  test('is ok with its keys', async () => {
    const { exitCode, of } = await diagnose(withKeySet())
    expect(exitCode).toBe(0)
    expect(of('key set')).toStrictEqual([
      {
        check: 'key set',
        status: 'ok',
        found: `${server.url} has first (Ed25519), second (ES256)`,
        advice: null,
      },
    ])
  })

  test.each<[string, () => Response, string]>([
    ['has no usable key', () => Response.json({ keys: [{ kty: 'oct', k: 'x' }] }), 'no usable'],
    ['is missing', () => new Response('', { status: 404 }), 'responded with status 404'],
    ['is a page', () => new Response('<html>'), 'JSON Parse error'],
    ['is an object without keys', () => Response.json({}), 'no array `keys`'],
    ['is elsewhere', () => Response.redirect('/other'), 'responded with status 302'],
  ])('is a problem if it %s', async (_, respond, found) => {
    server.respondWith(respond)
    const { exitCode, of } = await diagnose(withKeySet())
    expect(exitCode).toBe(1)
    expect(of('key set')).toMatchObject([{ status: 'problem' }])
    expect(of('key set')[0]?.found).toContain(found)
  })

  test('is a problem if nothing listens, and the secrets in its URL are not printed', async () => {
    const JWKS_URL = `http://ann:hunter2@127.0.0.1:${await freePort()}/jwks?token=hunter3`
    const { exitCode, of, output } = await diagnose({ ...memory, JWKS_URL })
    expect(exitCode).toBe(1)
    expect(of('key set')).toMatchObject([{ status: 'problem' }])
    expect(output).not.toContain('hunter')
  })
})

describe('the clock', () => {
  const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString()

  test.each([
    ['ok', "agrees with the issuer's", 0, undefined, {}],
    ['warning', "behind the issuer's", 4, undefined, {}],
    ['warning', "ahead of the issuer's", -5, undefined, {}],
    ['problem', "behind the issuer's, but JWT_CLOCK_TOLERANCE_SECONDS is 5", 60, undefined, {}],
    ['problem', "ahead of the issuer's, but JWT_CLOCK_TOLERANCE_SECONDS is 5", -60, undefined, {}],
    ['warning', "behind the issuer's", 60, undefined, { JWT_CLOCK_TOLERANCE_SECONDS: '100' }],
    ['ok', "agrees with the issuer's", -60, '60', {}],
  ])('is %s: %s (%d s, Age: %s, %j)', async (status, found, seconds, age, variables) => {
    server.respondWith(() =>
      Response.json(
        { keys: [edwards.publicJwk] },
        { headers: { date: at(seconds), ...(age && { age }) } },
      ),
    )
    const { exitCode, of } = await diagnose(withKeySet(variables))
    expect(exitCode).toBe(status === 'problem' ? 1 : 0)
    expect(of('clock')).toMatchObject([{ status, found: expect.stringContaining(found) }])
  })
})

describe('a token', () => {
  const inHours = (hours: number) => Math.floor(Date.now() / 1000) + hours * 3600
  const check = async (token: string, variables: Record<string, string>) => {
    const { exitCode, of, findings } = await diagnose({ ...memory, ...variables }, { token })
    expect(findings.map(({ check }) => check)).not.toContain('store')
    return { exitCode, ...of('token')[0] }
  }

  test.each([
    ['', ''],
    ['after Bearer', 'Bearer '],
    ['after the name of the header', 'Authorization: Bearer '],
  ])('is valid for a user until a time %s', async (_, before) => {
    const token = await tokenOf('ann')
    const [, payload = ''] = token.split('.')
    const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString())
    expect(await check(`${before}${token}\nmore`, { BETTER_AUTH_SECRET: SECRET })).toMatchObject({
      exitCode: 0,
      status: 'ok',
      found: `valid for the user "ann" until ${new Date(exp * 1000).toISOString()}`,
    })
  })

  test.each([
    ['another secret', { BETTER_AUTH_SECRET: `${SECRET}!` }, 'refused (bad_signature): '],
    ['another algorithm', { JWKS_URL: 'http://127.0.0.1:1' }, 'refused (algorithm_not_accepted): '],
    [
      'another issuer',
      { BETTER_AUTH_SECRET: SECRET, JWT_ISSUER: ISSUER },
      `refused (wrong_issuer): The token has no issuer (iss), but JWT_ISSUER or BETTER_AUTH_URL expects "${ISSUER}".`,
    ],
  ])('is refused with %s', async (_, variables, found) => {
    const result = await check(await tokenOf('ann'), variables)
    expect(result).toMatchObject({ exitCode: 1, status: 'problem' })
    expect(result.found).toStartWith(found)
  })

  test('is refused if it has expired', async () => {
    const token = await signToken({
      secret: SECRET,
      sub: 'ann',
      expiresInSeconds: 60,
      now: Date.now() - 3_600_000,
    })
    const { found } = await check(token, { BETTER_AUTH_SECRET: SECRET })
    expect(found).toStartWith('refused (expired): The token expired: ')
  })

  test('is verified with the key set', async () => {
    const claims = { exp: inHours(1), iss: ISSUER, aud: ISSUER }
    const variables = withKeySet({ JWT_ISSUER: ISSUER, JWT_AUDIENCE: ISSUER })
    const token = await makeToken(edwards, { claims })
    expect(await check(token, variables)).toMatchObject({ exitCode: 0, status: 'ok' })
    const other = await makeToken(await keyPair('EdDSA', 'third'), { claims })
    const { found } = await check(other, variables)
    expect(found).toStartWith('refused (unknown_key): ')
    server.respondWith(() => new Response('', { status: 500 }))
    const { exitCode, found: unverified } = await check(token, variables)
    expect(exitCode).toBe(1)
    expect(unverified).toBe(
      'cannot be verified: The key set cannot be fetched: The key set responded with status 500',
    )
  })

  test('is a problem if there is none, or the configuration is wrong', async () => {
    expect(await check(' \n', { BETTER_AUTH_SECRET: SECRET })).toMatchObject({
      exitCode: 1,
      found: 'standard input has no token',
    })
    expect(await check('x', { BETTER_AUTH_SECRET: 'short' })).toMatchObject({
      exitCode: 1,
      found: 'not checked, because BETTER_AUTH_SECRET is not valid',
    })
  })

  test('is verified with the secret of demo mode, which is not created', async () => {
    const path = join(directory.path, 'tasks.db')
    const variables = { DATABASE_URL: `sqlite:${path}` }
    expect(await check('x', variables)).toMatchObject({
      exitCode: 1,
      found: 'the secret of demo mode is not known yet',
    })
    expect(await readdir(directory.path)).toBeEmpty()
    new Database(path).close()
    const secret = await demoSecret({ kind: 'sqlite', path })
    const token = await signToken({ secret, sub: 'ann', expiresInSeconds: 60, now: Date.now() })
    expect(await check(token, variables)).toMatchObject({ exitCode: 0, status: 'ok' })
  })
})
