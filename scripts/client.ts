/** Builds the client into `dist/client`, as a package to install or to publish. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { bugs, license, repository, version } from '../package.json'

const root = join(import.meta.dir, '..')

/** Writes the package: JavaScript modules, their types, and what a package needs besides. */
export async function buildClient(directory: string): Promise<void> {
  const tsc = ['tsc', '--project', 'client', '--noEmit', 'false', '--incremental', 'false']
  const emit = ['--declaration', '--rewriteRelativeImportExtensions', '--outDir', directory]
  await Bun.$`${process.execPath} run ${[...tsc, ...emit]}`.cwd(root).quiet()
  await cp(join(root, 'LICENSE'), join(directory, 'LICENSE'))
  await cp(join(root, 'client', 'README.md'), join(directory, 'README.md'))
  const description = {
    name: 'taskport-client',
    version,
    description: 'A typed client of Taskport for browsers, Node, Bun and Deno',
    bugs,
    license,
    // npm compares it with the repository that the provenance names.
    repository: { ...repository, directory: 'client' },
    type: 'module',
    sideEffects: false,
    exports: { '.': { types: './taskport.d.ts', default: './taskport.js' } },
  }
  await Bun.write(join(directory, 'package.json'), `${JSON.stringify(description, null, 2)}\n`)
}

if (import.meta.main) await buildClient(join(root, 'dist', 'client'))
