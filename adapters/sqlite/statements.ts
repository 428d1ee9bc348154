import type { Database, SQLQueryBindings, Statement } from 'bun:sqlite'

/**
 * Keeps up to `most` prepared statements of a database. Beyond that, drops the one that was prepared first:
 * lists have very many forms. A statement must be used before the next is prepared.
 */
export function createStatements(database: Database, most: number) {
  const statements = new Map<string, Statement>()

  function drop(sql: string, statement: Statement): void {
    statement.finalize()
    statements.delete(sql)
  }

  return {
    prepare<Row, Values extends SQLQueryBindings[]>(sql: string): Statement<Row, Values> {
      let statement = statements.get(sql)
      if (statement === undefined) {
        const [first] = statements
        if (first && statements.size >= most) drop(...first)
        statement = database.prepare(sql)
        statements.set(sql, statement)
      }
      // Only the caller knows which values its SQL takes and returns.
      return statement as Statement<Row, Values>
    },
    close(): void {
      for (const [sql, statement] of statements) drop(sql, statement)
    },
  }
}
