import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { Glob } from 'bun'
import { dependencies, devDependencies, scripts } from '../../package.json'
import { namesIn, readPage, rowsIn, sectionOf } from './page.ts'

const ROOT = join(import.meta.dir, '..', '..')

const pages = [
  '*.md',
  'docs/**/*.md',
  'bench/results/*.md',
  'client/**/*.md',
  'deploy/**/*.md',
  'examples/**/*.md',
]
  .flatMap((pattern) => [...new Glob(pattern).scanSync(ROOT)])
  .filter((path) => !path.includes('node_modules'))
  .sort()

// A file of the front end, not of this repository.
const ELSEWHERE = ['app/api/auth/token/route.ts']
// A file that its reader creates.
const TO_CREATE = ['tests/core/first.test.ts']

/** The anchors of a page's headings, as GitHub generates them. */
function anchorsOf(page: string): string[] {
  const prose = page.replace(/^```.*?^```$/gms, '')
  return Array.from(prose.matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\-_ ]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe.each(pages)('%s', (path) => {
  test('links only to files and headings that exist', async () => {
    const page = await readPage(path)
    const links = Array.from(
      page.matchAll(/(?:\]\(|src=")(?!https?:)([^)"\s]+)[)"]/g),
      ([, link = '']) => link,
    )
    const broken: string[] = []
    for (const link of links) {
      const [file = '', anchor] = link.split('#')
      const target = file === '' ? path : normalize(join(dirname(path), file))
      const isPage = target.endsWith('.md')
      const isThere = isPage ? pages.includes(target) : existsSync(join(ROOT, target))
      if (!isThere) broken.push(link)
      else if (anchor && !anchorsOf(await readPage(target)).includes(anchor)) broken.push(link)
    }
    expect(broken).toStrictEqual([])
  })

  test('names only scripts and files that exist', async () => {
    const page = await readPage(path)
    const run = Array.from(
      page.matchAll(/\bbun(?:@1\.4\.5)? run ([a-z:]+)/g),
      ([, name = '']) => name,
    )
    expect(run.filter((name) => !(name in scripts))).toStrictEqual([])
    const files = Array.from(
      page.matchAll(
        /`((?:core|adapters|app|tests|bench|docs|deploy|patches|examples)\/[^`*…\s]*)`/g,
      ),
      ([, file = '']) => file,
    )
    expect(
      files.filter(
        (file) => ![...ELSEWHERE, ...TO_CREATE].includes(file) && !existsSync(join(ROOT, file)),
      ),
    ).toStrictEqual([])
  })
})

test('lists every folder of tests in CONTRIBUTING.md', async () => {
  const section = sectionOf(await readPage('CONTRIBUTING.md'), '## Tests')
  const listed = rowsIn(section).flatMap(([names = '']) => namesIn(names))
  const folders = readdirSync(join(ROOT, 'tests'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `tests/${name}`)
  expect(listed.toSorted()).toStrictEqual(folders.toSorted())
})

test('lists every script in CONTRIBUTING.md', async () => {
  const page = await readPage('CONTRIBUTING.md')
  const missing = Object.keys(scripts).filter(
    (name) => !page.includes(`\`bun run ${name}`) && !page.includes(`\`bun ${name}`),
  )
  expect(missing).toStrictEqual([])
})

test('lists every package in docs/internals/packages.md', async () => {
  const page = await readPage('docs/internals/packages.md')
  const listed = ['## In the service', '## For development'].map((heading) =>
    rowsIn(sectionOf(page, heading)).flatMap(([names = '']) => namesIn(names)),
  )
  const installed = [dependencies, devDependencies].map((packages) => [
    ...new Set(
      Object.keys(packages).map((name) => name.replace(/^@opentelemetry\/.*/, '@opentelemetry/*')),
    ),
  ])
  // Bun installs packages, and is none.
  expect(listed.map((names) => names.filter((name) => name !== 'bun').toSorted())).toStrictEqual(
    installed.map((names) => names.toSorted()),
  )
})

test('lists every page of docs in its index', async () => {
  const index = await readPage('docs/README.md')
  const missing = pages
    .filter((path) => path.startsWith('docs/'))
    .map((path) => path.slice('docs/'.length))
    .filter((path) => path !== 'README.md' && !index.includes(`](${path})`))
  expect(missing).toStrictEqual([])
})

test('quotes only messages of the service in docs/troubleshooting.md', async () => {
  const files = ['app', 'adapters', 'core'].flatMap((folder) => [
    ...new Glob(`${folder}/**/*.ts`).scanSync(ROOT),
  ])
  const code = (await Promise.all(files.map(readPage))).join('\n')
  const quoted = rowsIn(await readPage('docs/troubleshooting.md'))
    .flatMap(([seen = '']) => namesIn(seen))
    .filter((text) => text.includes(' '))
  expect(quoted).not.toBeEmpty()
  // An ellipsis stands for what varies.
  const parts = quoted.flatMap((text) => text.split('…')).map((part) => part.trim())
  expect(parts.filter((part) => !code.includes(part))).toStrictEqual([])
})
