import { exportSPKI } from 'jose'
import {
  asPs256,
  audience,
  base64url,
  issuer,
  type KeyPair,
  keyPair,
  makeToken,
  type Signer,
  secret,
  secretSigner,
  testSeconds,
  validClaims,
} from '../support/tokens.ts'
import {
  type Attack,
  claims,
  claimsText,
  header,
  partsOf,
  payloadText,
  rewritten,
  signedBy,
  unsigned,
} from './forged-tokens.ts'
import { malformedTokens } from './malformed-tokens.ts'

export const clockTolerance = 5
export const byPublicKey: KeyPair = await keyPair('EdDSA', 'key-1')
export const byEllipticKey: KeyPair = await keyPair('ES256', 'key-2')
export const byRsaKey: KeyPair = await keyPair('RS256', 'key-3')
export const bySecret: Signer = secretSigner(secret)
const stranger: KeyPair = await keyPair('EdDSA', byPublicKey.kid)
export const publishedSecret = 'a-secret-that-the-key-set-gives-away'

export const attacks: readonly Attack[] = [
  // Algorithms
  ...['none', 'None', 'NONE', 'nOnE', 'none ', ''].map(
    (alg): Attack => [`alg "${alg}", no signature`, 'RFC 8725, 2.1', unsigned(alg)],
  ),
  ['alg none, signature kept', 'RFC 8725, 2.1', header({ alg: 'none' })],
  ['signature stripped', 'RFC 8725, 2.1', rewritten((head, payload) => `${head}.${payload}.`)],
  [
    'signature and its dot stripped',
    'RFC 8725, 2.1',
    rewritten((head, payload) => `${head}.${payload}`),
  ],
  ['a missing alg', 'RFC 8725, 3.1', header({ alg: undefined })],
  ['alg null', 'RFC 8725, 3.1', header({ alg: null })],
  [
    'alg in a list',
    'RFC 8725, 3.1',
    (signer) => makeToken(signer, { header: { alg: [signer.alg] } }),
  ],
  [
    'alg in lower case',
    'RFC 8725, 3.1',
    (signer) => makeToken(signer, { header: { alg: signer.alg.toLowerCase() } }),
  ],
  [
    'alg with a space',
    'RFC 8725, 3.1',
    (signer) => makeToken(signer, { header: { alg: `${signer.alg} ` } }),
  ],
  [
    'alg with a long s',
    'RFC 8725, 3.1',
    (signer) => makeToken(signer, { header: { alg: signer.alg.replace('S', 'ſ') } }),
  ],
  ['alg __proto__', 'RFC 8725, 3.1', header({ alg: '__proto__' })],
  ['alg of encryption', 'RFC 8725, 3.1', header({ alg: 'dir', enc: 'A256GCM' })],
  ...['HS384', 'HS512'].map(
    (alg): Attack => [
      `${alg} with the secret`,
      'RFC 8725, 3.1',
      signedBy(() => secretSigner(secret, alg), alg),
    ],
  ),
  [
    'alg ES256, kid of the EdDSA key',
    'RFC 8725, 3.1',
    header({ alg: 'ES256', kid: byPublicKey.kid }),
  ],
  ['alg RS256, signed with the EdDSA key', 'RFC 8725, 3.1', signedBy(() => byPublicKey, 'RS256')],
  [
    'alg PS256, signed with a key that is for RS256',
    'RFC 8725, 3.1',
    async () => makeToken(await asPs256(byRsaKey)),
  ],
  ['alg EdDSA, signed with the secret', 'RFC 8725, 2.1', signedBy(() => bySecret, 'EdDSA')],
  ['alg HS256, signed with the private key', 'RFC 8725, 2.1', signedBy(() => byPublicKey, 'HS256')],
  // A public key as the secret
  [
    'HS256 with the public key in PEM',
    'RFC 8725, 2.1',
    signedBy(async () => secretSigner(await exportSPKI(byPublicKey.publicKey)), 'HS256'),
  ],
  [
    'HS256 with the public key in DER',
    'RFC 8725, 2.1',
    signedBy(async () => {
      const der = await crypto.subtle.exportKey('spki', byPublicKey.publicKey)
      return secretSigner(new Uint8Array(der))
    }, 'HS256'),
  ],
  [
    'HS256 with the bytes of the public key',
    'RFC 8725, 2.1',
    signedBy(() => secretSigner(Buffer.from(byPublicKey.publicJwk.x ?? '', 'base64url')), 'HS256'),
  ],
  [
    'HS256 with the public key in JSON',
    'RFC 8725, 2.1',
    signedBy(() => secretSigner(JSON.stringify(byPublicKey.publicJwk)), 'HS256'),
  ],
  [
    'HS256 with a secret from the key set',
    'RFC 8725, 2.1',
    () => makeToken({ ...secretSigner(publishedSecret), kid: 'published-secret' }),
  ],
  // Signatures
  ['signed with another secret', 'RFC 8725, 3.5', signedBy(() => secretSigner('secret'), 'HS256')],
  [
    'signed with an empty secret',
    'RFC 8725, 3.5',
    signedBy(() => secretSigner(new Uint8Array(1)), 'HS256'),
  ],
  ["signed with a stranger's key", 'RFC 8725, 3.3', signedBy(() => stranger, 'EdDSA')],
  [
    'signature of another token',
    'RFC 8725, 3.3',
    async (signer) => {
      const [head, payload] = await partsOf(makeToken(signer, { claims: { sub: 'user-2' } }))
      return `${head}.${payload}.${(await partsOf(makeToken(signer)))[2]}`
    },
  ],
  [
    'signature of zeros',
    'RFC 8725, 3.4',
    (signer) => unsigned(signer.alg, base64url(new Uint8Array(64)))(signer),
  ],
  [
    'ES256 with a signature of zeros',
    'RFC 8725, 3.4',
    () => unsigned('ES256', base64url(new Uint8Array(64)))(byEllipticKey),
  ],
  [
    'signature cut short',
    'RFC 8725, 3.3',
    rewritten((head, payload, signature) => `${head}.${payload}.${signature.slice(0, 20)}`),
  ],
  [
    'signature with more behind it',
    'RFC 8725, 3.3',
    rewritten((head, payload, signature) => `${head}.${payload}.${signature}AAAA`),
  ],
  [
    'a token in a token',
    'RFC 8725, 3.3',
    async (signer) =>
      makeToken(signer, { header: { cty: 'JWT' }, payloadText: await makeToken(signer) }),
  ],
  // Keys and addresses that the token brings
  [
    'jwk in the header',
    'RFC 8725, 3.10',
    () => makeToken(stranger, { header: { jwk: stranger.publicJwk } }),
  ],
  [
    'jwk in the header of an honest token',
    'RFC 8725, 3.10',
    header({ jwk: byPublicKey.publicJwk }),
  ],
  [
    'jku in the header',
    'RFC 8725, 3.10',
    (signer) => makeToken(signer, { header: { jku: 'https://evil.example/jwks' } }),
  ],
  ['x5u in the header', 'RFC 8725, 3.10', header({ x5u: 'https://evil.example/chain.pem' })],
  ['x5c in the header', 'RFC 8725, 3.10', header({ x5c: ['MIIB'] })],
  ...['../../../../dev/null', "x' UNION SELECT 'y", '__proto__', 'constructor', 'key-9', ''].map(
    (kid): Attack => [
      `kid "${kid}"`,
      'RFC 8725, 3.10',
      () => makeToken(stranger, { header: { kid } }),
    ],
  ),
  ...[1, null, ['key-1'], { kid: 'key-1' }].map(
    (kid): Attack => [`kid ${JSON.stringify(kid)}`, 'RFC 8725, 3.10', header({ kid })],
  ),
  // Extensions
  ['unknown crit', 'RFC 7515, 4.1.11', header({ crit: ['exp'], exp: testSeconds + 900 })],
  ['crit with b64', 'RFC 7515, 4.1.11', header({ crit: ['b64'], b64: true })],
  [
    'payload not encoded',
    'RFC 7515, 4.1.11',
    async (signer) => {
      const head = base64url(
        JSON.stringify({ alg: signer.alg, kid: signer.kid, crit: ['b64'], b64: false }),
      )
      const text = `${head}.${JSON.stringify(validClaims).replaceAll('.', '')}`
      return `${text}.${base64url(await signer.sign(text))}`
    },
  ],
  ['empty crit', 'RFC 7515, 4.1.11', header({ crit: [] })],
  // Token types
  ['typ of a session cache', 'RFC 8725, 3.11', header({ typ: 'better-auth.session-cache+jwt' })],
  ['typ of a log-out token', 'RFC 8725, 3.11', header({ typ: 'logout+jwt' })],
  ['typ with a media type', 'RFC 8725, 3.11', header({ typ: 'application/secevent+JWT' })],
  ['typ that is no string', 'RFC 8725, 3.11', header({ typ: ['JWT'] })],
  [
    'session cache without a typ',
    'RFC 8725, 3.12',
    claims({ sub: undefined, session: { userId: 'user-1' } }),
  ],
  // Issuer, subject and audience
  ['another issuer', 'RFC 8725, 3.8', claims({ iss: 'https://evil.example' })],
  ['a missing issuer', 'RFC 8725, 3.8', claims({ iss: undefined })],
  ['issuers in a list', 'RFC 8725, 3.8', claims({ iss: [issuer] })],
  ['issuer with an extra slash', 'RFC 8725, 3.8', claims({ iss: `${issuer}/` })],
  ['another audience', 'RFC 8725, 3.9', claims({ aud: 'https://other.example' })],
  ['a missing audience', 'RFC 8725, 3.9', claims({ aud: undefined })],
  ['empty list of audiences', 'RFC 8725, 3.9', claims({ aud: [] })],
  [
    'audience with the right prefix only',
    'RFC 8725, 3.9',
    claims({ aud: `${audience}.evil.example` }),
  ],
  ...[
    undefined,
    null,
    '',
    7,
    ['user-1'],
    { id: 'user-1' },
    'a\u0000b',
    'a\nb',
    'x'.repeat(256),
  ].map(
    (sub): Attack => [`sub ${JSON.stringify(sub)?.slice(0, 20)}`, 'RFC 8725, 3.8', claims({ sub })],
  ),
  [
    'sub with a lone surrogate',
    'RFC 8725, 3.8',
    payloadText(JSON.stringify(validClaims).replace('user-1', '\\ud800')),
  ],
  // Times
  ...[
    undefined,
    null,
    `${testSeconds + 900}`,
    -1,
    0,
    testSeconds - clockTolerance,
    testSeconds - clockTolerance - 0.5,
  ].map((exp): Attack => [`exp ${JSON.stringify(exp)}`, 'RFC 7519, 4.1.4', claims({ exp })]),
  [
    'exp 1e400',
    'RFC 7519, 4.1.4',
    payloadText(JSON.stringify(validClaims).replace(/"exp":\d+/, '"exp":1e400')),
  ],
  ['exp beyond the safe integers', 'RFC 7519, 4.1.4', claims({ exp: 2 ** 53 })],
  ...[
    null,
    `${testSeconds}`,
    testSeconds + clockTolerance + 0.5,
    testSeconds + clockTolerance + 1,
  ].map((nbf): Attack => [`nbf ${JSON.stringify(nbf)}`, 'RFC 7519, 4.1.5', claims({ nbf })]),
  ['nbf 1e400', 'RFC 7519, 4.1.5', claimsText('"nbf":1e400')],
  ...malformedTokens,
]
