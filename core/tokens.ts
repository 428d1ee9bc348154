import {
  type ApiToken,
  ApiTokenCreate,
  EXPIRY_PROBLEM,
  futureInstant,
  MAX_API_TOKENS,
  sortedScopes,
} from './api-token.ts'
import { TaskportError } from './errors.ts'
import type { Instant } from './item.ts'
import type { Owner } from './owner.ts'
import type { ApiTokenStore, Clock, NewId } from './ports.ts'
import { readId } from './requests.ts'
import { createReader, invalid, membersOf } from './validation.ts'

/** A new secret: the text that its user gets, and the hash that the store keeps. */
export interface TokenSecret {
  readonly text: string
  readonly hash: string
}

/** A new token, with the text that only this result contains. */
export interface NewApiToken {
  readonly token: ApiToken
  readonly text: string
}

/** The use cases of API tokens. They take input and reject like those of `TaskService`. */
export interface TokenService {
  /** @param body `{name, scopes, expires_at?}`, not validated. */
  create(owner: Owner, body: unknown): Promise<NewApiToken>
  /** All tokens, oldest first, including those that have expired not long ago. */
  all(owner: Owner): Promise<ApiToken[]>
  /** @param id in any letter case. */
  remove(owner: Owner, id: string): Promise<void>
}

const read = createReader('body', ApiTokenCreate)

/**
 * @param deps.newSecret generates a secret.
 * @param deps.onRemoved called with the id of a token that was removed.
 */
export function createTokenService(deps: {
  readonly store: Pick<ApiTokenStore, 'create' | 'list' | 'remove'>
  readonly newSecret: () => TokenSecret
  readonly newId: NewId
  readonly now: Clock
  readonly onRemoved: (id: string) => void
}): TokenService {
  const { store, newSecret, newId, now: clock, onRemoved } = deps

  return {
    async create(owner, body) {
      const now = clock()
      const { name, scopes, expires_at } = readCreate(body, now)
      const dates = { created_at: now, expires_at, last_used_at: null }
      const token = { id: newId(), name, scopes, ...dates }
      const { text, hash } = newSecret()
      if (!(await store.create(owner, token, hash, MAX_API_TOKENS)))
        throw invalid(
          `tokens: you have the maximum of ${MAX_API_TOKENS} API tokens; delete some first`,
        )
      return { token, text }
    },

    all: (owner) => store.list(owner),

    async remove(owner, id) {
      const stored = readId(id)
      if (!(await store.remove(owner, stored)))
        throw new TaskportError('not_found', 'Token not found')
      onRemoved(stored)
    },
  }
}

function readCreate(body: unknown, now: Instant) {
  const problems: string[] = []
  const input = read(body, problems)
  // With other problems, too: the response names all of them.
  const { expires_at: given } = membersOf(body)
  const isTime = typeof given === 'string' && !problems.some((text) => text === EXPIRY_PROBLEM)
  const expires_at = isTime ? futureInstant(given, now) : null
  if (isTime && expires_at === null) problems.push(EXPIRY_PROBLEM)
  if (!input || problems.length > 0) throw invalid(...problems)
  return { name: input.name, scopes: sortedScopes(input.scopes), expires_at }
}
