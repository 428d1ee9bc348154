import { expect } from 'bun:test'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { compose } from '../../app/compose.ts'
import type { ServiceEvent } from '../../app/observe.ts'
import { bearer, testConfig } from '../support/config.ts'

/** The generations of the protocol: with a handshake, and with everything in each request. */
export const GENERATIONS = ['2025-11-25', '2026-07-28'] as const
export type Generation = (typeof GENERATIONS)[number]

export type McpService = Awaited<ReturnType<typeof openMcpService>>

/** A service that listens on a port of its own. It must not report unexpected errors. */
export async function openMcpService(variables: Record<string, string> = {}) {
  const events: ServiceEvent[] = []
  let reported = Promise.withResolvers<void>()
  const app = await compose(testConfig(variables), (event) => {
    events.push(event)
    reported.resolve()
    reported = Promise.withResolvers()
  })
  await app.migrate(() => {})
  app.http.listen({ hostname: '127.0.0.1', port: 0 })
  const clients: Client[] = []
  const url = new URL('/mcp', `http://127.0.0.1:${app.http.server?.port}`)
  return {
    url,
    /** Events of a type, once there are as many. Those of requests follow their responses. */
    async reported(type: ServiceEvent['type'], count: number): Promise<ServiceEvent[]> {
      for (;;) {
        const found = events.filter((event) => event.type === type)
        if (found.length >= count) return found
        await reported.promise
      }
    },
    /** Sends a request with the token of a user. */
    async send(path: string, init: RequestInit = {}, user = 'ann'): Promise<Response> {
      return fetch(new URL(path, url), {
        ...init,
        headers: { ...(await bearer(user)), ...init.headers },
      })
    },
    /** The official client, signed in as a user. */
    async connect(user: string, generation: Generation = '2026-07-28'): Promise<Client> {
      const client = new Client(
        { name: 'tests', version: '1.0.0' },
        {
          versionNegotiation: {
            mode: generation === '2025-11-25' ? 'legacy' : { pin: generation },
          },
        },
      )
      const requestInit = { headers: await bearer(user) }
      await client.connect(new StreamableHTTPClientTransport(url, { requestInit }))
      clients.push(client)
      return client
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) await client.close()
      await app.http.stop(true)
      await app.close()
      expect(events.filter(({ type }) => type === 'unexpected_error')).toStrictEqual([])
    },
  }
}

type Data = Record<string, unknown>

/** Calls a tool that succeeds. Its data is also there as text. */
export async function call(client: Client, name: string, args: Data = {}): Promise<Data> {
  const result = await client.callTool({ name, arguments: args })
  expect(result).not.toHaveProperty('isError')
  const text = JSON.stringify(result.structuredContent)
  expect(result.content).toStrictEqual([{ type: 'text', text }])
  return Object(result.structuredContent)
}

/** Calls a tool that the caller has to correct. */
export async function callWrongly(client: Client, name: string, args: Data = {}): Promise<Data> {
  const result = await client.callTool({ name, arguments: args })
  expect(result).toMatchObject({ isError: true })
  expect(result).not.toHaveProperty('structuredContent')
  expect(result.content).toStrictEqual([{ type: 'text', text: expect.any(String) }])
  const [content] = result.content
  return JSON.parse(content?.type === 'text' ? content.text : '')
}

/** Calls a tool that returns one task. */
export async function callForTask(client: Client, name: string, args: Data = {}): Promise<Data> {
  const { task } = await call(client, name, args)
  return Object(task)
}
