import { CONSTANT, FLOOR, OVER_DELAY, THROUGH_PGBOUNCER } from './contestants.ts'
import type { Result } from './measure.ts'
import { OPERATIONS } from './operations.ts'
import { table } from './table.ts'

const INTRODUCTION = `## Throughput and its cost

Each cell has the requests per second; in brackets the same relative to the first column, as the median of the
rounds' ratios; the p99; and the CPU time per request, of the server and of PostgreSQL.`

/** What is special about the comparison with each baseline. */
const NOTES: Readonly<Record<string, string>> = {
  [FLOOR]:
    'The floor is a hand-written server: the same driver, one statement for each request, no framework and no other work. The floor and the others do not count the tasks of other pages, write no log, and read filtered lists, searches and feeds without an index.',
  [`${FLOOR}${THROUGH_PGBOUNCER}`]:
    'PostgreSQL through PgBouncer in transaction mode, without prepared statements. The CPU time of PgBouncer is not counted.',
  [`${FLOOR}${OVER_DELAY}`]: 'What PostgreSQL sends arrives 5 ms later.',
  [CONSTANT]:
    'A server that sends the same responses, as long as those of taskport, to all requests.',
  taskport: 'The cost of a line in the log for each request.',
}

/** One table for each baseline, with one row for each operation, size of users and number of connections. */
export function overview(results: readonly Result[]): string {
  const groups = Map.groupBy(results, ({ store, against }) => `${store}: compared with ${against}`)
  const tables = [...groups].map(([title, group]) =>
    [`### ${title}`, NOTES[group[0]?.against ?? ''], tableOf(group, results)].join('\n\n'),
  )
  return [INTRODUCTION, ...tables].join('\n\n')
}

function tableOf(group: readonly Result[], results: readonly Result[]): string {
  const { against: base, store } = group[0] ?? {}
  const servers = [...new Set([`${base}`, ...group.map(({ server }) => server)])]
  const ofStore = results.filter((result) => result.store === store)
  const rows = [...new Set(group.map(rowOf))].map((row) => [
    row,
    ...servers.map((server) =>
      cellOf(
        ofStore.find((result) => result.server === server && rowOf(result) === row),
        server === base,
      ),
    ),
  ])
  return table(['row', ...servers], rows)
}

function rowOf({ operation, tasksPerUser, connections }: Result): string {
  const size = tasksPerUser.toLocaleString('en')
  return `**${operation}**: ${OPERATIONS[operation]}; users with ${size} tasks, ${connections} connections`
}

function cellOf(result: Result | undefined, isBase: boolean): string {
  if (!result) return '–'
  const { perSecond, ratio, p99, cpuMicroseconds, postgresMicroseconds } = result
  const cpu = [cpuMicroseconds, postgresMicroseconds]
    .filter((value) => value !== null)
    .map((value) => value.toFixed(0))
    .join(' + ')
  return [
    `${Math.round(perSecond).toLocaleString('en')}/s`,
    ratio === null || isBase ? '' : ` (${ratio.toFixed(2)} ×)`,
    `, p99 ${p99.toFixed(1)} ms`,
    cpu === '' ? '' : `, CPU ${cpu} µs`,
  ].join('')
}
