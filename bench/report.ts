import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chart } from './chart.ts'
import type { Machine } from './machine.ts'
import type { Result } from './measure.ts'
import { ROUNDS, SECONDS } from './settings.ts'
import { isMet, type Target } from './targets.ts'

/** What one part of the benchmark found. */
export interface Part {
  readonly name: string
  readonly title: string
  readonly results: readonly Result[]
  readonly targets: readonly Target[]
}

/**
 * Prints a part and writes it as Markdown and JSON, and the comparison as a chart too. What is not
 * the standard run goes where git does not look.
 *
 * @param command what it can be run again with.
 */
export async function report(
  part: Part,
  machine: Machine,
  command: string,
  isStandard: boolean,
): Promise<void> {
  const directory = join(import.meta.dir, isStandard ? 'results' : 'results/partial')
  await mkdir(directory, { recursive: true })
  const text = markdown(part, machine, command)
  await writeFile(join(directory, `${part.name}.md`), text)
  const json = JSON.stringify({ command, ...part, targets: judged(part.targets), machine }, null, 2)
  await writeFile(join(directory, `${part.name}.json`), `${json}\n`)
  if (part.name === 'comparison')
    await writeFile(join(directory, 'chart.svg'), chart(part.results, machine))
  process.stdout.write(`\n${text}`)
}

function judged(targets: readonly Target[]) {
  return targets.map((target) => ({ ...target, met: isMet(target) }))
}

function markdown(part: Part, machine: Machine, command: string): string {
  const { title, results, targets } = part
  const about = Object.entries(machine).map(([name, value]) => `${name} ${value}`)
  return `# ${title}

\`${command}\`, ${ROUNDS} rounds of ${SECONDS} s, medians. ${about.join('; ')}.
Every server is started anew in each round, on the same data. taskport runs with \`NODE_ENV=production\`, its log
in a file, its figures on, its rate limit off; the others write no logs. \`to base\` is throughput, to that of the
floor or, in memory, of constant JSON. CPU and PostgreSQL are processor time for one request.

${part.name === 'comparison' ? `${shortTable(results)}\n\n` : ''}${targets.length > 0 ? `${targetTable(targets)}\n` : ''}
${results.length > 0 ? `${resultTable(results)}\n` : ''}`
}

/** A line for each server: requests a second at 64 connections, and how that is to the base. */
function shortTable(results: readonly Result[]): string {
  const shown = results.filter(({ connections }) => connections === 64)
  const operations = [...new Set(shown.map(({ operation }) => operation))]
  const servers = Map.groupBy(shown, ({ store, server }) => `${store}: ${server}`)
  const rows = [...servers].map(([server, group]) => [
    server,
    ...operations.map((operation) => {
      const result = group.find((one) => one.operation === operation)
      if (!result) return '–'
      const { perSecond, ratio } = result
      const times = ratio === null ? '' : ` (${ratio.toFixed(2)} ×)`
      return `${Math.round(perSecond).toLocaleString('en')}/s${times}`
    }),
  ])
  return table(['64 connections', ...operations], rows)
}

function targetTable(targets: readonly Target[]): string {
  const rows = targets.map((target) => [
    target.what,
    `${target.kind === 'least' ? '≥' : '≤'} ${withUnit(target.limit, target)}`,
    withUnit(target.measured, target),
    isMet(target) ? 'met' : '**not met**',
  ])
  return table(['target', 'limit', 'measured', ''], rows)
}

function withUnit(value: number, { unit }: Target): string {
  return unit === '×' ? `${value.toFixed(2)} ×` : `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`
}

function resultTable(results: readonly Result[]): string {
  const head = ['store', 'server', 'tasks', 'operation', 'connections', 'requests/s', 'to base']
  const rest = ['p50 ms', 'p95 ms', 'p99 ms', 'CPU µs', 'PostgreSQL µs', 'peak MB', 'load', 'wrong']
  const rows = results.map((result) => [
    result.store,
    result.server,
    `${result.tasks}`,
    result.operation,
    `${result.connections}`,
    result.perSecond.toFixed(result.perSecond < 100 ? 1 : 0),
    figure(result.ratio, 2),
    figure(result.p50, 1),
    figure(result.p95, 1),
    figure(result.p99, 1),
    figure(result.cpuMicroseconds, 0),
    figure(result.postgresMicroseconds, 0),
    figure(result.peakMegabytes, 0),
    `${(result.generator * 100).toFixed(0)} %`,
    `${result.wrong}`,
  ])
  return table([...head, ...rest], rows)
}

function figure(value: number | null, digits: number): string {
  return value === null ? '–' : value.toFixed(digits)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, n) =>
    Math.max(...[head, ...rows].map((row) => row[n]?.length ?? 0), name.length),
  )
  const lines = [head, widths.map((width) => '-'.repeat(width)), ...rows]
  return lines
    .map((row) => `| ${row.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`)
    .join('\n')
}
