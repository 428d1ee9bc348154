import type { McpDeps } from '../adapters/http/mcp/routes.ts'
import type { ListService } from '../core/lists.ts'
import type { TaskService } from '../core/tasks.ts'
import { version } from '../package.json'
import { isLoopback } from './address.ts'
import type { Config } from './config.ts'

/** `POST /mcp`; `null` if it is off. */
export function createMcp(
  { mcp, host, publicUrl }: Config,
  useCases: { readonly tasks: TaskService; readonly lists: ListService },
): McpDeps | null {
  if (!mcp) return null
  const publicHost = publicUrl === null ? null : new URL(publicUrl).hostname
  return {
    async open() {
      const { createMcpOverHttp } = await import('../adapters/mcp/http.ts')
      return createMcpOverHttp({ ...useCases, version })
    },
    // Requests from other machines name whatever they call this one.
    isOwnHost: isLoopback(host) ? (name) => isLoopback(name) || name === publicHost : () => true,
  }
}
