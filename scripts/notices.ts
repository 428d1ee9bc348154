/**
 * Writes `app/notices.txt`, the licenses of what an executable contains: of Taskport, of each package
 * that the build includes, and of Bun. `taskport licenses` prints it.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const ROOT = join(import.meta.dir, '..')
const TARGET = join(ROOT, 'app', 'notices.txt')
// Bun's own page about its license and those of the libraries in it.
const BUN_LICENSE = join(ROOT, 'node_modules/bun-types/docs/project/license.mdx')
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/
const IS_NOTICE = /^(licen[cs]e|notice|copying)|\.LICENSE\.txt$/i

interface Package {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly author?: string | { readonly name: string }
}

/** The content of the file. */
export async function generateNotices(): Promise<string> {
  // The program contains the page of the playground as text, so a build of the program does not find it.
  const paths = await Promise.all([
    inputsOf('app/main.ts', 'bun'),
    inputsOf('playground/page/main.tsx', 'browser'),
  ])
  const directories = new Set(paths.flat().flatMap((path) => PACKAGE.exec(path)?.[0] ?? []))
  const notices = await Promise.all(Array.from(directories, noticeOf))
  const bun = section(`bun ${Bun.version}`, await Bun.file(BUN_LICENSE).text())
  const own = section('taskport', await Bun.file(join(ROOT, 'LICENSE')).text())
  return [own, ...[...new Set(notices)].sort(), bun].join('\n')
}

/** The paths of all files in a bundle. */
async function inputsOf(entrypoint: string, target: 'browser' | 'bun'): Promise<string[]> {
  const { metafile } = await Bun.build({
    entrypoints: [join(ROOT, entrypoint)],
    root: ROOT,
    target,
    metafile: true,
    // Optional, and not installed in production.
    external: ['file-type'],
  })
  return Object.keys(metafile?.inputs ?? {})
}

async function noticeOf(directory: string): Promise<string> {
  const path = join(ROOT, directory)
  const manifest: Package = await Bun.file(join(path, 'package.json')).json()
  const { name, version, license, author } = manifest
  const names = await readdir(path)
  const files = names.filter((file) => IS_NOTICE.test(file)).sort()
  const texts = await Promise.all(files.map((file) => Bun.file(join(path, file)).text()))
  const holder = typeof author === 'object' ? author.name : author
  const text = texts.length > 0 ? texts.join('\n') : `Copyright ${holder}. License: ${license}`
  return section(`${name} ${version}`, text)
}

function section(title: string, text: string): string {
  return `${'='.repeat(80)}\n${title}\n${'='.repeat(80)}\n\n${text.replaceAll('\r\n', '\n').trim()}\n`
}

if (import.meta.main) await Bun.write(TARGET, await generateNotices())
