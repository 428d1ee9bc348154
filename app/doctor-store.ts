import { type Finding, ok, type Subject, warning } from './doctor-finding.ts'
import { postgresFindings } from './doctor-postgres.ts'
import { sqliteFindings } from './doctor-sqlite.ts'

export async function checkStore({ config }: Subject): Promise<readonly Finding[]> {
  const { database, production } = config
  switch (database.kind) {
    case 'memory': {
      const found = 'the memory of the process'
      const advice = 'Set DATABASE_URL: otherwise all tasks are lost when the service stops.'
      return [production ? warning('store', found, advice) : ok('store', found)]
    }
    case 'sqlite':
      return sqliteFindings(database.path)
    case 'postgres':
      return postgresFindings(database.url, config)
  }
}
