import { PostgresUrlError, parsePostgresUrl } from '../adapters/postgres/connection/url.ts'

/** The kind of store and its location. */
export type Database =
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'memory' }

/** What is wrong with a URL: `<variable> must …`, and a valid value. Contains no password. */
interface Problem {
  readonly problem: string
  readonly example: string
}

const SQLITE_EXAMPLE = 'sqlite:./data/tasks.db'

export function parseDatabaseUrl(url: string): Database | Problem {
  if (url === 'memory:') return { kind: 'memory' }
  const sqlite = /^sqlite(?:\+\w+)?:(.*)$/is.exec(url)
  if (sqlite) return parseSqliteUrl(`${sqlite[1]}`)
  if (/^postgres(ql)?(\+\w+)?:\/\//i.test(url)) return parsePostgres(url)
  return {
    problem: 'must be postgres://USER:PASSWORD@HOST:PORT/DATABASE, sqlite:PATH or memory:',
    example: SQLITE_EXAMPLE,
  }
}

function parsePostgres(url: string): Database | Problem {
  try {
    parsePostgresUrl(url)
    return { kind: 'postgres', url }
  } catch (error) {
    if (!(error instanceof PostgresUrlError)) throw error
    return { problem: error.message, example: error.example }
  }
}

/**
 * Parses what follows `sqlite:`. After `///`, SQLAlchemy takes every path as relative. Here it is relative
 * if it starts with `.` or is only a file name, and otherwise absolute.
 */
function parseSqliteUrl(address: string): Database | Problem {
  const path = address.replace(/^\/\/\/(?=\.|[^/]*$|\/)/, '').replace(/^\/\/(?=\/)/, '')
  if (path === '' || path === '//' || path.includes(':memory:'))
    return {
      problem: 'must name a file; use memory: to store nothing on disk',
      example: SQLITE_EXAMPLE,
    }
  if (path.includes('?'))
    return { problem: 'must have no parameters after the path', example: SQLITE_EXAMPLE }
  if (/^(\/\/|~|file:)/.test(path) || path.endsWith('/'))
    return {
      problem: 'must be sqlite: followed by the absolute or relative path of a file',
      example: SQLITE_EXAMPLE,
    }
  return { kind: 'sqlite', path }
}
