import type postgres from 'postgres'

/**
 * An SQL statement and the types of its parameters. Without the types the driver would ask the server
 * for them, in an extra round trip.
 */
export interface Statement {
  readonly text: string
  readonly types: readonly number[]
}

export type Value = string | boolean | null

// Values of pg_type.oid, which are the same on every server. Times are sent as text, because the driver
// would truncate them to milliseconds.
export const BIGINT_ARRAY = 1016
export const BOOLEAN = 16
export const BOOLEAN_ARRAY = 1000
export const INTEGER = 23
export const INTEGER_ARRAY = 1007
export const JSONB_ARRAY = 3807
export const TEXT = 25
export const TEXT_ARRAY = 1009
export const UUID = 2950
export const UUID_ARRAY = 2951

/** Sends the statement, as a prepared statement if the connection allows it. */
export function send<Row extends postgres.Row>(
  sql: postgres.ISql,
  { text, types }: Statement,
  values: readonly Value[],
): postgres.PendingQuery<Row[]> {
  const parameters = values.map((value, index) => sql.typed(value, types[index] ?? TEXT))
  return sql.unsafe(text, parameters, { prepare: true })
}

/**
 * A table expression with one row for each call. Each parameter of the statement is an array that holds one
 * column; `number` counts the rows from 1.
 *
 * The `select`s hide the arrays from the planner. If it saw them, it would prefer plans for their values
 * to a generic plan, and spend 0.2 ms on planning each time.
 */
export function callsOf(columns: readonly string[]): string {
  const arrays = columns.map((_, index) => `(select $${index + 1})`)
  return `unnest(${arrays.join()}) with ordinality as call (${columns.join()}, number)`
}

/** An array in PostgreSQL's text format. */
export function arrayOf(items: readonly (string | number | boolean | null)[]): string {
  return `{${items.map(elementOf).join()}}`
}

function elementOf(item: string | number | boolean | null): string {
  return typeof item === 'string' ? `"${item.replaceAll(/["\\]/g, '\\$&')}"` : `${item}`
}
