import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCMessage,
} from '@modelcontextprotocol/server'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import type { Owner } from '../../core/owner.ts'
import { createMcpServer, type McpDeps, type ToolCall } from './server.ts'

export interface McpOverStdio {
  /** Resolves when the connection is closed: with whether all calls were answered. */
  readonly closed: Promise<boolean>
  /** Answers the calls in flight, and closes the connection. */
  close(): Promise<void>
}

/**
 * The protocol over standard input and output, for one user. At the end of standard input, it closes itself.
 *
 * @param answerWithinMs how long closing waits for calls in flight.
 */
export function serveMcpOverStdio(
  deps: McpDeps,
  owner: Owner,
  observe: (call: ToolCall) => void,
  answerWithinMs: number,
): McpOverStdio {
  const transport = new StdioServerTransport()
  serveStdio(() => createMcpServer(deps, owner, observe), { transport, maxSubscriptions: 0 })
  const calls = trackCalls(transport)
  const { onclose } = transport
  const close = transport.close.bind(transport)
  const closed = Promise.withResolvers<boolean>()
  transport.onclose = () => {
    onclose?.()
    closed.resolve(calls.areAnswered())
  }
  // The transport calls it, too, and would drop the calls in flight.
  transport.close = async () => {
    await calls.answered(answerWithinMs)
    await close()
  }
  return { closed: closed.promise, close: () => transport.close() }
}

/** Knows which requests have arrived at a transport that is in use, and have no answer yet. */
function trackCalls(transport: StdioServerTransport) {
  const open = new Set<unknown>()
  let done = Promise.withResolvers<void>()
  const { onmessage } = transport
  const send = transport.send.bind(transport)

  function settle(id: unknown): void {
    open.delete(id)
    if (open.size > 0) return
    done.resolve()
    done = Promise.withResolvers()
  }

  transport.onmessage = (message: JSONRPCMessage) => {
    if (isJSONRPCRequest(message)) open.add(message.id)
    // The server does not answer what was cancelled.
    else if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled')
      settle(message.params?.['requestId'])
    onmessage?.(message)
  }
  transport.send = async (message) => {
    try {
      await send(message)
    } finally {
      if ('id' in message) settle(message.id)
    }
  }

  return {
    areAnswered: () => open.size === 0,
    async answered(limitMs: number): Promise<void> {
      if (open.size === 0) return
      const timer = setTimeout(done.resolve, limitMs)
      await done.promise
      clearTimeout(timer)
    },
  }
}
