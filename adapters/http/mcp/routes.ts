import { Elysia } from 'elysia'
import { HttpError } from '../errors.ts'
import { expectRight } from '../middleware/authorization.ts'
import type { HttpEvent, McpEndpoint, TokenKind, VerifyToken } from '../ports.ts'
import type { Steps } from '../steps.ts'
import { createMetadataRoute, type OAuth, withMetadata } from './oauth.ts'
import { createOriginGuard } from './origin-guard.ts'

export interface McpDeps {
  /** Loads the protocol, which takes longer than the rest of the service. */
  readonly open: () => Promise<McpEndpoint>
  /** Whether a request may name this host, without a port, in `Host`. */
  readonly isOwnHost: (host: string) => boolean
  /** Where clients that sign in by themselves get a token; `null` if they cannot. */
  readonly oauth: OAuth | null
  /** Also accepts the tokens of those clients. */
  readonly verifyToken: VerifyToken
}

/** The name of the tool that a request calls, from a closed set; `null` if it calls none. */
export function toolState(): { tool: string | null } {
  return { tool: null }
}

/** `POST /mcp`: the Model Context Protocol, one message per request. */
export function createMcpRoutes(deps: {
  readonly mcp: McpDeps
  readonly publicUrl: string | null
  readonly corsOrigins: readonly string[]
  readonly steps: Steps
  readonly observe: (event: HttpEvent) => void
}) {
  const { mcp, steps, observe } = deps
  const { authenticate, admit, readBody } = steps
  const { oauth } = mcp
  const expectOwnOrigin = createOriginGuard({ ...deps, isOwnHost: mcp.isOwnHost })
  let opening: Promise<McpEndpoint> | undefined

  /** Checks a token, and says where to get another one if it does not suffice. */
  async function check<Result>(
    work: () => Result | Promise<Result>,
    kind: TokenKind | null = null,
  ): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      throw oauth === null ? error : withMetadata(error, oauth, kind)
    }
  }

  const routes = new Elysia({ name: 'mcp' })
  if (oauth !== null) routes.use(createMetadataRoute(oauth))
  return (
    routes
      .decorate(toolState())
      // Before the token, so that a page of another site learns nothing.
      .onTransform(expectOwnOrigin)
      // Elysia reads the parameters of hooks, and would parse the bodies of all routes for a whole context.
      .derive(({ request, set }) => check(() => authenticate({ request, set })))
      .onTransform(({ owner, kind, scopes, request, route, set }) =>
        check(() => admit({ owner, kind, scopes, request, route, set }), kind),
      )
      .post(
        '/mcp',
        async (context) => {
          const { owner, kind, scopes, request, body, set } = context
          // Each call counts as a request, so a request is one message.
          if (Array.isArray(body))
            throw new HttpError('BAD_REQUEST', 'Send one message per request, not a batch')
          opening ??= mcp.open()
          const endpoint = await opening
          const tool = endpoint.toolIn(body)
          context.tool = tool?.name ?? null
          const right = tool === null || tool.isReadOnly ? 'read' : 'write'
          await check(() => expectRight(right, { kind, scopes }), kind)
          const requestId = `${set.headers['x-request-id']}`
          const response = await endpoint.answer(request, body, owner, (call) =>
            observe({ ...call, requestId }),
          )
          set.status = response.status
          set.headers['cache-control'] = 'private, no-store'
          const type = response.headers.get('content-type')
          if (type !== null) set.headers['content-type'] = type
          // Every answer ends at once, also those in the form of an event stream.
          return await response.text()
        },
        { parse: 'none', transform: readBody, detail: { hide: true } },
      )
  )
}
