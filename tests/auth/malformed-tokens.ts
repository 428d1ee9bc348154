import { makeToken, testSeconds, validClaims } from '../support/tokens.ts'
import {
  type Attack,
  changed,
  claims,
  claimsText,
  nextCharacter,
  payloadText,
  rewritten,
  strayBits,
} from './forged-tokens.ts'

/** Attacks on the parser: their JSON or their encoding is wrong, or differs from that of a valid token. */
export const malformedTokens: readonly Attack[] = [
  // JSON
  ['sub twice', 'RFC 7519, 4', claimsText('"sub":"user-2"')],
  ['sub twice, the same', 'RFC 7519, 4', claimsText('"sub":"user-1"')],
  ['sub twice, once escaped', 'RFC 7519, 4', claimsText('"s\\u0075b":"user-1"')],
  ['sub twice, with an object in between', 'RFC 7519, 4', claimsText('"more":[{}],"sub":"user-1"')],
  ['exp twice', 'RFC 7519, 4', claimsText(`"exp" : ${testSeconds + 900}`)],
  ['a nested duplicate member', 'RFC 7519, 4', claimsText('"more":[{"a":1,"a":1}]')],
  [
    'alg twice',
    'RFC 7519, 4',
    (signer) =>
      makeToken(signer, {
        headerText: `{"alg":"none","kid":"${signer.kid}","alg":"${signer.alg}"}`,
      }),
  ],
  ['deep payload', 'no RFC', claimsText(`"deep":${'['.repeat(2000)}${']'.repeat(2000)}`)],
  [
    'deep header',
    'no RFC',
    (signer) =>
      makeToken(signer, {
        headerText: `{"alg":"${signer.alg}","kid":"${signer.kid}","deep":${'{"a":'.repeat(300)}1${'}'.repeat(300)}}`,
      }),
  ],
  ['more than 8 KiB', 'no RFC', claims({ filler: 'x'.repeat(8192) })],
  ['1 MiB', 'no RFC', claims({ filler: 'x'.repeat(1024 * 1024) })],
  ...['', 'null', '[]', '"user-1"', '1', '{', `${JSON.stringify(validClaims)}}`].map(
    (text): Attack => [
      `payload ${text.slice(0, 10)}…${text.slice(-3)}`,
      'no RFC',
      payloadText(text),
    ],
  ),
  [
    'payload in UTF-16',
    'RFC 8725, 3.7',
    payloadText(Buffer.from(JSON.stringify(validClaims), 'utf16le')),
  ],
  [
    'payload that is not UTF-8',
    'RFC 8725, 3.7',
    payloadText(Buffer.from(JSON.stringify({ ...validClaims, name: 'é' }), 'latin1')),
  ],
  ['header that is not an object', 'no RFC', changed({ headerText: '[]' })],
  ['header that is not JSON', 'no RFC', changed({ headerText: 'alg=HS256' })],
  ['a missing header', 'no RFC', changed({ headerText: '' })],
  // Other encodings of a valid token
  [
    'padded signature',
    'RFC 7515, 2',
    rewritten((head, payload, signature) => `${head}.${payload}.${signature}=`),
  ],
  [
    'padded payload',
    'RFC 7515, 2',
    changed({
      claims: { pad: 'x' },
      encoded: (part, name) =>
        name === 'payload'
          ? part.padEnd(part.length + 4 - (part.length % 4 || 4), '=') +
            (part.length % 4 ? '' : '=')
          : part,
    }),
  ],
  [
    'stray bits at the end of the signature',
    'RFC 7515, 2',
    rewritten((head, payload, signature) => `${head}.${payload}.${nextCharacter(signature)}`),
  ],
  ['stray bits at the end of the payload', 'RFC 7515, 2', strayBits('payload')],
  ['stray bits at the end of the header', 'RFC 7515, 2', strayBits('header')],
  [
    'base64 in place of base64url',
    'RFC 7515, 2',
    changed({
      claims: { pad: '~~~???', more: '>>>???' },
      encoded: (part) => Buffer.from(part, 'base64url').toString('base64').replaceAll('=', ''),
    }),
  ],
  ...[' ', '\t', '\n', '\r\n', '\u0000', '\u00a0'].flatMap((space): Attack[] => [
    [
      `${JSON.stringify(space)} before it`,
      'RFC 7515, 2',
      rewritten((...all) => `${space}${all.join('.')}`),
    ],
    [
      `${JSON.stringify(space)} after it`,
      'RFC 7515, 2',
      rewritten((...all) => `${all.join('.')}${space}`),
    ],
    [
      `${JSON.stringify(space)} in it`,
      'RFC 7515, 2',
      rewritten(
        (head, payload, signature) =>
          `${head}.${payload.slice(0, 8)}${space}${payload.slice(8)}.${signature}`,
      ),
    ],
    [
      `${JSON.stringify(space)} signed in it`,
      'RFC 7515, 2',
      changed({ encoded: (part) => `${part.slice(0, 8)}${space}${part.slice(8)}` }),
    ],
  ]),
  ['four parts', 'RFC 7515, 2', rewritten((...all) => `${all.join('.')}.`)],
  [
    'five parts, as if encrypted',
    'RFC 8725, 2.3',
    rewritten((...all) => `${all.join('.')}.AAAA.AAAA`),
  ],
  ['a dot before it', 'RFC 7515, 2', rewritten((...all) => `.${all.join('.')}`)],
  [
    'two tokens with a comma',
    'RFC 7515, 2',
    rewritten((...all) => `${all.join('.')}, ${all.join('.')}`),
  ],
  ['the scheme twice', 'RFC 7515, 2', rewritten((...all) => `Bearer ${all.join('.')}`)],
  [
    'as JSON',
    'RFC 7515, 2',
    rewritten((head, payload, signature) =>
      JSON.stringify({ protected: head, payload, signature }),
    ),
  ],
  ['percent-encoded dots', 'RFC 7515, 2', rewritten((...all) => all.join('%2E'))],
  ['full-width dots', 'RFC 7515, 2', rewritten((...all) => all.join('．'))],
  ['an empty token', 'RFC 7515, 2', () => ''],
  ['dots only', 'RFC 7515, 2', () => '..'],
]
