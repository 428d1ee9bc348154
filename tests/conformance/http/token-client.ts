import { expect } from 'bun:test'
import type { Client } from './client.ts'

export const BOTH = ['read', 'write']

interface Token {
  readonly id: string
  readonly name: string
  readonly scopes: string[]
  readonly created_at: string
  readonly expires_at: string | null
  readonly last_used_at: string | null
  readonly token: string
}

export async function readToken(response: Response): Promise<Token> {
  expect(response.status).toBe(201)
  return Object(await response.json())
}

export async function readTokens(response: Response): Promise<Omit<Token, 'token'>[]> {
  expect(response.status).toBe(200)
  return Object(await response.json()).tokens
}

type Headers = { readonly authorization: string }

/** Creates tokens. `as` are the headers of requests with the new token. */
export function createTokenClient({ sendJson }: Client) {
  const post = (body: unknown, headers: object) => sendJson('POST', '/tokens', body, headers)

  async function createToken(headers: Headers, scopes = BOTH, more = {}) {
    const token = await readToken(await post({ name: 'CI', scopes, ...more }, headers))
    return { ...token, as: { authorization: `Bearer ${token.token}` } }
  }

  return { createToken, post }
}
