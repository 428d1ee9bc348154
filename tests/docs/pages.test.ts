import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { Glob } from 'bun'
import { Environment } from '../../app/environment.ts'
import { scripts } from '../../package.json'
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

// Of the front end that README speaks of.
const ELSEWHERE = ['app/api/auth/token/route.ts']

/** The names by which headings of a page are linked to, as GitHub makes them. */
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
  test('links to what is there', async () => {
    const page = await readPage(path)
    const links = Array.from(page.matchAll(/\]\((?!https?:)([^)\s]+)\)/g), ([, link = '']) => link)
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

  test('names scripts, files and settings that there are', async () => {
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
      files.filter((file) => !ELSEWHERE.includes(file) && !existsSync(join(ROOT, file))),
    ).toStrictEqual([])
  })
})

test('the README has every setting with its default, and no other', async () => {
  const section = sectionOf(await readPage('README.md'), '## Configuration')
  const described = rowsIn(section).flatMap(([names = '', defaults = '']) => {
    const values = namesIn(defaults)
    return namesIn(names).map((name, index) => [name, values[index] ?? null] as const)
  })
  const defaults = Object.entries(Environment.properties).map(([name, schema]) => {
    const { default: fallback } = Object(schema)
    return [name, fallback === undefined ? null : `${fallback}`] as const
  })
  // Whether logs are for people depends on where they go.
  const known = new Map<string, string | null>([...defaults, ['LOG_FORMAT', 'json']])
  expect(described.toSorted()).toStrictEqual([...known].toSorted())
})

test('CONTRIBUTING.md has every folder of tests', async () => {
  const section = sectionOf(await readPage('CONTRIBUTING.md'), '## How tests are arranged')
  const described = rowsIn(section).flatMap(([names = '']) => namesIn(names))
  const folders = readdirSync(join(ROOT, 'tests'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `tests/${name}`)
  expect(described.toSorted()).toStrictEqual(folders.toSorted())
})

test('CONTRIBUTING.md has every script', async () => {
  const page = await readPage('CONTRIBUTING.md')
  const missing = Object.keys(scripts).filter(
    (name) => !page.includes(`\`bun run ${name}`) && !page.includes(`\`bun ${name}`),
  )
  expect(missing).toStrictEqual([])
})
