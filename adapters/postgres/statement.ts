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

// The numbers of pg_type.oid, which are the same everywhere.
export const BOOLEAN = 16
export const TEXT = 25
export const TIMESTAMPTZ = 1184
export const UUID = 2950

/** Sends the statement, by name where the connection allows it. */
export function send<Row extends postgres.Row>(
  sql: postgres.Sql,
  { text, types }: Statement,
  values: readonly Value[],
): postgres.PendingQuery<Row[]> {
  const parameters = values.map((value, index) => sql.typed(value, types[index] ?? TEXT))
  return sql.unsafe(text, parameters, { prepare: true })
}
