import { CONSTANT, FLOOR, PEERS, type StoreKind } from './contestants.ts'
import type { Machine } from './machine.ts'
import type { Result } from './measure.ts'
import type { Operation } from './operations.ts'
import { TASKS_PER_USER } from './settings.ts'

const PANELS: readonly (readonly [StoreKind, string, base: string])[] = [
  ['postgres', 'PostgreSQL', FLOOR],
  ['sqlite', 'SQLite', FLOOR],
  ['memory', 'Memory', CONSTANT],
]
const SERVERS: readonly string[] = ['taskport', ...PEERS]
const OPERATIONS: readonly Operation[] = ['get', 'list', 'create', 'patch', 'mix']

const WIDTH = 760
const LEFT = 76
const RIGHT = 200
const BAR = 14
const GAP = 10

// Follows the reader's light or dark color scheme.
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 14px; font-weight: 600 }
  .quiet { fill: #59636e }
  .bar0 { fill: #0969da }
  .bar1 { fill: #9a6700; opacity: .75 }
  .bar2 { fill: #8250df; opacity: .6 }
  .bar3 { fill: #1a7f37; opacity: .6 }
  .base { stroke: #59636e; stroke-dasharray: 4 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .quiet { fill: #9198a1 }
    .bar0 { fill: #4493f8 }
    .bar1 { fill: #d29922 }
    .bar2 { fill: #ab7df8 }
    .bar3 { fill: #3fb950 }
    .base { stroke: #9198a1 }
  }`

/** Draws the throughput at 64 connections, as a multiple of the baseline's, as an SVG. */
export function chart(results: readonly Result[], machine: Machine): string {
  const shown = results.filter(
    ({ connections, tasksPerUser, server, ratio }) =>
      connections === 64 &&
      tasksPerUser === TASKS_PER_USER &&
      SERVERS.includes(server) &&
      ratio !== null,
  )
  const most = Math.max(1, ...shown.map(({ ratio }) => ratio ?? 0))
  const scale = (WIDTH - LEFT - RIGHT) / most
  const marks: string[] = []
  let y = 24
  const write = (x: number, text: string, kind = '', at = y) =>
    marks.push(`<text x="${x}" y="${at}"${kind && ` class="${kind}"`}>${escaped(text)}</text>`)

  write(
    0,
    `Requests per second, relative to a hand-written server (64 connections, users with ${TASKS_PER_USER} tasks)`,
    'title',
  )
  for (const [store, name, base] of PANELS) {
    const panel = shown.filter((result) => result.store === store)
    if (panel.length === 0) continue
    y += 32
    write(0, name, 'title')
    const x = LEFT + scale
    write(x + 4, `1.0 = ${base === FLOOR ? 'floor (hand-written)' : base}`, 'quiet')
    const top = y + 6
    y = top
    for (const operation of OPERATIONS) {
      const bars = panel.filter((result) => result.operation === operation)
      if (bars.length === 0) continue
      y += GAP
      write(0, operation, '', y + BAR - 3)
      for (const { server, ratio, perSecond } of bars) {
        const length = ((ratio ?? 0) * scale).toFixed(1)
        const kind = `bar${SERVERS.indexOf(server)}`
        marks.push(
          `<rect x="${LEFT}" y="${y}" width="${length}" height="${BAR - 2}" rx="2" class="${kind}"/>`,
        )
        const label = `${(ratio ?? 0).toFixed(2)} ×, ${Math.round(perSecond).toLocaleString('en')}/s`
        write(LEFT + Number(length) + 6, label, 'quiet', y + BAR - 3)
        y += BAR
      }
    }
    marks.push(`<line x1="${x}" x2="${x}" y1="${top}" y2="${y}" class="base"/>`)
  }
  y += 30
  SERVERS.filter((server) => shown.some((result) => result.server === server)).forEach(
    (server, n) => {
      const kind = `bar${SERVERS.indexOf(server)}`
      marks.push(
        `<rect x="${n * 190}" y="${y - 10}" width="12" height="12" rx="2" class="${kind}"/>`,
      )
      write(n * 190 + 18, server)
    },
  )
  y += 22
  write(0, `${machine['processors']}; Bun ${machine['Bun']}; commit ${machine['commit']}`, 'quiet')
  const height = y + 12
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Throughput of taskport compared with a hand-written server">
<style>${STYLE}
</style>
${marks.join('\n')}
</svg>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
