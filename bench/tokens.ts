/** Measures the time to verify a token, in nanoseconds: new (cold) and cached. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { signToken } from '../adapters/auth/sign.ts'
import { createTokenVerifier, type TokenVerifier } from '../adapters/auth/verifier.ts'

const users = 10_000
const secret = 'a-secret-that-is-only-good-for-benchmarks'
const { publicKey, privateKey } = await generateKeyPair('EdDSA')
const issuer = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: async () => Response.json({ keys: [{ ...(await exportJWK(publicKey)), kid: 'key-1' }] }),
})

const ofSecret = await tokens((sub) =>
  signToken({ secret, sub, expiresInSeconds: 900, now: Date.now() }),
)
const ofKeySet = await tokens((sub) =>
  new SignJWT({ sub, name: sub, email: `${sub}@people.example`, emailVerified: true })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'key-1' })
    .setExpirationTime('15m')
    .sign(privateKey),
)

const withSecret = await measure('HS256, cold', verifier(), ofSecret)
const withKeySet = await measure('EdDSA, cold', verifier(), ofKeySet)
await measure('HS256, cached', withSecret, ofSecret)
await measure('EdDSA, cached', withKeySet, ofKeySet)
await issuer.stop(true)

function verifier(): TokenVerifier {
  return createTokenVerifier({
    secrets: { current: secret },
    keySet: { url: issuer.url.href },
    clockToleranceSeconds: 5,
    now: Date.now,
    cacheSize: users,
  })
}

function tokens(sign: (sub: string) => Promise<string>): Promise<string[]> {
  return Promise.all(Array.from({ length: users }, (_, user) => sign(`user-${user}`)))
}

/** Verifies each token once, as a new string: tokens from the network are new strings too. */
async function measure(what: string, { verify }: Pick<TokenVerifier, 'verify'>, known: string[]) {
  const arriving = known.map((token) => Buffer.from(token).toString('latin1'))
  const start = Bun.nanoseconds()
  for (const token of arriving) {
    const owner = verify(token)
    if ((owner instanceof Promise ? await owner : owner) === null) throw new Error(what)
  }
  const each = Math.round((Bun.nanoseconds() - start) / arriving.length)
  process.stdout.write(`${what.padEnd(20)} ${each.toLocaleString('en').padStart(9)} ns\n`)
  return { verify }
}
