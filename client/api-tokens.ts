import type { CallOptions, Http } from './http.ts'
import type { ApiTokenCreate, ApiTokenList, NewApiToken } from './types.ts'

/** Manages API tokens. The service accepts these calls only with a token from signing in. */
export function createApiTokens(http: Http) {
  return {
    /** All API tokens, oldest first, without their secrets. */
    async listTokens(callOptions: CallOptions = {}): Promise<ApiTokenList> {
      const { body } = await http.send({ ...callOptions, method: 'GET', path: '/tokens' })
      // The OpenAPI document defines each body.
      return body as ApiTokenList
    },

    /**
     * Creates an API token. Only this result has its secret. A call without a response is not retried, and may
     * have created a token.
     */
    async createToken(token: ApiTokenCreate, callOptions: CallOptions = {}): Promise<NewApiToken> {
      const call = { method: 'POST', path: '/tokens', body: token, isRepeatable: false }
      const { body } = await http.send({ ...callOptions, ...call })
      return body as NewApiToken
    },

    /** Deletes an API token. Succeeds if it does not exist. */
    async deleteToken(id: string, callOptions: CallOptions = {}): Promise<void> {
      const path = `/tokens/${encodeURIComponent(id)}`
      const accepts = (status: number) => status === 404
      await http.send({ ...callOptions, method: 'DELETE', path, accepts })
    },
  }
}
