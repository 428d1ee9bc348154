import { afterAll, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { Glob } from 'bun'
import { parseSync, Visitor } from 'oxc-parser'

test('imports point inward, without cycles or barrels', async () => {
  const root = join(import.meta.dir, '..')
  expect(await violations(root)).toEqual([])
  // The check did find imports.
  expect(await importsOf(root, 'core/tasks.ts')).toContain('./core/ports.ts')
})

const planted: [name: string, sources: Record<string, string>, violations: string[]][] = [
  [
    'nothing wrong in allowed imports',
    {
      'core/a.ts': `import Type from 'typebox'; import { Compile } from 'typebox/compile'`,
      'adapters/a/a.ts': `import './b.ts'; import '../../core/a.ts'; import 'bun'; import 'elysia'`,
      'adapters/a/b.ts': `import sql from './migrations/0001.sql' with { type: 'text' }`,
      'app/a.ts': `import '../core/a.ts'; import '../adapters/a/a.ts'; import '../package.json'`,
      'playground/a.tsx': `import '../client/a.ts'; import 'preact'`,
      'bench/a.ts': `import '../tests/support/a.ts'; import '../app/a.ts'`,
      'tests/support/a.ts': `import '../../adapters/a/a.ts'; await import(name)`,
    },
    [],
  ],
  ['a package in the core', { 'core/a.ts': `import 'elysia'` }, ['core/a.ts → elysia']],
  [
    'a package in the core whose name starts with typebox',
    { 'core/a.ts': `import 'typebox-x'` },
    ['core/a.ts → typebox-x'],
  ],
  ['Node in the core', { 'core/a.ts': `import 'node:fs'` }, ['core/a.ts → node:fs']],
  [
    'an adapter in the core',
    { 'core/a.ts': `import '../adapters/a/a.ts'` },
    ['core/a.ts → ./adapters/a/a.ts'],
  ],
  [
    'an adapter in another',
    { 'adapters/a/a.ts': `import '../ab/a.ts'` },
    ['adapters/a/a.ts → ./adapters/ab/a.ts'],
  ],
  [
    'the app in an adapter',
    { 'adapters/a/a.ts': `import '../../core/../app/a.ts'` },
    ['adapters/a/a.ts → ./app/a.ts'],
  ],
  ['tests in the app', { 'app/a.ts': `import '../tests/a.ts'` }, ['app/a.ts → ./tests/a.ts']],
  [
    'tests in an example',
    { 'examples/a.ts': `import '../tests/a.ts'` },
    ['examples/a.ts → ./tests/a.ts'],
  ],
  ['a package in the client', { 'client/a.ts': `import 'elysia'` }, ['client/a.ts → elysia']],
  [
    'the core in the client',
    { 'client/a.ts': `import type { A } from '../core/a.ts'` },
    ['client/a.ts → ./core/a.ts'],
  ],
  [
    'the core in the playground',
    { 'playground/page/a.tsx': `import type { A } from '../../core/a.ts'` },
    ['playground/page/a.tsx → ./core/a.ts'],
  ],
  [
    'tests in a script',
    { 'scripts/a.ts': `import '../tests/a.ts'` },
    ['scripts/a.ts → ./tests/a.ts'],
  ],
  ['a type import', { 'core/a.ts': `import type { A } from 'bun'` }, ['core/a.ts → bun']],
  ['an inline type import', { 'core/a.ts': `type A = import('bun').A` }, ['core/a.ts → bun']],
  ['a re-export', { 'core/a.ts': `export { a } from 'bun'` }, ['core/a.ts → bun']],
  ['a re-export of a type', { 'core/a.ts': `export type { A } from 'bun'` }, ['core/a.ts → bun']],
  ['a re-export of everything', { 'core/a.ts': `export * from 'bun'` }, ['core/a.ts → bun']],
  ['a dynamic import', { 'core/a.ts': `await import('bun')` }, ['core/a.ts → bun']],
  [
    'a dynamic import of a computed name',
    { 'app/a.ts': `await import(name)` },
    ['app/a.ts → (computed)'],
  ],
  ['require', { 'core/a.ts': `const a = require('bun')` }, ['core/a.ts → bun']],
  ['import = require', { 'core/a.ts': `import a = require('bun')` }, ['core/a.ts → bun']],
  ['a barrel', { 'app/index.ts': '' }, ['app/index.ts: a barrel']],
  ['a file that does not parse', { 'app/a.ts': 'import {' }, ['app/a.ts: does not parse']],
  [
    'a cycle through a type import and a path without extension',
    {
      'core/a.ts': `import './b.ts'`,
      'core/b.ts': `import type { C } from './c.ts'`,
      'core/c.ts': `export type { B } from './b'`,
    },
    ['./core/b → ./core/c → ./core/b: a cycle'],
  ],
]

const temporary: string[] = []
afterAll(() => Promise.all(temporary.map((path) => rm(path, { recursive: true }))))

test.each(planted)('finds %s', async (_name, sources, expected) => {
  const root = await mkdtemp(join(tmpdir(), 'taskport-architecture-'))
  temporary.push(root)
  for (const [file, source] of Object.entries(sources)) await Bun.write(join(root, file), source)
  expect(await violations(root)).toEqual(expected)
})

async function violations(root: string): Promise<string[]> {
  const found: string[] = []
  const graph = new Map<string, string[]>()
  const sources = new Glob(
    '{core,adapters,app,bench,client,examples,playground,scripts,tests}/**/*.{ts,tsx,mts,js,mjs,cjs}',
  )
  for (const file of [...sources.scanSync(root)].sort()) {
    if (/^index\./.test(basename(file))) found.push(`${file}: a barrel`)
    const imports = await importsOf(root, file)
    if (imports === undefined) found.push(`${file}: does not parse`)
    for (const target of imports ?? [])
      if (!mayImport(file, target)) found.push(`${file} → ${target}`)
    graph.set(withoutExtension(`./${file}`), (imports ?? []).map(withoutExtension))
  }
  return [...found, ...cycles(graph)]
}

/** @param target as returned by `importsOf`. */
function mayImport(file: string, target: string): boolean {
  const [layer, adapter] = file.split('/')
  if (layer === 'tests' || layer === 'bench') return true
  if (target === computed) return false
  // The client is a separate package without dependencies.
  if (layer === 'client') return target.startsWith('./client/')
  // The page runs in browsers, and uses the service as any other client does.
  if (layer === 'playground')
    return !target.startsWith('./') || /^\.\/(playground|client)\//.test(target)
  if (layer === 'core') return /^(\.\/core\/|typebox(\/|$))/.test(target)
  if (!target.startsWith('./')) return true
  if (layer === 'adapters')
    return /^\.\/core\//.test(target) || target.startsWith(`./adapters/${adapter}/`)
  return !/^\.\/(tests|bench)\//.test(target)
}

const computed = '(computed)'

/**
 * Lists what a file imports in any form: `./` and the path from the root for a file, otherwise the
 * module name. It uses a parser because the TypeScript compiler has no API for this and Bun's
 * transpiler drops type imports.
 */
async function importsOf(root: string, file: string): Promise<string[] | undefined> {
  const { program, errors } = parseSync(file, await Bun.file(join(root, file)).text())
  if (errors.length > 0) return undefined
  const imports: string[] = []
  function add(source: { readonly type: string; readonly value?: unknown } | null | undefined) {
    if (!source) return
    const name = source.type === 'Literal' ? `${source.value}` : computed
    const path = relative(root, resolve(root, dirname(file), name))
    imports.push(/^[./]/.test(name) ? `./${path}` : name)
  }
  new Visitor({
    ImportDeclaration: ({ source }) => add(source),
    ImportExpression: ({ source }) => add(source),
    ExportAllDeclaration: ({ source }) => add(source),
    ExportNamedDeclaration: ({ source }) => add(source),
    TSImportType: ({ source }) => add(source),
    TSExternalModuleReference: ({ expression }) => add(expression),
    CallExpression({ callee, arguments: [argument] }) {
      if (callee.type === 'Identifier' && callee.name === 'require') add(argument)
    },
  }).visit(program)
  return imports
}

function withoutExtension(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, '')
}

function cycles(graph: Map<string, string[]>): string[] {
  const found: string[] = []
  const seen = new Set<string>()
  function visit(file: string, path: string[]): void {
    const start = path.indexOf(file)
    if (start >= 0) found.push(`${[...path.slice(start), file].join(' → ')}: a cycle`)
    if (seen.has(file)) return
    seen.add(file)
    for (const target of graph.get(file) ?? []) visit(target, [...path, file])
  }
  for (const file of graph.keys()) visit(file, [])
  return found
}
