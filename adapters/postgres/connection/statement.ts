import type postgres from 'postgres'

/**
 * One statement of SQL. Each parameter has its type, so that the driver need not ask the server for
 * it in a round trip of its own.
 */
export interface Statement {
  readonly text: string
  readonly types: readonly number[]
}

export type Value = string | boolean | null

// The numbers of pg_type.oid, which are the same everywhere. Times go as texts: the driver would cut
// them to milliseconds.
export const BOOLEAN = 16
export const BOOLEAN_ARRAY = 1000
export const INTEGER = 23
export const INTEGER_ARRAY = 1007
export const TEXT = 25
export const TEXT_ARRAY = 1009
export const UUID = 2950
export const UUID_ARRAY = 2951

/** Sends the statement, by name where the connection allows it. */
export function send<Row extends postgres.Row>(
  sql: postgres.ISql,
  { text, types }: Statement,
  values: readonly Value[],
): postgres.PendingQuery<Row[]> {
  const parameters = values.map((value, index) => sql.typed(value, types[index] ?? TEXT))
  return sql.unsafe(text, parameters, { prepare: true })
}

/**
 * Several calls as the rows of a table, each parameter of the statement being an array with an element
 * for each; `place` counts them from 1.
 *
 * The planner cannot see the parameters behind their `select`s. It would look into the arrays, find its
 * plans for them better than one for any, and so plan anew each time, for 0.2 ms.
 */
export function callsOf(columns: readonly string[]): string {
  const arrays = columns.map((_, index) => `(select $${index + 1})`)
  return `unnest(${arrays.join()}) with ordinality as call (${columns.join()}, place)`
}

/** PostgreSQL's form of a list. */
export function arrayOf(items: readonly (string | number | boolean | null)[]): string {
  return `{${items.map(elementOf).join()}}`
}

function elementOf(item: string | number | boolean | null): string {
  return typeof item === 'string' ? `"${item.replaceAll(/["\\]/g, '\\$&')}"` : `${item}`
}
