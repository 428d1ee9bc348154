import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { SQL } from 'bun'
import { type Admin, adminOf, until } from '../support/admin.ts'
import { bearer, PRODUCTION } from '../support/config.ts'
import { startKeySetServer } from '../support/key-set-server.ts'
import { freePort } from '../support/port.ts'
import { createDatabase } from '../support/postgres.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'

setDefaultTimeout(60_000)

const GRAFANA = join(import.meta.dir, '..', '..', 'deploy', 'grafana')
const { panels, annotations } = Object(await Bun.file(join(GRAFANA, 'dashboard.json')).json())

interface Target {
  readonly expr: string
}

const ofPanels: string[] = panels.flatMap(({ targets = [] }: { targets?: Target[] }) =>
  targets.map(({ expr }) => expr),
)
const ofAnnotations: string[] = annotations.list.map(({ expr }: Target) => expr)

const MCP = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
}
const TOOL_CALL = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'list_tasks', arguments: {} },
})

const cleanUp = new AsyncDisposableStack()
let service: ServiceProcess
let admin: Admin
let headers: Record<string, string>
let prometheus: string

beforeAll(async () => {
  const database = await createDatabase()
  cleanUp.defer(() => database.drop())
  const directory = cleanUp.use(await temporaryDirectory())
  const issuer = startKeySetServer()
  cleanUp.defer(() => issuer.close())
  issuer.respondWith(() => new Response(null, { status: 500 }))
  const environment = {
    ...PRODUCTION,
    RATE_LIMIT_PER_MINUTE: '20',
    DATABASE_URL: database.url,
    JWKS_URL: issuer.url,
    ADMIN_PORT: '0',
  }
  service = cleanUp.use(await startService({ directory: directory.path, environment }))
  admin = adminOf(service)
  headers = await bearer('ann')
  prometheus = await startPrometheus(directory.path)
  const sql = cleanUp.use(new SQL(database.url, { max: 1 }))
  await sql`alter table tasks rename to tasks_elsewhere`
})

afterAll(() => cleanUp.disposeAsync())

/** Starts Prometheus with the example of its configuration, on a port and at a pace for tests. */
async function startPrometheus(directory: string): Promise<string> {
  const [, adminPort] = /"admin_port":(\d+)/.exec(service.output()) ?? []
  const example = await Bun.file(join(GRAFANA, 'prometheus.yaml')).text()
  await Bun.write(join(directory, 'alerts.yaml'), Bun.file(join(GRAFANA, 'alerts.yaml')))
  await Bun.write(
    join(directory, 'prometheus.yaml'),
    example
      .replace('taskport:9090', `127.0.0.1:${adminPort}`)
      .replaceAll('_interval: 15s', '_interval: 1s'),
  )
  const address = `127.0.0.1:${await freePort()}`
  const child = Bun.spawn(
    [
      'prometheus',
      `--config.file=${directory}/prometheus.yaml`,
      `--storage.tsdb.path=${directory}/data`,
      `--web.listen-address=${address}`,
    ],
    { stdout: 'ignore', stderr: 'ignore' },
  )
  cleanUp.defer(async () => {
    child.kill('SIGKILL')
    await child.exited
  })
  const url = `http://${address}`
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  await until(isReady)
  return url
}

/** Sends requests of every kind. */
async function sendTraffic(): Promise<void> {
  await service.send('/mcp', { method: 'POST', headers: { ...headers, ...MCP }, body: TOOL_CALL })
  for (const path of ['/tasks', '/nowhere', '/health']) await service.send(path, { headers })
  await service.send('/tasks', { headers: { authorization: 'Bearer x' } })
  const disconnect = new AbortController()
  const stream = await service.send('/tasks/events', { headers, signal: disconnect.signal })
  disconnect.abort()
  await Promise.allSettled([stream.text()])
  // Tries to fetch the key set.
  await admin.reasons()
}

/** The number of series in the result of a query. */
async function resultsOf(query: string): Promise<number> {
  const shown = query
    .replaceAll('$job', 'taskport')
    .replaceAll('$instance', '.+')
    .replaceAll('$__rate_interval', '10s')
  const response = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(shown)}`)
  const { status, error, data } = Object(await response.json())
  if (status !== 'success') throw new Error(`${error}: ${shown}`)
  return data.result.length
}

test('every panel of the dashboard shows something while the service has traffic', async () => {
  const empty = new Set(ofPanels)
  await until(async () => {
    await sendTraffic()
    for (const query of empty) if ((await resultsOf(query)) > 0) empty.delete(query)
    return empty.size === 0
  }, 30_000).catch(() => {})
  expect([...empty]).toStrictEqual([])
})

test('Prometheus can evaluate the annotations and the alerts', async () => {
  for (const query of ofAnnotations) await resultsOf(query)
  await until(async () => (await rules()).every(({ health }) => health === 'ok'))
  const written = await Bun.file(join(GRAFANA, 'alerts.yaml')).text()
  expect(await rules()).toHaveLength(written.match(/- alert:/g)?.length ?? 0)
})

async function rules(): Promise<{ readonly health: string }[]> {
  const { data } = Object(await (await fetch(`${prometheus}/api/v1/rules`)).json())
  return data.groups.flatMap((group: { readonly rules: object[] }) => group.rules)
}
