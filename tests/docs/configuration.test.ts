import { expect, test } from 'bun:test'
import { readConfig } from '../../app/config.ts'
import { parseEnvFile } from '../../app/env-file.ts'
import { Environment } from '../../app/environment.ts'
import { codeIn, namesIn, readPage, rowsIn } from './page.ts'

const page = await readPage('docs/configuration.md')

test('lists every variable with its default', () => {
  const listed = rowsIn(page).map(([names = '', fallback = '']) => [
    namesIn(names).join(),
    namesIn(fallback)[0] ?? null,
  ])
  const defaults = Object.entries(Environment.properties).map(([name, schema]) => {
    const { default: fallback } = Object(schema)
    return [name, fallback === undefined ? null : `${fallback}`] as const
  })
  // Its default depends on where the logs go.
  const known = new Map<string, string | null>([...defaults, ['LOG_FORMAT', 'json']])
  expect(listed.toSorted()).toStrictEqual([...known].toSorted())
})

test('shows a configuration that the service accepts in production', () => {
  const [example = ''] = codeIn(page, 'ini')
  expect(read(example)).toMatchObject({ production: true, demo: false })
})

test('shows a .env file with three kinds of quotes', () => {
  const [, example = ''] = codeIn(page, 'ini')
  expect(read(example)).toMatchObject({
    tokens: {
      secrets: {
        current: '32 bytes with $, # and " or more',
        issuer: '32 bytes with $, # and " or more',
      },
    },
    corsOrigins: ['https://app.example.com'],
  })
})

test('shows addresses of poolers that the service accepts', async () => {
  const [example = ''] = codeIn(await readPage('docs/deployment.md'), 'ini')
  expect(read(example)).toMatchObject({
    database: { kind: 'postgres' },
    directUrl: expect.stringContaining('name.eu-central-1'),
  })
})

test('shows an address of several servers that the service accepts', async () => {
  const [, example = ''] = codeIn(await readPage('docs/deployment.md'), 'ini')
  expect(example).toContain('db1:5432,db2:5432')
  expect(read(example)).toMatchObject({ database: { kind: 'postgres' } })
})

function read(envFile: string) {
  return readConfig(Object.fromEntries(parseEnvFile(envFile)), false)
}
