import { taskport } from './contestants.ts'
import { median } from './measure.ts'
import type { Part } from './report.ts'
import { start } from './servers.ts'
import { ACTIVE_USERS, TASKS_PER_USER } from './settings.ts'
import type { Stores } from './stores.ts'
import type { Target } from './targets.ts'

const CALLS = 3000
const WARM_UP = 1000

const VERSION = '2026-07-28'
const META = {
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** Measures what a call of a tool takes beyond the same REST request, over one connection. */
export async function mcp(stores: Stores): Promise<Part> {
  const dataset = await stores.fill({ users: ACTIVE_USERS, tasksPerUser: TASKS_PER_USER })
  const [user] = dataset.users
  const [id] = user?.ids ?? []
  if (user === undefined || id === undefined) throw new Error('The dataset is empty')
  const targets: Target[] = []
  for (const store of ['postgres', 'sqlite'] as const) {
    const running = await start(taskport(store), dataset, 'read')
    const headers = {
      authorization: `Bearer ${user.token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    }
    const rest = () => fetch(`${running.url}/tasks/${id}`, { headers })
    const generations = {
      '2025-11-25': () => post({ 'mcp-protocol-version': '2025-11-25' }, {}),
      [VERSION]: () =>
        post(
          { 'mcp-protocol-version': VERSION, 'mcp-method': 'tools/call', 'mcp-name': 'get_task' },
          { _meta: META },
        ),
    }
    const post = (more: Record<string, string>, meta: object) =>
      fetch(`${running.url}/mcp`, {
        method: 'POST',
        headers: { ...headers, ...more },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: 'get_task', arguments: { task: id }, ...meta },
        }),
      })
    for (const [version, call] of Object.entries(generations)) {
      const [ofRest, ofCall] = await compare(rest, call)
      targets.push({
        what: `${store}: get_task in the protocol of ${version}, beyond GET /tasks/{id} (${ofRest.toFixed(2)} ms)`,
        measured: ofCall - ofRest,
        limit: 2,
        kind: 'most',
        unit: 'ms',
      })
      process.stderr.write('.')
    }
    await running.stop()
  }
  return { name: 'mcp', title: 'Calls of tools', results: [], targets }
}

/** The medians of two requests that take turns, in milliseconds. */
async function compare(
  ...requests: readonly [() => Promise<Response>, () => Promise<Response>]
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []]
  for (let n = 0; n < WARM_UP + CALLS; n++)
    for (const which of [0, 1] as const) {
      const startedAt = performance.now()
      const response = await requests[which]()
      const text = await response.text()
      if (!response.ok || text.includes('"error"')) throw new Error(text)
      if (n >= WARM_UP) times[which].push(performance.now() - startedAt)
    }
  return [median(times[0]), median(times[1])]
}
