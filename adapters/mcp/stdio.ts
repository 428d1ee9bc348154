import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import type { Owner } from '../../core/owner.ts'
import { createMcpServer, type McpDeps, type ToolCall } from './server.ts'

/** The protocol over standard input and output, for one user. */
export function serveMcpOverStdio(
  deps: McpDeps,
  owner: Owner,
  observe: (call: ToolCall) => void,
): { readonly closed: Promise<void> } {
  const transport = new StdioServerTransport()
  serveStdio(() => createMcpServer(deps, owner, observe), { transport, maxSubscriptions: 0 })
  const { onclose } = transport
  return {
    closed: new Promise((resolve) => {
      transport.onclose = () => {
        onclose?.()
        resolve()
      }
    }),
  }
}
