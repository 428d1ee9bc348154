/**
 * Writes the files that are generated from the routes: `openapi.json`, and its types in
 * `client/openapi.ts`.
 */
import { join } from 'node:path'
import { plugin } from 'bun'
import { compose } from '../app/compose.ts'
import { readConfig } from '../app/config.ts'

const root = join(import.meta.dir, '..')

/** The contents of the generated files, by path. */
export async function generate(): Promise<Record<'openapi.json' | 'client/openapi.ts', string>> {
  const document = await readDocument()
  return { 'openapi.json': document, 'client/openapi.ts': await typesOf(document) }
}

async function readDocument(): Promise<string> {
  const environment = { DATABASE_URL: 'memory:', BETTER_AUTH_SECRET: 'not used'.repeat(4) }
  const app = await compose(readConfig(environment, false), () => {})
  const response = await app.http.handle(new Request('http://localhost/openapi.json'))
  const document: unknown = await response.json()
  await app.close()
  return `${JSON.stringify(document, null, 2)}\n`
}

async function typesOf(document: string): Promise<string> {
  // openapi-typescript needs TypeScript's compiler API, which version 7 no longer has.
  plugin({
    name: 'typescript-6',
    setup(build) {
      build.module('typescript', async () => ({
        exports: await import('@typescript/typescript6'),
        loader: 'object',
      }))
    },
  })
  const { default: openapiTs, astToString } = await import('openapi-typescript')
  const types = astToString(await openapiTs(document, { immutable: true }))
  return `// Generated from openapi.json by \`bun run openapi\`.\n\n${types}`
}

if (import.meta.main)
  for (const [path, content] of Object.entries(await generate()))
    await Bun.write(join(root, path), content)
