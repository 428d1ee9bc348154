import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { SQL, YAML } from 'bun'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { REFUSAL_REASONS } from '../../adapters/auth/refusal.ts'
import type { StoreEvent } from '../../app/observed-repository.ts'
import { namesIn, readPage, rowsIn, sectionOf } from '../docs/page.ts'
import { adminOf, until } from '../support/admin.ts'
import { bearer, PRODUCTION } from '../support/config.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'
import { selectorsIn } from './promql.ts'

setDefaultTimeout(30_000)

const GRAFANA = join(import.meta.dir, '..', '..', 'deploy', 'grafana')

const Query = Type.Object({
  // The variable that lets the reader choose.
  datasource: Type.Object({
    type: Type.Literal('prometheus'),
    uid: Type.String({ pattern: '^\\$\\{datasource\\}$' }),
  }),
  expr: Type.String(),
  legendFormat: Type.Optional(Type.String()),
})
const Row = Type.Object({ type: Type.Literal('row'), title: Type.String({ minLength: 1 }) })
const Panel = Type.Object({
  type: Type.Enum(['stat', 'timeseries']),
  title: Type.String({ minLength: 1 }),
  description: Type.String({ minLength: 1 }),
  datasource: Query.properties.datasource,
  targets: Type.Array(Query, { minItems: 1 }),
  fieldConfig: Type.Object({ defaults: Type.Object({ unit: Type.String() }) }),
})
const Place = Type.Object({
  id: Type.Integer(),
  gridPos: Type.Object({
    x: Type.Integer({ minimum: 0 }),
    y: Type.Integer({ minimum: 0 }),
    w: Type.Integer({ minimum: 1, maximum: 24 }),
    h: Type.Integer({ minimum: 1 }),
  }),
})
const Variable = Type.Union([
  Type.Object({ type: Type.Literal('datasource'), name: Type.String(), query: Type.String() }),
  Type.Object({
    type: Type.Literal('query'),
    name: Type.String(),
    query: Type.String(),
    datasource: Query.properties.datasource,
  }),
])
const dashboard = Compile(
  Type.Object({
    // Grafana assigns it.
    id: Type.Null(),
    uid: Type.Literal('taskport'),
    panels: Type.Array(Type.Intersect([Place, Type.Union([Row, Panel])])),
    templating: Type.Object({ list: Type.Array(Variable) }),
    annotations: Type.Object({ list: Type.Array(Query) }),
  }),
).Parse(await Bun.file(join(GRAFANA, 'dashboard.json')).json())

const { groups } = Compile(
  Type.Object({
    groups: Type.Array(
      Type.Object({
        rules: Type.Array(
          Type.Object({
            alert: Type.String(),
            expr: Type.String(),
            for: Type.Optional(Type.String()),
            labels: Type.Object({ severity: Type.Enum(['critical', 'warning', 'info']) }),
            annotations: Type.Object({ summary: Type.String(), runbook_url: Type.String() }),
          }),
        ),
      }),
    ),
  }),
).Parse(YAML.parse(await Bun.file(join(GRAFANA, 'alerts.yaml')).text()))
const rules = groups.flatMap((group) => group.rules)

const panels = dashboard.panels.filter((panel) => 'targets' in panel)
const queries: [from: string, query: string, legend: string][] = [
  ...panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, legendFormat = '' }): [string, string, string] => [
      `panel ${title}`,
      expr,
      legendFormat,
    ]),
  ),
  ...dashboard.annotations.list.map(({ expr }): [string, string, string] => [
    'annotation',
    expr,
    '',
  ]),
  ...rules.map(({ alert, expr }): [string, string, string] => [`alert ${alert}`, expr, '']),
]

/** Outcomes that the service in this test has no reason to report. */
const RARE: Record<string, readonly StoreEvent['outcome'][]> = {
  outcome: ['unavailable', 'damaged'],
}
/** Prometheus adds these to every metric. */
const OF_PROMETHEUS = ['job', 'instance']

/** The labels of each metric of a running service, and their values. */
const exposed = new Map<string, Map<string, Set<string>>>([['up', new Map()]])
let database: TestDatabase
let service: ServiceProcess
const cleanUp = new AsyncDisposableStack()

beforeAll(async () => {
  database = await createDatabase()
  cleanUp.defer(() => database.drop())
  const directory = cleanUp.use(await temporaryDirectory())
  service = cleanUp.use(
    await startService({
      directory: directory.path,
      environment: { ...PRODUCTION, DATABASE_URL: database.url, ADMIN_PORT: '0' },
    }),
  )
  await sendTraffic()
  await until(async () => (await expose()).has('/tasks/events'))
})

afterAll(() => cleanUp.disposeAsync())

/** Sends requests that use every metric. */
async function sendTraffic(): Promise<void> {
  const headers = await bearer('ann')
  for (const path of ['/tasks', '/tasks/changes', '/nowhere', '/health'])
    await service.send(path, { headers })
  const call = { name: 'list_tasks', arguments: {} }
  await service.send('/mcp', {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call }),
  })
  const disconnect = new AbortController()
  const stream = await service.send('/tasks/events', { headers, signal: disconnect.signal })
  disconnect.abort()
  await Promise.allSettled([stream.text()])
  const sql = cleanUp.use(new SQL(database.url, { max: 1 }))
  await sql`alter table tasks rename to tasks_elsewhere`
  expect((await service.send('/tasks', { headers })).status).toBe(500)
}

/** Reads the service's metrics. Returns the routes among their labels. */
async function expose(): Promise<Set<string>> {
  const text = await (await adminOf(service).send('/metrics')).text()
  for (const [, metric = '', labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const values = exposed.get(metric) ?? new Map<string, Set<string>>()
    exposed.set(metric, values)
    for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="([^"]*)"/g))
      values.set(label, (values.get(label) ?? new Set()).add(value))
  }
  return exposed.get('http_request_duration_seconds_count')?.get('route') ?? new Set()
}

/** What a query, and the labels in its legend, expect of the service that it does not have. */
function problemsIn(query: string, legend = ''): string[] {
  const problems: string[] = []
  const inLegend = Array.from(legend.matchAll(/\{\{(\w+)\}\}/g), ([, label = '']) => label)
  // Grafana puts a duration there.
  for (const selector of selectorsIn(query.replaceAll('$__rate_interval', '5m'))) {
    const { metric, matchers, groupedBy } = selector
    const labels = exposed.get(metric)
    if (!labels) problems.push(`no metric ${metric}`)
    const used = [...groupedBy, ...inLegend, ...matchers.map(({ label }) => label)]
    for (const label of used)
      if (labels && !labels.has(label) && !OF_PROMETHEUS.includes(label))
        problems.push(`no label ${label} of ${metric}`)
    for (const label of inLegend)
      if (!groupedBy.includes(label)) problems.push(`label ${label} is not in the result`)
    for (const { label, value } of matchers) {
      const known = [...(labels?.get(label) ?? []), ...(RARE[label] ?? [])]
      if (!labels?.has(label)) continue
      for (const part of value.split('|'))
        if (!known.some((text) => new RegExp(`^(?:${part})$`).test(text)))
          problems.push(`no value ${part} of ${label}`)
    }
  }
  return problems
}

describe('a query', () => {
  test.each(queries)('of %s reads only metrics that the service has', (_from, query, legend) => {
    expect(problemsIn(query, legend)).toStrictEqual([])
  })

  test.each([
    ['up{job="x"}', '', []],
    ['sum(rate(taskport_token_total[5m]))', '', ['no metric taskport_token_total']],
    ['taskport_held_requests{user="ann"}', '', ['no label user of taskport_held_requests']],
    [
      'sum by (kind) (taskport_held_requests)',
      '{{kind}}',
      Array(2).fill('no label kind of taskport_held_requests'),
    ],
    ['sum(taskport_tokens_total)', '{{cache}}', ['label cache is not in the result']],
    [
      'taskport_tokens_refused_total{reason!~"missing|too_old"}',
      '',
      ['no value too_old of reason'],
    ],
  ])('with a planted mistake is found: %s', (query, legend, problems) => {
    expect(problemsIn(query, legend)).toStrictEqual(problems)
  })

  test.each(['sum(up', 'up{job=}', '{job="x"}', 'rate(up[5])) > 1'])(
    'with wrong syntax is found: %s',
    (query) => {
      expect(() => selectorsIn(query)).toThrow()
    },
  )
})

describe('the dashboard', () => {
  test('lets its reader choose the data source, the job and the instances', () => {
    expect(dashboard.templating.list.map(({ name, query }) => [name, query])).toStrictEqual([
      ['datasource', 'prometheus'],
      ['job', 'label_values(taskport_tokens_refused_total, job)'],
      ['instance', 'label_values(taskport_tokens_refused_total{job="$job"}, instance)'],
    ])
    const inPanels = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
    for (const { matchers } of inPanels.flatMap((expr) =>
      selectorsIn(expr.replaceAll('$__rate_interval', '5m')),
    ))
      expect(matchers).toEqual(
        expect.arrayContaining([
          { label: 'job', value: '$job' },
          { label: 'instance', value: '$instance' },
        ]),
      )
  })

  test('has panels with ids of their own that do not overlap', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
    const taken = new Set<string>()
    for (const { gridPos } of dashboard.panels) {
      const { x, y, w, h } = gridPos
      expect(x + w).toBeLessThanOrEqual(24)
      for (let column = x; column < x + w; column++)
        for (let line = y; line < y + h; line++) {
          expect(taken).not.toContain(`${column} ${line}`)
          taken.add(`${column} ${line}`)
        }
    }
  })

  test('shows every metric of the service', () => {
    const shown = new Set(
      panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsOf(expr))),
    )
    expect([...metricNames()].filter((name) => !shown.has(name))).toStrictEqual([])
  })
})

test.each(rules)('the alert $alert links to its runbook', ({ alert, annotations }) => {
  expect(annotations.runbook_url).toBe(
    `https://github.com/taskport/taskport/blob/main/docs/operations.md#${alert.toLowerCase()}`,
  )
})

describe('docs/operations.md', () => {
  test('lists every metric with its labels', async () => {
    const rows = rowsIn(sectionOf(await readPage('docs/operations.md'), '## Metrics'))
    const listed = rows.flatMap(([names = '', labels = '']) =>
      namesIn(names).map((name) => [name, namesIn(labels).toSorted()]),
    )
    const found = [...metricNames()].map((name) => {
      const labels = exposed.get(name) ?? exposed.get(`${name}_count`)
      return [name, [...(labels?.keys() ?? [])].toSorted()]
    })
    expect(listed.toSorted()).toStrictEqual(found.toSorted())
  })

  test('has a runbook for each alert', async () => {
    const section = sectionOf(await readPage('docs/operations.md'), '## Dashboard and alerts')
    const headings = Array.from(section.matchAll(/^### (\w+)$/gm), ([, name]) => `${name}`)
    expect(headings).toStrictEqual(rules.map(({ alert }) => alert))
  })

  test('lists every reason for refusing a token', async () => {
    const rows = rowsIn(sectionOf(await readPage('docs/operations.md'), '## Refused tokens'))
    const listed = rows.flatMap(([names = '']) => namesIn(names))
    expect(listed).toStrictEqual(['missing', ...REFUSAL_REASONS])
    const values = exposed.get('taskport_tokens_refused_total')?.get('reason')
    expect([...(values ?? [])].toSorted()).toStrictEqual(listed.toSorted())
  })
})

/** The metrics of the service; a histogram once. */
function metricNames(): Set<string> {
  const names = [...exposed.keys()].filter((name) => name !== 'up')
  return new Set(names.map(withoutSuffix))
}

function metricsOf(query: string): string[] {
  return selectorsIn(query.replaceAll('$__rate_interval', '5m')).map(({ metric }) =>
    withoutSuffix(metric),
  )
}

function withoutSuffix(metric: string): string {
  return metric.replace(/_(bucket|sum|count)$/, '')
}
