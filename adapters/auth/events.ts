import type { TokenRefusal } from './refusal.ts'

/** Whether a token comes from signing in, was made by a user for a program, or was obtained by a program (OAuth). */
export type TokenKind = 'sign_in' | 'api_token' | 'oauth'

/** Events for logs and metrics. They never contain a token, a secret or a user. */
export type TokenEvent =
  | { readonly type: 'cache_hit' | 'cache_miss'; readonly kind: TokenKind }
  /** `acceptedBefore`: whether a token has been accepted in the same way since the start. */
  | {
      readonly type: 'token_refused'
      readonly requestId: string | null
      readonly refusal: TokenRefusal
      readonly acceptedBefore: boolean
    }
  /** A request had a token that only the previous secret verifies. */
  | { readonly type: 'previous_secret_used' }
  /** `keys`: the number of public keys in the set. `changed`: whether the set differs from the last. */
  | { readonly type: 'key_set_fetched'; readonly keys: number; readonly changed: boolean }
  | { readonly type: 'key_set_failed'; readonly error: unknown }

export type ObserveTokens = (event: TokenEvent) => void
