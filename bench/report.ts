import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chart } from './chart.ts'
import type { Machine } from './machine.ts'
import type { Result } from './measure.ts'
import { overview } from './overview.ts'
import { ROUNDS, SECONDS } from './settings.ts'
import { format, table } from './table.ts'
import { isMet, type Target } from './targets.ts'

/** The results of one part of the benchmark. */
export interface Part {
  readonly name: string
  readonly title: string
  readonly results: readonly Result[]
  readonly targets: readonly Target[]
}

/**
 * Prints a part, writes it as Markdown and JSON, and draws a chart of the comparison. Results of
 * restricted runs go to a folder that git ignores.
 *
 * @param command the command that was run.
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
  const json = JSON.stringify(
    { command, ...part, targets: withVerdicts(part.targets), machine },
    null,
    2,
  )
  await writeFile(join(directory, `${part.name}.json`), `${json}\n`)
  if (part.name === 'comparison')
    await writeFile(join(directory, 'chart.svg'), chart(part.results, machine))
  process.stdout.write(`\n${text}`)
}

function withVerdicts(targets: readonly Target[]) {
  return targets.map((target) => ({ ...target, met: isMet(target) }))
}

function markdown(part: Part, machine: Machine, command: string): string {
  const { title, results, targets } = part
  const about = Object.entries(machine).map(([name, value]) => `${name} ${value}`)
  const missed = targets.filter((target) => !isMet(target))
  const sections = [
    `# ${title}`,
    ...(missed.length > 0 ? ['## Missed targets', targetTable(missed), '## This run'] : []),
    `\`${command}\`, ${ROUNDS} rounds of ${SECONDS} s, medians. ${about.join('; ')}.
Each round starts every server with the same data, and the servers take turns. taskport runs with
\`NODE_ENV=production\`, logs to a file, collects metrics, and has no rate limit; the others do not log.`,
    ...(part.name === 'comparison' ? [overview(results)] : []),
    ...(targets.length > 0 ? ['## Targets', targetTable(targets)] : []),
    ...(results.length > 0 ? [DETAILS, resultTable(results)] : []),
  ]
  return `${sections.join('\n\n')}\n`
}

const DETAILS = `## Details

\`to base\` is the throughput relative to the baseline in the same round, CPU and PostgreSQL are CPU time per
request, and \`load\` is the share of a processor that the load generator used.`

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
  const head = ['store', 'server', 'tasks', 'of a user', 'operation', 'connections', 'requests/s']
  const times = ['to base', 'p50 ms', 'p95 ms', 'p99 ms', 'CPU µs', 'PostgreSQL µs']
  const rows = results.map((result) => [
    result.store,
    result.server,
    `${result.tasks}`,
    `${result.tasksPerUser}`,
    result.operation,
    `${result.connections}`,
    result.perSecond.toFixed(result.perSecond < 100 ? 1 : 0),
    format(result.ratio, 2),
    format(result.p50, 1),
    format(result.p95, 1),
    format(result.p99, 1),
    format(result.cpuMicroseconds, 0),
    format(result.postgresMicroseconds, 0),
    format(result.peakMegabytes, 0),
    `${(result.generator * 100).toFixed(0)} %`,
    `${result.wrong}`,
  ])
  return table([...head, ...times, 'peak MB', 'load', 'wrong'], rows)
}
