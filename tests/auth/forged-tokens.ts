import {
  base64url,
  makeToken,
  type Signer,
  type TokenChanges,
  validClaims,
} from '../support/tokens.ts'

/** What is wrong, the RFC section that warns of it, and a token that is wrong in this way. */
export type Attack = [
  what: string,
  section: string,
  token: (signer: Signer) => string | Promise<string>,
]

/** Splits a token into header, payload and signature. */
export async function partsOf(token: string | Promise<string>): Promise<[string, string, string]> {
  const [header = '', payload = '', signature = ''] = (await token).split('.')
  return [header, payload, signature]
}

/** Signs a token that differs from a valid one by these changes. */
export const changed =
  (changes: TokenChanges) =>
  (signer: Signer): Promise<string> =>
    makeToken(signer, changes)
export const header = (members: Record<string, unknown>) => changed({ header: members })
export const claims = (members: Record<string, unknown>) => changed({ claims: members })
export const payloadText = (text: string | Uint8Array) => changed({ payloadText: text })

/** The valid claims as JSON text, with more members at the end. */
export const claimsText = (more: string) =>
  payloadText(`${JSON.stringify(validClaims).slice(0, -1)},${more}}`)

/** A valid token whose encoding is changed after it is signed. */
export const rewritten =
  (rewrite: (header: string, payload: string, signature: string) => string) =>
  async (signer: Signer): Promise<string> =>
    rewrite(...(await partsOf(makeToken(signer))))

/** The header names an algorithm that did not make the signature. */
export const unsigned =
  (alg: unknown, signature = '') =>
  async (signer: Signer): Promise<string> => {
    const [head, payload] = await partsOf(makeToken(signer, { header: { alg } }))
    return `${head}.${payload}.${signature}`
  }

/** Signed with a key other than the one that the header names. */
export const signedBy =
  (other: () => Signer | Promise<Signer>, alg?: string) =>
  async (signer: Signer): Promise<string> =>
    makeToken({ ...signer, sign: (await other()).sign, alg: alg ?? signer.alg })

/** Replaces the last character by the next one of the base64url alphabet. */
export const nextCharacter = (part: string) => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return `${part.slice(0, -1)}${alphabet[alphabet.indexOf(part.slice(-1)) + 1]}`
}

/** Sets unused bits of the last character. There are some if the length is no multiple of 4. */
export const strayBits =
  (name: 'header' | 'payload') =>
  async (signer: Signer): Promise<string> => {
    const filler = { header: { pad: '' }, claims: { pad: '' } }
    while (
      base64url(JSON.stringify({ alg: signer.alg, kid: signer.kid, ...filler.header })).length %
        4 ===
      0
    )
      filler.header.pad += 'x'
    while (base64url(JSON.stringify({ ...validClaims, ...filler.claims })).length % 4 === 0)
      filler.claims.pad += 'x'
    return makeToken(signer, {
      ...filler,
      encoded: (part, of) => (of === name ? nextCharacter(part) : part),
    })
  }
