import { createOAuthVerifier } from '../adapters/auth/oauth.ts'
import type { TokenVerifier } from '../adapters/auth/verifier.ts'
import type { McpDeps } from '../adapters/http/mcp/routes.ts'
import type { ListService } from '../core/lists.ts'
import type { TaskService } from '../core/tasks.ts'
import { version } from '../package.json'
import { isLoopback } from './address.ts'
import type { Config } from './config.ts'
import type { Observe } from './observe.ts'

/** `POST /mcp`; `null` if it is off. */
export function createMcp(
  config: Config,
  deps: {
    readonly tasks: TaskService
    readonly lists: ListService
    readonly verifier: Pick<TokenVerifier, 'verify'>
    readonly observe: Observe
  },
): McpDeps | null {
  const { mcp, host, publicUrl, oauth, tokens } = config
  const { tasks, lists, verifier: others, observe } = deps
  if (!mcp) return null
  const publicHost = publicUrl === null ? null : new URL(publicUrl).hostname
  const { keySet, clockToleranceSeconds } = tokens
  const verifier =
    oauth && keySet
      ? createOAuthVerifier({
          oauth,
          others,
          keySet,
          clockToleranceSeconds,
          now: Date.now,
          observe,
        })
      : others
  return {
    async open() {
      const { createMcpOverHttp } = await import('../adapters/mcp/http.ts')
      return createMcpOverHttp({ tasks, lists, version })
    },
    // Requests from other machines name whatever they call this one.
    isOwnHost: isLoopback(host) ? (name) => isLoopback(name) || name === publicHost : () => true,
    oauth,
    verifyToken: verifier.verify,
  }
}
