import { createMcpHandler } from '@modelcontextprotocol/server'
import type { Owner } from '../../core/owner.ts'
import { createMcpServer, type McpDeps, type ToolCall } from './server.ts'
import { TOOLS } from './tools.ts'

/** The protocol over HTTP: "Streamable HTTP", without sessions. */
export function createMcpOverHttp(deps: McpDeps) {
  return {
    /** The tool that a message calls; `null` if it does not call one that exists. */
    toolIn(message: unknown) {
      const { method, params } = Object(message)
      if (method !== 'tools/call') return null
      return TOOLS.find(({ name }) => name === Object(params).name) ?? null
    },

    /**
     * Answers one message. Reads neither the body nor the credentials of the request.
     *
     * @param message the parsed body.
     */
    answer(
      request: Request,
      message: unknown,
      owner: Owner,
      observe: (call: ToolCall) => void,
    ): Promise<Response> {
      const handler = createMcpHandler(() => createMcpServer(deps, owner, observe), {
        // No tool or list of tools changes while the service runs, so no request has to stay open.
        maxSubscriptions: 0,
        keepAliveMs: 0,
      })
      return handler.fetch(request, { parsedBody: message })
    },
  }
}
