import Type, { type Static } from 'typebox'
import { type Instant, kept, TaskId, visibleText } from './task.ts'

export const MAX_API_TOKENS = 50

/** What a token may allow. */
export const SCOPES = ['read', 'write'] as const
export type Scope = (typeof SCOPES)[number]

const SCOPES_DESCRIPTION = '["read"] or ["read", "write"]'

const Scopes = Type.Array(Type.Enum([...SCOPES]), {
  minItems: 1,
  maxItems: SCOPES.length,
  uniqueItems: true,
  contains: Type.Literal('read'),
  description: SCOPES_DESCRIPTION,
  examples: [['read', 'write']],
})

const EXPIRES_AT = 'null, or a time in the future in RFC 3339, such as 2027-01-31T09:30:00Z'

const ExpiresAt = Type.Union(
  [Type.String({ format: 'date-time', examples: ['2027-01-31T09:30:00.000Z'] }), Type.Null()],
  { description: EXPIRES_AT },
)

/** A token that a user made for a program, as its owner sees it. The secret is never part of it. */
export const ApiToken = Type.Object(
  {
    id: TaskId,
    name: visibleText(100, 'CI'),
    scopes: Scopes,
    created_at: kept.created_at,
    expires_at: Type.Union([kept.created_at, Type.Null()], {
      description: 'From when on the token is not accepted; `null` for never.',
    }),
    last_used_at: Type.Union([kept.created_at, Type.Null()], {
      description: 'The hour in which the token was last used; `null` if it has not been used.',
    }),
  },
  { description: 'One API token, without its secret.' },
)
export type ApiToken = Omit<Static<typeof ApiToken>, 'scopes'> & {
  /** In the order of `SCOPES`. */
  readonly scopes: readonly Scope[]
}

/** What a caller sends to create a token. Other members are ignored. */
export const ApiTokenCreate = Type.Object(
  { name: ApiToken.properties.name, scopes: Scopes, expires_at: Type.Optional(ExpiresAt) },
  { description: 'A new API token. Other members are ignored.' },
)

/** The problem of an `expires_at` that is not acceptable. */
export const EXPIRY_PROBLEM = `expires_at: must be ${EXPIRES_AT}`

const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** An RFC 3339 time in the format of stores; `null` if it is not after `now`, or they cannot keep it. */
export function futureInstant(time: string, now: Instant): Instant | null {
  // A leap second is a valid time, but not one of JavaScript's.
  const milliseconds = Date.parse(time)
  const isFuture = milliseconds > Date.parse(now) && milliseconds <= LAST_INSTANT
  return isFuture ? new Date(milliseconds).toISOString() : null
}

/** Puts scopes into their order. */
export function sortedScopes(scopes: readonly string[]): Scope[] {
  return SCOPES.filter((scope) => scopes.includes(scope))
}
