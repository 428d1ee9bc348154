/** The kind of store and its location. */
export type Database =
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'memory' }

const FORMS =
  'must be postgres://USER:PASSWORD@HOST:PORT/DATABASE, sqlite:PATH or memory:, for example DATABASE_URL=sqlite:./data/tasks.db'

/** @returns the parsed URL, or what is wrong with it, without repeating its password. */
export function parseDatabaseUrl(url: string): Database | string {
  if (url === 'memory:') return { kind: 'memory' }
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '')
    if (path === '' || path.startsWith(':memory:'))
      return 'must name a file, for example DATABASE_URL=sqlite:./data/tasks.db; to keep tasks in memory only, use DATABASE_URL=memory:'
    return { kind: 'sqlite', path }
  }
  if (/^postgres(ql)?(\+\w+)?:\/\//.test(url)) {
    return URL.canParse(url)
      ? { kind: 'postgres', url }
      : `${FORMS}; percent-encode special characters in the password`
  }
  return FORMS
}
