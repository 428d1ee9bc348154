import { Glob } from 'bun'

/** The directories with the programs of Debian's PostgreSQL, one for each installed version, newest first. */
export function postgresPrograms(): string[] {
  const servers = new Glob('/usr/lib/postgresql/*/bin/initdb').scanSync({ absolute: true })
  const directories = Array.from(servers, (path) => path.replace(/\/initdb$/, ''))
  return directories.sort((a, b) => versionIn(b) - versionIn(a))
}

function versionIn(directory: string): number {
  return Number(directory.split('/').at(-2))
}
