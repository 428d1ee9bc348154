import { Elysia } from 'elysia'
import type { TokenService } from '../../../core/tokens.ts'
import { expectConnected } from '../middleware/body.ts'
import { reply } from '../reply.ts'
import type { Steps } from '../steps.ts'
import { tokenOperations as operations } from './openapi.ts'
import { representToken } from './representation.ts'

/** The routes of API tokens. They require a token from signing in. */
export function createTokenRoutes(deps: { readonly tokens: TokenService; readonly steps: Steps }) {
  const { tokens, steps } = deps
  const { authenticate, admit, readBody } = steps
  // By default, Elysia would parse the body before the token is verified.
  const withBody = { parse: 'none', transform: readBody } as const
  const withoutBody = { transform: expectConnected } as const

  return new Elysia({ name: 'tokens' })
    .derive(authenticate)
    .onTransform(admit)

    .get(
      '/tokens',
      async ({ owner, set }) => {
        const all = await tokens.all(owner)
        return reply(set, { tokens: all.map(representToken) })
      },
      { detail: operations.listTokens },
    )

    .post(
      '/tokens',
      async ({ owner, body, set }) => {
        const { token, text } = await tokens.create(owner, body)
        set.status = 201
        return reply(set, { ...representToken(token), token: text })
      },
      { ...withBody, detail: operations.createToken },
    )

    .delete(
      '/tokens/:id',
      async ({ owner, params: { id }, set }) => {
        await tokens.remove(owner, id)
        set.status = 204
      },
      { ...withoutBody, detail: operations.deleteToken },
    )
}
