import type { Owner } from '../../core/owner.ts'

/**
 * Whom a bearer token stands for: at once where that is known already. `null` where the token is
 * not to be trusted, for whatever reason; a `TaskportError` (`unavailable`) where the issuer, whose
 * word is needed, does not answer in time.
 */
export type VerifyToken = (token: string) => Owner | null | Promise<Owner | null>
