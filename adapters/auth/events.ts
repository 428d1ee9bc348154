/** What happens behind the answers, for logs and figures. Never holds a token, a secret or a user. */
export type TokenEvent =
  | { readonly type: 'cache_hit' }
  | { readonly type: 'cache_miss' }
  /** A request brought a token that only the previous secret vouches for. */
  | { readonly type: 'previous_secret_used' }
  /** `keys`: how many public keys are in the set; `changed`: whether they are others now. */
  | { readonly type: 'key_set_fetched'; readonly keys: number; readonly changed: boolean }
  | { readonly type: 'key_set_failed'; readonly error: unknown }

export type ObserveTokens = (event: TokenEvent) => void
